"""An error that is shown as a message, without a traceback."""


class Failed(Exception):
    """An error that the user can fix, or has to know about."""
