"""What the rules' score of a repetition consists of, and what each error took from it."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from apsa_perception.model.codes import Severity

PENALTY: Mapping[Severity, float] = {
    Severity.MILD: 0.25,
    Severity.MODERATE: 0.4,
    Severity.SEVERE: 0.6,
}
"""Share that an error takes from the score by the rules."""

RANGE_SHARE = 0.2
"""Share of the score that depends on how far the target was reached."""

_TOLERANCE = 0.01


class ScoreCosts(NamedTuple):
    """What a score by the rules would gain, 0..1.

    Attributes:
        errors: without each error, in their order.
        target: with the target reached.
    """

    errors: tuple[float, ...]
    target: float


def score_costs(score: float, severities: Sequence[Severity]) -> ScoreCosts | None:
    """Return what a score by the rules lacks; None if these errors do not make this score.

    Args:
        score: 0..1.
        severities: of the errors that were known when it was judged.
    """
    kept = math.prod(1.0 - PENALTY[severity] for severity in severities)
    reached = score / kept
    if not 1.0 - RANGE_SHARE - _TOLERANCE <= reached <= 1.0 + _TOLERANCE:
        return None
    return ScoreCosts(
        tuple(score / (1.0 - PENALTY[severity]) - score for severity in severities),
        max(0.0, kept - score),
    )
