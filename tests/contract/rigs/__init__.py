"""Implementations under test, each with the hands of the people who use it."""
