"""Persistence: what the ports of the core remember, in PostgreSQL."""
