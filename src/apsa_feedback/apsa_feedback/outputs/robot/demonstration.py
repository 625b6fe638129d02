"""The movement that an exercise asks for, as its definition states it.

Its primary measure goes to the target, on the sides that take part, along a minimum-jerk profile
(Flash and Hogan, J Neurosci 1985, 5(7):1688-1703), holds there, and comes back.
"""

import math

import numpy as np

from apsa_feedback.outputs.robot.angles import SIDES
from apsa_feedback.outputs.robot.movement import STEP_S, Movement
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import ExerciseSide
from apsa_perception.model.skeleton import FloatArray

LEVEL = math.pi / 2
"""An arm that is raised sideways is shown up to here: beyond, pitch and roll are not continuous."""

_OUT_S, _HOLD_S, _REST_S = 2.0, 0.5, 0.5


def demonstration(exercise: ExerciseDefinition) -> Movement | None:
    """Return how the exercise is done; None where its measure has no counterpart here."""
    motion = exercise.primary
    target = math.radians(motion.target)
    match motion.measure:
        case "shoulder_elevation" if "abduction" in exercise.name:
            peak = {"shoulder_roll": min(target, LEVEL)}
        case "shoulder_elevation":
            peak = {"shoulder_pitch": target}
        case "elbow_angle":
            peak = {"elbow_flexion": math.pi - target}
        case "knee_angle":
            bent = math.pi - math.radians(min(motion.target, motion.rest_limit))
            peak = {"knee_flexion": bent, "hip_flexion": bent}
        case _:
            return None
    one_sided = motion.sides in (ExerciseSide.LEFT, ExerciseSide.RIGHT)
    sides = (motion.sides.name.lower(),) if one_sided else SIDES
    times_s = np.arange(0.0, _REST_S + 2 * _OUT_S + _HOLD_S + STEP_S, STEP_S)
    on_the_way_s = np.minimum(times_s - _REST_S, _REST_S + 2 * _OUT_S + _HOLD_S - times_s)
    share: FloatArray = np.clip(on_the_way_s / _OUT_S, 0.0, 1.0)
    way = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
    if motion.measure == "knee_angle" and motion.sign > 0:
        way = np.subtract(1.0, way)  # it begins and ends seated, as standing up does
    return Movement(
        times_s, {f"{side}_{name}": way * value for side in sides for name, value in peak.items()}
    )
