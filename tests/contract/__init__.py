"""One suite per port, inherited by every implementation."""
