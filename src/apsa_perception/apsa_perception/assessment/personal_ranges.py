"""The person's own assessed range of each exercise, kept under a pseudonym.

What somebody can do at their assessment is what later repetitions are measured by: a shoulder that
reached 110 degrees is not told at every repetition that everyday life needs 120. A limit of the
exercise is only ever moved towards the person, never beyond what the exercise asks of everybody.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from apsa_perception.exercises.definition import Limits
from apsa_perception.model.codes import Severity, Side
from apsa_perception.model.results import RepetitionResult
from apsa_perception.repetition.primary_motion import PrimaryMotion

MIN_REPETITIONS = 3
"""Repetitions of a side from which a range is taken: a median of fewer is one of them."""

_PSEUDONYM = re.compile(r"([A-Z]{1,4}-?|[a-z])?[0-9]{1,8}")
_LARGEST = 1000.0
# Shares of the own range, by severity: a convention of this project. The range of a healthy joint
# varies by some 10 % between repetitions; a fifth less than usual is more than that.
_SHARES = {Severity.MILD: 0.8, Severity.MODERATE: 0.65, Severity.SEVERE: 0.5}


@dataclass(frozen=True)
class PersonalRanges:
    """Assessed ways from rest to the turning point.

    Attributes:
        ways: unit of the exercise's primary measure, by exercise and side; above 0.
    """

    ways: Mapping[tuple[str, Side], float] = field(default_factory=dict)

    def limits(
        self, exercise: str, motion: PrimaryMotion, side: Side, rest_value: float, limits: Limits
    ) -> Limits:
        """The limits of the turning point for this person: the nearer to rest of theirs and these.

        Args:
            exercise: its name.
            motion: its movement.
            side: the side that moved.
            rest_value: the person's value in rest.
            limits: those of the exercise.
        """
        way = self.ways.get((exercise, side))
        if way is None:
            return limits
        steps = []
        for severity, limit in limits.steps:
            own = motion.sign * rest_value + _SHARES[severity] * way
            steps.append((severity, motion.sign * min(own, motion.sign * limit)))
        return Limits(limits.sign, tuple(steps))

    def with_assessment(self, repetitions: Sequence[RepetitionResult]) -> "PersonalRanges":
        """Add what the repetitions show, the median of each exercise and side.

        Raises:
            ValueError: there are fewer than three of an exercise and side.
        """
        found: dict[tuple[str, Side], list[float]] = {}
        for one in repetitions:
            way = abs(one.peak_value - one.rest_value)
            found.setdefault((one.exercise, Side(one.side)), []).append(way)
        fewest = min((len(ways) for ways in found.values()), default=0)
        if fewest < MIN_REPETITIONS:
            raise ValueError(
                f"the assessment holds {fewest} repetitions; needed are {MIN_REPETITIONS} of each "
                "exercise and side"
            )
        return PersonalRanges({**self.ways, **{key: median(ways) for key, ways in found.items()}})

    def save(self, folder: Path, pseudonym: str) -> Path:
        """Write ``<pseudonym>.json`` and return its path.

        Raises:
            ValueError: no pseudonym, or a folder that cannot be written to; one sentence.
        """
        path = _path(folder, pseudonym)
        content: dict[str, dict[str, float]] = {}
        for (exercise, side), way in sorted(self.ways.items()):
            content.setdefault(exercise, {})[side.name.lower()] = round(way, 3)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise ValueError(
                f"{path} cannot be written: {error.strerror}; allowed is a folder to write to"
            ) from error
        return path

    @staticmethod
    def load(folder: Path, pseudonym: str) -> "PersonalRanges":
        """Read ``<pseudonym>.json``; nobody's file is no ranges.

        Raises:
            ValueError: no pseudonym, or a damaged file; one sentence.
        """
        path = _path(folder, pseudonym)
        if not path.exists():
            return PersonalRanges()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            ways = {
                (str(exercise), Side[side.upper()]): float(way)
                for exercise, sides in content.items()
                for side, way in sides.items()
            }
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise ValueError(
                f"{path} is not readable as ranges, that is exercise, side and way: {error}"
            ) from error
        for (exercise, side), way in ways.items():
            if not (math.isfinite(way) and 0.0 < way <= _LARGEST):
                raise ValueError(
                    f"{path}: the way of {exercise} {side.name.lower()} is {way}; allowed is above "
                    f"0 to {_LARGEST:g}"
                )
        return PersonalRanges(ways)


def check_pseudonym(text: str) -> None:
    """Refuse a person's name, and what cannot be part of the name of a file.

    Raises:
        ValueError: one sentence with what is allowed.
    """
    if not _PSEUDONYM.fullmatch(text):
        raise ValueError(
            f"{text!r} is no pseudonym; allowed is a number of up to 8 digits, with 1 to 4 "
            "capital letters or a small one before it, such as P-017 or p07; never a name"
        )


def _path(folder: Path, pseudonym: str) -> Path:
    check_pseudonym(pseudonym)
    return folder / f"{pseudonym}.json"
