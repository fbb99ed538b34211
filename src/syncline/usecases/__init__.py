"""One verb per file; each takes ports and does one thing for a person."""
