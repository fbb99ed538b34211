"""When to try again, when to give up, when to look next."""
