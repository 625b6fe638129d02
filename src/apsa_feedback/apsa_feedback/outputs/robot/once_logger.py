"""What hinders a robot is said when it begins, not at every frame."""

from collections.abc import Callable


class Trouble:
    """Says a sentence once, and again only after all was well in between.

    Args:
        log: writes one line.
    """

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._is_told = False

    def tell(self, sentence: str) -> None:
        """Take what is the matter now; empty: nothing."""
        if sentence and not self._is_told:
            self._log(f"robot: {sentence}")
        self._is_told = bool(sentence)
