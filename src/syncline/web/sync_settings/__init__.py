"""The page *Sync Settings*: General, Issues and the list of sync error codes."""
