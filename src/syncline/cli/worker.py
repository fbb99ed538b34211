"""`syncline worker`."""


def worker() -> None:
    """Not yet."""
    raise NotImplementedError
