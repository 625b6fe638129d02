"""Shows an exercise: the person's angles over time, from rest to the target and back.

The movement is the one the exercise asks for: its primary measure goes to the target, on the sides
that take part, along a minimum-jerk profile (Flash and Hogan, J Neurosci 1985, 5(7):1688-1703).
``mirror`` of the robot map decides whether it is seen as in a mirror or as from behind.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from apsa_feedback.robot.angles import SIDES
from apsa_perception.exercises.definition import ExerciseDefinition, MovingSides

_OUT_S, _HOLD_S, _REST_S = 2.0, 0.5, 0.5
_PEAK_OF_MEAN_SPEED = 1.875
"""Of the minimum-jerk profile."""
_SPEED_SHARE = 0.5
"""Share of the robot's speed used at most: it lags behind, and must not cut the movement short."""
_LEVEL = math.pi / 2


@dataclass(frozen=True)
class Demonstration:
    """One slow repetition.

    Attributes:
        peak: angles at the turning point, radians, by name as in ``angles.ANGLES``; 0 at rest.
        out_s: seconds from rest to the turning point.
        seated: whether the peak is where the movement begins and ends, as in standing up.
    """

    peak: Mapping[str, float]
    out_s: float
    seated: bool = False

    @property
    def duration_s(self) -> float:
        """Seconds from beginning to end."""
        return _REST_S + 2 * self.out_s + _HOLD_S

    def at(self, seconds: float) -> dict[str, float]:
        """Return the angles at a time since the beginning."""
        into = seconds - _REST_S
        out = into if into < self.out_s + _HOLD_S else 2 * self.out_s + _HOLD_S - into
        share = min(max(out / self.out_s, 0.0), 1.0)
        way = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
        way = 1.0 - way if self.seated else way
        return {name: way * value for name, value in self.peak.items()}


def demonstration(exercise: ExerciseDefinition, max_velocity: float) -> Demonstration | None:
    """Return how the exercise is shown; None where its measure has no counterpart here.

    It takes two seconds each way, or as long as a joint of that speed (rad/s) needs.

    An arm that is raised sideways is shown up to level: beyond it, pitch and roll of the shoulder
    are not continuous.
    """
    motion = exercise.primary
    target = math.radians(motion.target)
    match motion.measure:
        case "shoulder_elevation" if "abduction" in exercise.name:
            peak = {"shoulder_roll": min(target, _LEVEL)}
        case "shoulder_elevation":
            peak = {"shoulder_pitch": target}
        case "elbow_angle":
            peak = {"elbow_flexion": math.pi - target}
        case "knee_angle":
            bent = math.pi - math.radians(min(motion.target, motion.rest_limit))
            peak = {"knee_flexion": bent, "hip_flexion": bent}
        case _:
            return None
    one_sided = motion.sides in (MovingSides.LEFT, MovingSides.RIGHT)
    sides = (motion.sides.value,) if one_sided else SIDES
    angles = {f"{side}_{name}": value for side in sides for name, value in peak.items()}
    needed_s = _PEAK_OF_MEAN_SPEED * max(peak.values()) / (_SPEED_SHARE * max_velocity)
    return Demonstration(
        angles, max(_OUT_S, needed_s), seated=motion.measure == "knee_angle" and motion.sign > 0
    )
