"""Logs what keeps a robot from moving once, not at every frame."""

from collections.abc import Callable


class OnceLogger:
    """Logs a problem once, and again only after it was solved in between.

    Args:
        log: writes one line to the log.
    """

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._logged = False

    def update(self, sentence: str) -> None:
        """Take the present problem; empty: none."""
        if sentence and not self._logged:
            self._log(f"robot: {sentence}")
        self._logged = bool(sentence)
