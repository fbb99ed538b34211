"""The issue catalog and the life of an issue."""
