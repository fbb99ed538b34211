"""The Admin panel: who of an organization is in trouble, since when."""
