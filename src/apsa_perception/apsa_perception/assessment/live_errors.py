"""Errors of single frames: limits with hysteresis and debounce, one object per rule and side."""

import math
from collections.abc import Sequence
from dataclasses import replace

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.definition import (
    ExerciseDefinition,
    LiveRule,
    joints_without_other_side,
)
from apsa_perception.model.codes import ErrorCode, JudgedBy, Phase, Side
from apsa_perception.model.results import ErrorResult
from apsa_perception.model.time import to_nanoseconds, to_seconds

_SQRT_2 = math.sqrt(2.0)
_LONGEST_FRAME_S = 0.2


def probability_beyond(excess: float, typical_error: float) -> float:
    """Probability 0..1 that the true value is beyond the limit, for a Gaussian error."""
    return 0.5 * (1.0 + math.erf(excess / (typical_error * _SQRT_2)))


class LiveError:
    """One rule for one side, raised and cleared after its debounce times.

    Time beyond the limit counts for the error and time within it against: a single frame does not
    raise it, and a measure that flickers around the limit raises it later.

    Attributes:
        rule: the rule.
        side: the side.
        measure: what the rule limits.
        key: name of the measure and side, as a number.
        needs_rest: whether the value at rest matters.
    """

    def __init__(self, rule: LiveRule, side: Side) -> None:
        self.rule = rule
        self.side = side
        self.measure = MEASURES[rule.measure]
        self.key = (rule.measure, int(side))
        self.needs_rest = rule.relative_to_rest or rule.rest_excuse is not None
        self._phases = [phase in rule.phases for phase in Phase]
        self._stamp_ns: int | None = None
        self.reset()

    def applies(self, phase: Phase, progress: float) -> bool:
        """Whether the rule is checked in a phase, at a progress to the turning point of 0..1."""
        rule = self.rule
        return self._phases[phase] and rule.from_progress <= progress <= rule.to_progress

    def use_rule(self, rule: LiveRule) -> None:
        """Check by other limits of the same rule from now on."""
        if rule != self.rule:
            self.rule = rule
            self.reset()

    def reset(self) -> None:
        """Forget all frames."""
        self._result: ErrorResult | None = None
        self._end_ns = 0
        self._evidence_s = 0.0
        self._raised = False

    def update(
        self,
        stamp_ns: int,
        phase: Phase,
        value: float | None,
        uncertainty: float | None = None,
    ) -> ErrorResult | None:
        """Process a frame and return the error while it is raised.

        Args:
            stamp_ns: stamp of the frame.
            phase: phase of the repetition.
            value: the measure; None where it is not judged or the rule does not apply.
            uncertainty: its standard error; None: the typical one of the measure.
        """
        before_ns, self._stamp_ns = self._stamp_ns, stamp_ns
        if value is None and self._result is None:  # most frames
            return None
        elapsed_s = 0.0
        if before_ns is not None:
            elapsed_s = min(to_seconds(stamp_ns - before_ns), _LONGEST_FRAME_S)
        if value is not None and self._is_beyond(value):
            self._evidence_s += elapsed_s
            self._raised = self._raised or self._evidence_s >= self.rule.raise_s
            self._result = self._extended(stamp_ns, phase, value, uncertainty)
            self._end_ns = stamp_ns
        elif self._result is not None:
            self._evidence_s = max(0.0, self._evidence_s - elapsed_s)
            absent_ns = stamp_ns - self._end_ns
            cleared = absent_ns >= to_nanoseconds(self.rule.clear_s)
            if cleared if self._raised else self._evidence_s == 0.0:
                self.reset()
        if self._result is None or not self._raised:
            return None
        return replace(self._result, end_ns=self._end_ns)

    def _is_beyond(self, value: float) -> bool:
        excess = self.rule.limits.excess(self._magnitude(value))
        return excess > (-self.rule.hysteresis if self._raised else 0.0)

    def _magnitude(self, value: float) -> float:
        return abs(value) if self.rule.bidirectional else value

    def _extended(
        self, stamp_ns: int, phase: Phase, value: float, uncertainty: float | None
    ) -> ErrorResult:
        """The error with its most extreme value, this frame's or an earlier one's."""
        before = self._result
        limits = self.rule.limits
        magnitude = self._magnitude(value)
        excess = limits.excess(magnitude)
        if before is not None and excess <= limits.excess(self._magnitude(before.value)):
            return before
        side = self.side
        if self.rule.bidirectional:
            side = Side.LEFT if value > 0 else Side.RIGHT
        measure = self.measure
        return ErrorResult(
            code=self.rule.code,
            severity=limits.severity(magnitude),
            probability=probability_beyond(excess, uncertainty or measure.typical_error),
            side=side,
            phase=phase,
            joints=joints_without_other_side(self.rule.joints, self.side),
            measure=measure.name,
            value=value,
            limit=math.copysign(limits.first, value) if self.rule.bidirectional else limits.first,
            unit=measure.unit,
            source=JudgedBy.RULES,
            source_name=f"{self.rule.code.name.lower()}:{measure.name}",
            start_ns=before.start_ns if before else stamp_ns,
            end_ns=stamp_ns,
        )


def live_errors_of(exercise: ExerciseDefinition) -> list[LiveError]:
    """Return an object for each rule of an exercise and each side."""
    return [
        LiveError(rule, side)
        for rule in exercise.live_rules
        for side in MEASURES[rule.measure].sides
    ]


def use_limits(live_errors: Sequence[LiveError], exercise: ExerciseDefinition) -> None:
    """Check by the limits of an exercise that differs only in them from now on."""
    for live, fresh in zip(live_errors, live_errors_of(exercise), strict=True):
        live.use_rule(fresh.rule)


def merged_by_code(errors: list[ErrorResult]) -> tuple[ErrorResult, ...]:
    """Merge errors of the same code: values of the worst, joints and time of all of them."""
    if not errors:  # most frames
        return ()
    groups: dict[ErrorCode, list[ErrorResult]] = {}
    for error in errors:
        groups.setdefault(error.code, []).append(error)
    return tuple(_merged(groups[code]) for code in sorted(groups))


def _merged(errors: list[ErrorResult]) -> ErrorResult:
    worst = max(errors, key=lambda error: (error.severity, error.probability))
    sides = {error.side for error in errors}
    return replace(
        worst,
        side=worst.side if len(sides) == 1 else Side.BOTH,
        joints=tuple(sorted({joint for error in errors for joint in error.joints})),
        start_ns=min(error.start_ns for error in errors),
        end_ns=max(error.end_ns for error in errors),
    )
