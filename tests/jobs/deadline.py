"""How long a test waits for what must happen, in seconds."""

DEADLINE = 15.0
