"""`syncline web`."""


def web() -> None:
    """Not yet."""
    raise NotImplementedError
