"""What an exercise is: the movement that is counted and the errors that are looked for."""

from dataclasses import dataclass
from enum import Enum

from apsa_perception.biomechanics.view import View
from apsa_perception.model.codes import ErrorCode, Phase, Severity, Side
from apsa_perception.model.joints import Joint
from apsa_perception.repetition.primary_motion import PrimaryMotion


@dataclass(frozen=True)
class Limits:
    """Graded limits of a quantity; the mildest is where the error begins.

    Attributes:
        sign: +1 where values above are wrong, -1 where values below are.
        steps: limit of each severity that is used, mildest first.
    """

    sign: float
    steps: tuple[tuple[Severity, float], ...]

    @property
    def first(self) -> float:
        """Limit from which on it is an error."""
        return self.steps[0][1]

    def excess(self, value: float) -> float:
        """How far the value is beyond the first limit; negative when it is within."""
        return self.sign * (value - self.first)

    def severity(self, value: float) -> Severity:
        """Severity of a value beyond the first limit."""
        reached = [step for step, limit in self.steps if self.sign * (value - limit) > 0]
        return reached[-1] if reached else self.steps[0][0]


@dataclass(frozen=True)
class LiveRule:
    """An error that is looked for in every frame.

    Attributes:
        code: what it is called.
        measure: name of the measure that shows it.
        limits: when the value is wrong.
        phases: phases of the repetition in which it is looked for.
        from_progress: least share of the way to the turning point, 0..1.
        to_progress: greatest share, 0..1.
        relative_to_rest: whether the value is taken relative to the person's rest posture.
        rest_excuse: way in the right direction from the person's rest posture from which on the
            value is no error, whatever the limits say; None where nothing excuses it.
        either_way: whether the sign of the value only tells the side.
        hysteresis: how far within the first limit the value must be to clear the error.
        raise_s: seconds that it must last to be raised.
        clear_s: seconds that it must be gone to be cleared.
        joints: joints that it concerns; those of the other side are left out when one side errs.
    """

    code: ErrorCode
    measure: str
    limits: Limits
    phases: frozenset[Phase]
    from_progress: float
    to_progress: float
    relative_to_rest: bool
    rest_excuse: float | None
    either_way: bool
    hysteresis: float
    raise_s: float
    clear_s: float
    joints: tuple[Joint, ...]


class RepetitionQuantity(Enum):
    """What a finished repetition is judged by."""

    PEAK = "peak"
    """The primary measure at the turning point."""
    RANGE = "range"
    """The way from rest to the turning point."""
    SIDE_DIFFERENCE = "side_difference"
    """Difference of the two sides' ways from rest to turning point."""
    DURATION = "duration"
    """Seconds from leaving rest to being back."""
    OUTWARD_DURATION = "outward_duration"
    """Seconds from leaving rest to the turning point."""
    RETURN_DURATION = "return_duration"
    """Seconds from the turning point to being back."""
    SMOOTHNESS = "smoothness"
    """Spectral arc length of the speed."""
    SWAY = "sway"
    """Metres that the pelvis moves to the sides."""


@dataclass(frozen=True)
class RepetitionRule:
    """An error that is looked for in a finished repetition."""

    code: ErrorCode
    quantity: RepetitionQuantity
    limits: Limits
    joints: tuple[Joint, ...]


@dataclass(frozen=True)
class ExerciseDefinition:
    """An exercise as its YAML file states it.

    Attributes:
        name: unique, lower case with underscores; the network is asked by this name.
        title: name for people.
        description: one or two sentences for people.
        views: views from which a repetition is judged.
        joints: joints that must be seen for a repetition to be judged.
        primary: the movement that is counted.
        measures: measures that are reported for every frame, the primary one first.
        live_rules: errors looked for in every frame.
        repetition_rules: errors looked for in a finished repetition.
    """

    name: str
    title: str
    description: str
    views: frozenset[View]
    joints: tuple[Joint, ...]
    primary: PrimaryMotion
    measures: tuple[str, ...]
    live_rules: tuple[LiveRule, ...]
    repetition_rules: tuple[RepetitionRule, ...]

    def joints_of(self, side: Side) -> tuple[Joint, ...]:
        """Joints that must be seen for a repetition of that side."""
        return joints_without_other_side(self.joints, side)


def joints_without_other_side(joints: tuple[Joint, ...], side: Side) -> tuple[Joint, ...]:
    """Leave out the joints of the side that does not take part."""
    if side is Side.BOTH:
        return joints
    other = "RIGHT_" if side is Side.LEFT else "LEFT_"
    return tuple(joint for joint in joints if not joint.name.startswith(other))
