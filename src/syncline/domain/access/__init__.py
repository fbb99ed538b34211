"""Organizations, mailboxes, connections and grants, and their states."""
