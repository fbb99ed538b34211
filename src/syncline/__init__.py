"""Syncline keeps mailboxes and Salesforce in step."""
