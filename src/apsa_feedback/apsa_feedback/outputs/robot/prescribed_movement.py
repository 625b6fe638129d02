"""The movement that the definition of an exercise prescribes.

The primary measure moves to its target on the sides of the exercise, along a minimum-jerk profile
(Flash and Hogan, J Neurosci 1985, 5(7):1688-1703), holds there, and returns.
"""

import math

import numpy as np

from apsa_feedback.outputs.robot.human_angles import SIDES
from apsa_feedback.outputs.robot.movement import STEP_S, Movement
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import ExerciseSide
from apsa_perception.model.skeleton import FloatArray

LEVEL = math.pi / 2
"""Limit for an arm raised sideways: beyond it pitch and roll are not continuous."""

_RAISED_SIDEWAYS = "shoulder_abduction"
"""Family of the exercises in which the arm is raised sideways."""

_OUT_S, _HOLD_S, _REST_S = 2.0, 0.5, 0.5


def prescribed_movement(exercise: ExerciseDefinition) -> Movement | None:
    """Return the movement; None for what a robot that stands on both feet cannot show.

    That is a hold, an exercise done lying or on one leg, and a measure without its angle.
    """
    motion = exercise.motion
    if motion is None or exercise.lying:
        return None
    target = math.radians(motion.target)
    match motion.measure:
        case "shoulder_elevation" if exercise.family == _RAISED_SIDEWAYS:
            peak = {"shoulder_roll": min(target, LEVEL)}
        case "shoulder_elevation":
            peak = {"shoulder_pitch": target}
        case "elbow_angle":
            peak = {"elbow_flexion": math.pi - target}
        case "knee_angle" if motion.sides is ExerciseSide.BOTH:
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
        way = np.subtract(1.0, way)  # starts and ends seated, like standing up
    return Movement(
        times_s, {f"{side}_{name}": way * value for side in sides for name, value in peak.items()}
    )
