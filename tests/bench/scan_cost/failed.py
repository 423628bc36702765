"""What ends the benchmark with a message instead of a traceback."""


class Failed(Exception):
    """Something that the person who started the benchmark can mend, or has to know."""
