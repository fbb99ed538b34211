"""`syncline bench`."""


def bench() -> None:
    """Not yet."""
    raise NotImplementedError
