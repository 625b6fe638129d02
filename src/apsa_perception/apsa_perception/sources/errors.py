"""What goes wrong with a source of pictures or messages."""


class SourceError(ValueError):
    """The source cannot be used; the message names it and says what is allowed."""
