"""The resources of the org, one file each."""
