"""Frozen values that the rest of Syncline speaks in."""
