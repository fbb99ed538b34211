"""Reads and answers the subset of SOQL that the sandbox understands."""
