"""`syncline demo`."""


def demo() -> None:
    """Not yet."""
    raise NotImplementedError
