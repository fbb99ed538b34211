"""The pure core: it decides and never does.

Nothing here reads a clock, a socket, a file or the environment. Time enters as
the argument `now`; what must be done leaves as values.
"""
