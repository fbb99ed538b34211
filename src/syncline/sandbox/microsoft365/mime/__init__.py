"""Messages as they travel: Internet mail to and from what Graph shows."""
