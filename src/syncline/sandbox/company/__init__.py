"""The demo company: people, customers, calendars and address books.

Made from a fixed seed plus hand-written awkward items, as the data that the two
sandbox servers load. Knows nothing of the product.
"""
