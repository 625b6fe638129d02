"""The person's own assessed range of motion and limits, stored under a pseudonym.

Later repetitions are judged by the range reached at the assessment: a shoulder that reached 110
degrees raises no error at every repetition because everyday life needs 120. A personal limit is
never stricter than that of the exercise. Limits that a therapist has set for the person apply as
they are; they are in a file of their own.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.exercises.definition import Limits
from apsa_perception.model.codes import RequestError, RequestErrorCode, Severity, Side
from apsa_perception.model.files import private_folder, write_private
from apsa_perception.model.results import RepetitionResult
from apsa_perception.model.sentences import Sentence
from apsa_perception.repetition.primary_motion import PrimaryMotion

MIN_REPETITIONS = 3
"""Least number of repetitions of a side: a median needs three to drop an outlier."""

_LIMITS = "_limits"
_PSEUDONYM = re.compile(r"([A-Z]{1,4}-?|[a-z])?[0-9]{1,8}")
_LARGEST = 1000.0
# Shares of the personal range by severity: a convention of this project. The range of a healthy
# joint varies by about 10 % between repetitions; the mildest limit is at twice that.
_SHARES = {Severity.MILD: 0.8, Severity.MODERATE: 0.65, Severity.SEVERE: 0.5}


@dataclass(frozen=True)
class PersonalRanges:
    """Assessed excursions from rest to the turning point.

    Attributes:
        excursions: by exercise and side, in the unit of the primary measure; above 0.
        own: limits that were set for the person.
    """

    excursions: Mapping[tuple[str, Side], float] = field(default_factory=dict)
    own: PersonalLimits = field(default_factory=PersonalLimits)

    def limits(
        self, exercise: str, motion: PrimaryMotion, side: Side, rest_value: float, limits: Limits
    ) -> Limits:
        """Return the limits of the turning point, personal or general, whichever is nearer to rest.

        Args:
            exercise: name of the exercise.
            motion: its primary motion.
            side: the side that moved.
            rest_value: the person's value at rest.
            limits: limits of the exercise.
        """
        excursion = self.excursions.get((exercise, side))
        if excursion is None:
            return limits
        steps = []
        for severity, limit in limits.steps:
            own = motion.sign * rest_value + _SHARES[severity] * excursion
            steps.append((severity, motion.sign * min(own, motion.sign * limit)))
        return Limits(limits.sign, tuple(steps))

    def with_assessment(self, repetitions: Sequence[RepetitionResult]) -> "PersonalRanges":
        """Return the ranges with the median excursion of each exercise and side added.

        Raises:
            RequestError: fewer than three repetitions of an exercise and side.
        """
        found: dict[tuple[str, Side], list[float]] = {}
        for one in repetitions:
            excursion = abs(one.peak_value - one.rest_value)
            found.setdefault((one.exercise, Side(one.side)), []).append(excursion)
        fewest = min((len(values) for values in found.values()), default=0)
        if fewest < MIN_REPETITIONS:
            raise RequestError(
                RequestErrorCode.TOO_FEW_REPETITIONS,
                Sentence.TOO_FEW_ASSESSED.text(count=fewest, least=MIN_REPETITIONS),
            )
        medians = {key: median(values) for key, values in found.items()}
        return PersonalRanges({**self.excursions, **medians}, self.own)

    def save(self, folder: Path, pseudonym: str) -> Path:
        """Write the ranges to ``<pseudonym>.json`` and return its path.

        Raises:
            RequestError: the name is not a pseudonym, or the file cannot be written.
        """
        path = _path(folder, pseudonym)
        content: dict[str, dict[str, float]] = {}
        for (exercise, side), excursion in sorted(self.excursions.items()):
            content.setdefault(exercise, {})[side.name.lower()] = round(excursion, 3)
        try:
            private_folder(folder)
            write_private(path, json.dumps(content, indent=2) + "\n")
        except OSError as error:
            raise RequestError(
                RequestErrorCode.NOT_WRITTEN,
                Sentence.RANGES_NOT_WRITTEN.text(path=path, why=error.strerror),
            ) from error
        return path

    @staticmethod
    def load(folder: Path, pseudonym: str) -> "PersonalRanges":
        """Read ``<pseudonym>.json`` and the limits; without the files there are none.

        Raises:
            RequestError: the name is not a pseudonym, or a file is damaged.
        """
        path = _path(folder, pseudonym)
        own = PersonalLimits.load(limits_path(folder, pseudonym))
        if not path.exists():
            return PersonalRanges(own=own)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            excursions = {
                (str(exercise), Side[side.upper()]): float(value)
                for exercise, sides in content.items()
                for side, value in sides.items()
            }
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise RequestError(
                RequestErrorCode.NOT_READ,
                Sentence.RANGES_NOT_READ.text(path=path, why=error),
            ) from error
        for (exercise, side), value in excursions.items():
            if not (math.isfinite(value) and 0.0 < value <= _LARGEST):
                raise RequestError(
                    RequestErrorCode.NOT_READ,
                    f"{path}: the range of {exercise} {side.name.lower()} is {value}; expected "
                    f"more than 0 and at most {_LARGEST:g}",
                )
        return PersonalRanges(excursions, own)

    @staticmethod
    def delete(folder: Path, pseudonym: str) -> None:
        """Delete the ranges and limits of a person, if there are any.

        Raises:
            RequestError: the name is not a pseudonym, or a file cannot be deleted.
        """
        for path in (_path(folder, pseudonym), limits_path(folder, pseudonym)):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise RequestError(
                    RequestErrorCode.NOT_WRITTEN,
                    Sentence.NOT_DELETED.text(path=path, why=error.strerror),
                ) from error


def people_with_ranges(folder: Path) -> list[str]:
    """Return the pseudonyms of the people who have ranges or limits in a folder, sorted.

    A folder that cannot be read has none.
    """
    try:
        names = [path.stem for path in folder.iterdir() if path.suffix == ".json"]
    except OSError:
        return []
    people = {name.removesuffix(_LIMITS) for name in names}
    return sorted(filter(is_pseudonym, people))


def is_pseudonym(text: str) -> bool:
    """Return whether a text is allowed as a person."""
    return _PSEUDONYM.fullmatch(text) is not None


def check_pseudonym(text: str) -> None:
    """Refuse names of persons and anything that cannot be part of a file name.

    Raises:
        RequestError: the text is not a pseudonym.
    """
    if not is_pseudonym(text):
        raise RequestError(
            RequestErrorCode.INVALID_PERSON,
            Sentence.NO_PSEUDONYM.text(name=repr(text)),
        )


def limits_path(folder: Path, pseudonym: str) -> Path:
    """Return where the limits of a person are.

    Raises:
        RequestError: the name is not a pseudonym.
    """
    return _path(folder, pseudonym).with_name(f"{pseudonym}{_LIMITS}.json")


def _path(folder: Path, pseudonym: str) -> Path:
    check_pseudonym(pseudonym)
    return folder / f"{pseudonym}.json"
