"""Why a repetition has its score, as page and report say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from apsa_feedback.stream.formatting import points
from apsa_perception.model.codes import ErrorCode, Severity
from apsa_perception.model.joints import LEFT_JOINTS, RIGHT_JOINTS, Joint
from apsa_perception.model.score_costs import score_costs
from apsa_perception.model.skeleton import FloatArray

_MOST_JOINTS = 3
_WEIGHTY = 2.0 / len(Joint)
"""A joint weighed more than twice its equal part."""

_TEMPO = (
    ErrorCode.OUTWARD_TOO_FAST,
    ErrorCode.RETURN_TOO_FAST,
    ErrorCode.HOLD_TOO_SHORT,
    ErrorCode.TOO_SLOW,
)
"""Errors of the tempo, which is no part of the score."""


class RepetitionError(Protocol):
    """An error of a repetition."""

    @property
    def name(self) -> str:
        """Name of its code in small letters."""

    @property
    def severity(self) -> int:
        """Its severity."""


@dataclass(frozen=True)
class Cost:
    """What a score lacks because of an error, or of the target (empty name), in points."""

    name: str
    points: int


def costs_of(score: float, errors: Sequence[RepetitionError]) -> list[Cost]:
    """Return what a score by the rules lacks, most first; empty if nothing or not known.

    Args:
        score: 0..1, by the rules.
        errors: those of the repetition.
    """
    counted = [each for each in errors if ErrorCode[each.name.upper()] not in _TEMPO]
    found = score_costs(score, [Severity(each.severity) for each in counted])
    if found is None:
        return []
    costs = [
        Cost(each.name, points(cost)) for each, cost in zip(counted, found.errors, strict=True)
    ]
    costs.append(Cost("", points(found.target)))
    return sorted((cost for cost in costs if cost.points), key=lambda cost: -cost.points)


def weightiest(relevance: FloatArray) -> tuple[Joint, ...]:
    """Return the joints that weighed most for a score of the network, most first.

    Args:
        relevance: ``(20,)`` weights that sum to 1, or zeros if not known.
    """
    order = sorted(Joint, key=lambda joint: -relevance[joint])[:_MOST_JOINTS]
    return tuple(joint for joint in order if relevance[joint] > _WEIGHTY)


def joint_words(joint: Joint, words: Mapping[str, str]) -> str:
    """Return the name of a joint in the language of the words, with its side."""
    name = joint.name.lower()
    if joint in LEFT_JOINTS | RIGHT_JOINTS:
        side, name = name.split("_")
        return f"{words[f'joint_{name}']} ({words[side]})"
    return words[f"joint_{name}"]


def cost_words(cost: Cost, words: Mapping[str, str]) -> str:
    """Return a cost for people: what it is for, and the points that would be gained without it."""
    return f"{words[cost.name or 'score_target']} +{cost.points}"
