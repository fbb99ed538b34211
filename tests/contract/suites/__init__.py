"""The promises of the ports, as base classes of tests."""
