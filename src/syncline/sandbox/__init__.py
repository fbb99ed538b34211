"""Servers that behave like each provider, with faults on demand.

For trials, evaluation and tests. Shares no code with the product.
"""
