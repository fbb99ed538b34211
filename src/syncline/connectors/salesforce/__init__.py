"""Salesforce: the CRM side, over its REST API."""

from syncline.connectors.salesforce.composition import Salesforce, build
from syncline.connectors.salesforce.faults import read_fault
from syncline.connectors.salesforce.links import record_url

__all__ = ["Salesforce", "build", "read_fault", "record_url"]
