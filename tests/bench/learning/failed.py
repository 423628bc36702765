"""What ends a bench of the forecast with a message instead of a traceback."""


class Failed(Exception):
    """Something that the person who started the bench can mend, or has to know."""
