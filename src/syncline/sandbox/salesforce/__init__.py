"""A server that behaves like one Salesforce org."""
