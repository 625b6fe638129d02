"""Whether a raised hand starts the session: read from the assessment node."""

from collections.abc import Callable, Mapping
from typing import Any

from apsa_feedback.nodes.assessment_parameters import AssessmentParameters

_NAMES = ("hand_signal", "wait_until_ready")
"""Parameters that must both be true."""


class HandSignalOption:
    """Asks the assessment node; the answers come in the thread of the node.

    Args:
        parameters: the parameters of the assessment node.
        take: takes whether the signal is on, whenever that was read.
    """

    def __init__(self, parameters: AssessmentParameters, take: Callable[[bool], None]) -> None:
        self._parameters = parameters
        self._take = take
        self._known = False

    def read(self) -> None:
        """Ask; without an assessment node it stays as it is."""
        self._parameters.read(_NAMES, self._on_read)

    def read_first(self) -> None:
        """Ask unless there was an answer: the assessment node may start later."""
        if not self._known:
            self.read()

    def _on_read(self, values: Mapping[str, Any]) -> None:
        if values:
            self._known = True
            self._take(all(values.get(name) is True for name in _NAMES))
