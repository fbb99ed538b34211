"""A Microsoft 365 tenant to try things on: Graph for Outlook, and Entra."""
