"""Commands. Each prints for people, or one JSON document with `--json`."""
