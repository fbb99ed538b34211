"""Stand-in."""
ROUTES = []
