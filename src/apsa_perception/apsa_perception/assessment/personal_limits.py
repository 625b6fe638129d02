"""Limits of errors that a therapist has changed for one person, by exercise and error.

An error has a key: its name and what is measured, such as ``trunk_lean_forward:trunk_lean_forward``
or ``range_short:peak``; a second error of the same key in an exercise ends with ``:2``. The value
is its mildest limit; the others move by as much.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from apsa_perception.assessment.repetition_measures import REPETITION_MEASURES
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.definition import (
    ExerciseDefinition,
    Limits,
    LiveRule,
    RepetitionQuantity,
    RepetitionRule,
)
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.model.files import private_folder, write_private
from apsa_perception.model.sentences import Sentence

Rule = LiveRule | RepetitionRule

_BOUNDS: Mapping[str, tuple[float, float]] = {
    "deg": (-180.0, 180.0),
    "s": (0.0, 60.0),
    "m": (0.0, 2.0),
}
"""What a limit can be, by unit: what a body can do, so that a slip of the finger is refused."""

_OTHER_BOUNDS = (-20.0, 20.0)
"""Of ratios and smoothness."""

_EXPECTED = 'a JSON object such as {"squat": {"trunk_lean_forward:trunk_lean_forward": 50}}'


@dataclass(frozen=True)
class ChangedLimit:
    """A limit of a person.

    Attributes:
        error: name of the error.
        key: the error within its exercise.
        measure: name of the measure or quantity.
        unit: its unit.
        limit: the mildest limit of the person.
        usual: that of the exercise.
        sign: +1 if values above are errors, -1 if values below are; 0: not known, in reports of
            earlier versions.
        bidirectional: whether the limit is one of both signs; False in reports of earlier versions.
    """

    error: str
    key: str
    measure: str
    unit: str
    limit: float
    usual: float
    sign: float = 0.0
    bidirectional: bool = False


@dataclass(frozen=True)
class PersonalLimits:
    """The changed limits of a person.

    Attributes:
        values: mildest limit by name of the exercise and key of the error.
    """

    values: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The limits as a JSON object; empty without any."""
        content: dict[str, dict[str, float]] = {}
        for (exercise, key), value in sorted(self.values.items()):
            content.setdefault(exercise, {})[key] = value
        return json.dumps(content) if content else ""

    @staticmethod
    def of_text(text: str) -> "PersonalLimits":
        """Return the limits in a JSON object as ``text`` has it.

        Raises:
            ValueError: it is something else; one sentence.
        """
        if not text:
            return PersonalLimits()
        try:
            values = {
                (str(exercise), str(key)): _number(value)
                for exercise, limits in json.loads(text).items()
                for key, value in limits.items()
            }
        except (ValueError, TypeError, AttributeError, RecursionError):
            raise ValueError(f"the limits are {text[:80]!r}; expected {_EXPECTED}") from None
        return PersonalLimits(values)

    def with_limit(self, exercise: str, key: str, limit: float | None) -> "PersonalLimits":
        """Return the limits with another one; None: that of the exercise applies again."""
        values = {place: value for place, value in self.values.items() if place != (exercise, key)}
        return PersonalLimits(values if limit is None else {**values, (exercise, key): limit})

    def check(self, exercises: ExerciseLibrary, before: "PersonalLimits") -> None:
        """Refuse a limit that is new or has changed and cannot be.

        Args:
            exercises: the exercises.
            before: the limits until now, which may be of files that were edited since.

        Raises:
            ValueError: one sentence with the value and what is expected.
        """
        for (name, key), limit in self.values.items():
            if before.values.get((name, key)) == limit:
                continue
            exercise = exercises.get(name)
            rules = rules_by_key(exercise)
            if key not in rules:
                raise ValueError(
                    Sentence.UNKNOWN_LIMIT.text(
                        exercise=name, error=key, names=", ".join(rules) or "none"
                    )
                )
            if refusal := _refusal(key, rules[key], limit, exercise):
                raise ValueError(refusal)

    def applied(self, exercise: ExerciseDefinition) -> ExerciseDefinition:
        """Return the exercise with the limits of the person; what cannot be is left out.

        In a set with another target a limit of the turning point may lie beyond that target.
        """
        keys = {key for name, key in self.values if name == exercise.name}
        if not keys:
            return exercise
        rules = {
            key: self._changed(rule, exercise, key) if key in keys else rule
            for key, rule in rules_by_key(exercise).items()
        }
        return replace(
            exercise,
            live_rules=tuple(rule for rule in rules.values() if isinstance(rule, LiveRule)),
            repetition_rules=tuple(
                rule for rule in rules.values() if isinstance(rule, RepetitionRule)
            ),
        )

    def changed(self, exercise: ExerciseDefinition) -> tuple[ChangedLimit, ...]:
        """Return the limits of the person that differ from those of an exercise file."""
        applied = rules_by_key(self.applied(exercise))
        return tuple(
            ChangedLimit(
                rule.code.name.lower(),
                key,
                measure_of(rule),
                unit_of(rule, exercise),
                applied[key].limits.first,
                rule.limits.first,
                rule.limits.sign,
                _is_bidirectional(rule),
            )
            for key, rule in rules_by_key(exercise).items()
            if applied[key] is not rule
        )

    def save(self, path: Path) -> None:
        """Write the file of a person; without a limit there is none.

        Raises:
            RequestError: it cannot be written.
        """
        try:
            if self.values:
                private_folder(path.parent)
                write_private(path, json.dumps(json.loads(self.text), indent=2) + "\n")
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise RequestError(
                RequestErrorCode.NOT_WRITTEN,
                Sentence.RANGES_NOT_WRITTEN.text(path=path, why=error.strerror),
            ) from error

    @staticmethod
    def load(path: Path) -> "PersonalLimits":
        """Read the file of a person; without one there are no limits.

        Raises:
            RequestError: it is damaged.
        """
        if not path.exists():
            return PersonalLimits()
        try:
            return PersonalLimits.of_text(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RequestError(
                RequestErrorCode.NOT_READ, Sentence.LIMITS_NOT_READ.text(path=path, why=error)
            ) from error

    def _changed(self, rule: Rule, exercise: ExerciseDefinition, key: str) -> Rule:
        limit = self.values[(exercise.name, key)]
        if _refusal(key, rule, limit, exercise):
            return rule
        change = limit - rule.limits.first
        steps = tuple((severity, value + change) for severity, value in rule.limits.steps)
        limits = Limits(rule.limits.sign, steps)
        if isinstance(rule, RepetitionRule):
            return replace(rule, limits=limits, personal=True)
        return replace(rule, limits=limits)


def rules_by_key(exercise: ExerciseDefinition) -> dict[str, Rule]:
    """Return the errors of an exercise by their keys, in the order of its file."""
    rules: dict[str, Rule] = {}
    every: tuple[Rule, ...] = (*exercise.live_rules, *exercise.repetition_rules)
    for rule in every:
        key = f"{rule.code.name.lower()}:{measure_of(rule)}"
        number = 1
        while (own := key if number == 1 else f"{key}:{number}") in rules:
            number += 1
        rules[own] = rule
    return rules


def measure_of(rule: Rule) -> str:
    """Return the name of the measure or quantity that a rule limits."""
    return rule.measure if isinstance(rule, LiveRule) else rule.quantity.value


def unit_of(rule: Rule, exercise: ExerciseDefinition) -> str:
    """Return the unit of the limits of a rule."""
    if isinstance(rule, LiveRule):
        return MEASURES[rule.measure].unit
    return REPETITION_MEASURES[rule.quantity].unit or MEASURES[exercise.primary.measure].unit


def _is_bidirectional(rule: Rule) -> bool:
    return isinstance(rule, LiveRule) and rule.bidirectional


def _refusal(key: str, rule: Rule, limit: float, exercise: ExerciseDefinition) -> str:
    """One sentence why a limit cannot be and what is expected; empty: it can be."""
    unit = unit_of(rule, exercise)
    values = {"error": key, "exercise": exercise.name, "value": f"{limit:g}"}
    low, high = _BOUNDS.get(unit, _OTHER_BOUNDS)
    if _is_bidirectional(rule):
        low = 0.0
    if not low <= limit <= high:
        values |= {"low": f"{low:g}", "high": f"{high:g}"}
        if unit in ("", "1"):
            return Sentence.RATIO_LIMIT_OUTSIDE.text(**values)
        return Sentence.LIMIT_OUTSIDE.text(**values, unit=unit)
    if isinstance(rule, RepetitionRule) and rule.quantity is RepetitionQuantity.PEAK:
        target = exercise.primary.target
        if rule.limits.sign * (limit - target) <= 0:
            above = rule.limits.sign > 0
            sentence = Sentence.LIMIT_BELOW_TARGET if above else Sentence.LIMIT_ABOVE_TARGET
            return sentence.text(**values, target=f"{target:g}")
    return ""


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{value!r} is no number")
    return float(value)
