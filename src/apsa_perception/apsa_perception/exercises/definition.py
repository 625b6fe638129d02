"""Definition of an exercise: what is counted or timed, and the errors that are checked."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.figure import Figure
from apsa_perception.exercises.hold import Hold
from apsa_perception.exercises.tempo import Tempo
from apsa_perception.model.codes import (
    ErrorCode,
    ExerciseKind,
    ExerciseSide,
    Phase,
    Severity,
    Side,
)
from apsa_perception.model.joints import LEFT_JOINTS, RIGHT_JOINTS, Joint
from apsa_perception.repetition.primary_motion import PrimaryMotion


class BodyPosture(StrEnum):
    """How the body is at the start of an exercise."""

    UPRIGHT = "upright"
    LEANING = "leaning"
    """Straight, with the hands or the back against something, such as a wall."""
    LYING = "lying"
    ANY = "any"
    """Lying or upright, as the person likes."""

    @property
    def may_lie(self) -> bool:
        """Whether it is or can be done lying down or prone."""
        return self in (BodyPosture.LYING, BodyPosture.ANY)


@dataclass(frozen=True)
class Limits:
    """Graded limits of a quantity; the mildest is where the error begins.

    Attributes:
        sign: +1 if values above are errors, -1 if values below are.
        steps: limit of each severity in use, mildest first.
    """

    sign: float
    steps: tuple[tuple[Severity, float], ...]

    @property
    def first(self) -> float:
        """Limit beyond which a value is an error."""
        return self.steps[0][1]

    def excess(self, value: float) -> float:
        """How far the value is beyond the first limit; negative if it is within."""
        return self.sign * (value - self.first)

    def severity(self, value: float) -> Severity:
        """Severity of a value beyond the first limit."""
        reached = [step for step, limit in self.steps if self.sign * (value - limit) > 0]
        return reached[-1] if reached else self.steps[0][0]


@dataclass(frozen=True)
class LiveRule:
    """An error that is checked in every frame.

    Attributes:
        code: the error.
        measure: name of the measure that is checked.
        limits: limits of the measure.
        phases: phases of the repetition in which it is checked.
        from_progress: least progress from rest to the turning point, 0..1.
        to_progress: greatest progress, 0..1.
        relative_to_rest: whether the value is relative to the person's rest posture.
        rest_excuse: change from the rest posture in the correct direction from which on the value
            is no error, whatever the limits; None: none.
        bidirectional: whether both signs of the value are checked; the sign gives the side.
        hysteresis: how far within the first limit the value must be to clear the error.
        raise_s: seconds beyond the limit until the error is raised.
        clear_s: seconds within the limit until it is cleared.
        joints: affected joints; those of the other side are left out if one side is affected.
        held_side: whether only the side that is held is checked, in a hold of either side.
    """

    code: ErrorCode
    measure: str
    limits: Limits
    phases: frozenset[Phase]
    from_progress: float
    to_progress: float
    relative_to_rest: bool
    rest_excuse: float | None
    bidirectional: bool
    hysteresis: float
    raise_s: float
    clear_s: float
    joints: tuple[Joint, ...]
    held_side: bool = False


class RepetitionQuantity(Enum):
    """A quantity of a finished repetition."""

    PEAK = "peak"
    """The primary measure at the turning point."""
    RANGE = "range"
    """Change of the primary measure from rest to the turning point."""
    SIDE_DIFFERENCE = "side_difference"
    """Left/right difference of the range."""
    DURATION = "duration"
    """Seconds from leaving rest to returning to it."""
    OUTWARD_DURATION = "outward_duration"
    """Seconds from leaving rest to the turning point."""
    RETURN_DURATION = "return_duration"
    """Seconds from the turning point to rest."""
    SMOOTHNESS = "smoothness"
    """Spectral arc length of the speed."""
    SWAY = "sway"
    """Mediolateral displacement of the pelvis in metres."""


@dataclass(frozen=True)
class RepetitionRule:
    """An error that is checked in a finished repetition.

    Attributes:
        code: the error.
        quantity: what is checked.
        limits: limits of the quantity.
        joints: affected joints.
        personal: whether the limits were set for the person, whose range does not change them.
    """

    code: ErrorCode
    quantity: RepetitionQuantity
    limits: Limits
    joints: tuple[Joint, ...]
    personal: bool = False


@dataclass(frozen=True)
class ExerciseDefinition:
    """An exercise as defined by its YAML file.

    Attributes:
        name: unique, lower case with underscores.
        family: name without the side: exercises for the left, the right and either side share it.
        judged_as: family of the network's exercises by which it is judged.
        title: name for people.
        description: one or two sentences for people.
        views: views from which a repetition can be judged.
        joints: joints that must be seen to judge a repetition.
        motion: the movement that is counted; None for a hold, or where nothing is counted.
        hold: the position whose time is measured; None for a movement.
        measures: measures published for every frame, the primary one first.
        live_rules: errors checked in every frame.
        repetition_rules: errors checked in a finished repetition.
        rules_suffice: whether its rules tell good repetitions from faulty ones with one camera; if
            not, no repetition is called good by them.
        posture: how the body is; one that lies or leans in the picture otherwise means that the
            camera is turned.
        aliases: other names by which it can be chosen.
        search_words: what else people call it, in any language: a search finds it by them.
        tempo: asked for in the present set; None: none.
        figure: how it is done; None: not known.
    """

    name: str
    family: str
    judged_as: str
    title: str
    description: str
    views: frozenset[View]
    joints: tuple[Joint, ...]
    motion: PrimaryMotion | None
    hold: Hold | None
    measures: tuple[str, ...]
    live_rules: tuple[LiveRule, ...]
    repetition_rules: tuple[RepetitionRule, ...]
    posture: BodyPosture = BodyPosture.UPRIGHT
    rules_suffice: bool = True
    aliases: tuple[str, ...] = ()
    search_words: tuple[str, ...] = ()
    tempo: Tempo | None = None
    figure: Figure[Any] | None = None

    @property
    def primary(self) -> PrimaryMotion:
        """The movement that is counted.

        Raises:
            ValueError: the exercise is a hold.
        """
        if self.motion is None:
            raise ValueError(f"{self.name} is a hold and has no repetitions")
        return self.motion

    @property
    def lying(self) -> bool:
        """Whether it is or can be done lying down or prone."""
        return self.posture.may_lie

    @property
    def kind(self) -> ExerciseKind:
        """Whether repetitions are counted or a hold is timed."""
        return ExerciseKind.REPETITIONS if self.hold is None else ExerciseKind.HOLD

    @property
    def side(self) -> ExerciseSide:
        """Which sides of the body the exercise is for."""
        if self.hold is not None:
            return self.hold.sides
        return self.motion.sides if self.motion is not None else ExerciseSide.EITHER

    @property
    def asked_measures(self) -> frozenset[str]:
        """Names of the measures of a repetition or hold that it counts by or checks."""
        asked = {rule.quantity.value for rule in self.repetition_rules}
        asked |= {rule.measure for rule in self.live_rules}
        if self.motion is not None:
            asked.add(self.motion.measure)
        if self.hold is not None:
            asked |= {limit.measure for limit in self.hold.position}
        return frozenset(asked)

    @property
    def other_names(self) -> tuple[str, ...]:
        """Everything that people call it beside its name."""
        return (self.title, *self.aliases, *self.search_words)

    def joints_of(self, side: Side) -> tuple[Joint, ...]:
        """Joints that must be seen to judge a repetition of that side."""
        return joints_without_other_side(self.joints, side)


def joints_without_other_side(joints: tuple[Joint, ...], side: Side) -> tuple[Joint, ...]:
    """Return the joints without those of the side that does not move."""
    if side is Side.BOTH:
        return joints
    other = RIGHT_JOINTS if side is Side.LEFT else LEFT_JOINTS
    return tuple(joint for joint in joints if joint not in other)
