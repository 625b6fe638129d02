"""Limits of errors of the person: read from the assessment node, and changed by a therapist."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from apsa_feedback.nodes.assessment_parameters import AssessmentParameters, Done
from apsa_perception.assessment.personal_limits import PersonalLimits

_PARAMETER = "own_limits"
_EXPECTED = (
    'a JSON object such as {"exercise": "squat", "error": "insufficient_depth:peak", '
    '"limit": 100}, with null for the limit of the exercise'
)


class LimitCommands:
    """Asks the assessment node; the answers come in the thread of the node.

    Args:
        parameters: the parameters of the assessment node.
        take: takes the limits whenever they were read.
    """

    def __init__(
        self, parameters: AssessmentParameters, take: Callable[[PersonalLimits], None]
    ) -> None:
        self._parameters = parameters
        self._take = take

    def read(self) -> None:
        """Read the limits; without an assessment node they stay as they are."""
        self._parameters.read([_PARAMETER], self._on_read)

    def set(self, text: str, done: Done) -> None:
        """Change or reset one limit.

        Args:
            text: ``exercise``, ``error`` and ``limit`` as a JSON object.
            done: called with the outcome.

        Raises:
            ValueError: it is something else; one sentence.
        """
        exercise, key, limit = _change_of(text)

        def change(values: Mapping[str, Any]) -> None:
            limits = PersonalLimits.of_text(values.get(_PARAMETER, ""))
            changed = limits.with_limit(exercise, key, limit)
            self._parameters.set({_PARAMETER: changed.text}, done)

        self._parameters.read([_PARAMETER], change)

    def _on_read(self, values: Mapping[str, Any]) -> None:
        if _PARAMETER in values:
            self._take(PersonalLimits.of_text(values[_PARAMETER]))


def _change_of(text: str) -> tuple[str, str, float | None]:
    """Exercise, key of the error, and the limit, None: that of the exercise."""
    try:
        content = dict(json.loads(text).items())
        exercise, key, limit = content.pop("exercise"), content.pop("error"), content.pop("limit")
        if content or not (isinstance(exercise, str) and isinstance(key, str)):
            raise ValueError(text)
        PersonalLimits.of_text(json.dumps({exercise: {key: 0.0 if limit is None else limit}}))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError(f"the limit is {text[:120]!r}; expected {_EXPECTED}") from None
    return exercise, key, None if limit is None else float(limit)
