"""One folder per provider, all of the same shape."""
