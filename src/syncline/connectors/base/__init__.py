"""What all connectors share: HTTP, token endpoints, throttling."""
