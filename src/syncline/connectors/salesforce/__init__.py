"""Salesforce: the CRM side, over its REST API."""

from syncline.connectors.salesforce.composition import Salesforce, build
from syncline.connectors.salesforce.faults import read_fault

__all__ = ["Salesforce", "build", "read_fault"]
