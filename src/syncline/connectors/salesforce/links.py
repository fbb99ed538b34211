"""Addresses that open a record in Salesforce."""

from __future__ import annotations


def record_url(instance_url: str, object_name: str, record_id: str) -> str:
    """The page of one record in Lightning Experience."""
    root = instance_url.rstrip("/")
    return f"{root}/lightning/r/{object_name}/{record_id}/view"
