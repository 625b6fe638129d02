"""Error of a source of pictures or messages."""


class SourceError(ValueError):
    """A source cannot be used; the message names it and says what is expected."""
