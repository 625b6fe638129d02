"""Movements of a constructed figure: exercises, and everyday movements that are none.

Walking, sitting down once, talking with the hands, drinking and tying shoes, each repeated with
random sizes, speeds and proportions. Nobody was recorded: what they show is that movements of this
kind are not taken for an exercise, not how often a real person's would be.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from apsa_perception.exercises.figure import Figure
from apsa_perception.exercises.figure_pose import FigurePose
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.model.time import to_nanoseconds
from apsa_training.data.assessment_frames import Frames

_RATE_HZ = 25.0
_NOISE_M = 0.01
_SHAKE_FRAMES = 5
_BODY_TO_CAMERA = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
"""Rows are the body's x forwards, y left, z up in optical axes, facing the camera."""

_EXERCISE_REPETITIONS = 3
_WOBBLE_DEG = 8.0
_ARM_HABITS: tuple[dict[str, tuple[float, float]], ...] = (
    {},
    {"arm": (85.0, 85.0), "elbow": (5.0, 5.0)},
    {"arm": (45.0, 45.0), "elbow": (120.0, 120.0)},
    {"arm": (-15.0, -15.0), "arm_out": (35.0, 35.0), "elbow": (85.0, 85.0)},
)
"""How people hold their arms where an exercise does not say."""

Keyed = tuple[float, FigurePose]
"""Seconds from the pose before, and a pose."""
Generator = np.random.Generator


def walking(generator: Generator) -> list[Keyed]:
    """Ten double steps on the spot or past the camera."""
    step_s, size = generator.uniform(0.45, 0.7), generator.uniform(15.0, 32.0)
    bend, swing = generator.uniform(20.0, 60.0), generator.uniform(5.0, 25.0)
    first = FigurePose(
        thigh=(size, -0.6 * size), shank=(size - 8.0, -0.6 * size - 12.0), arm=(-swing, swing)
    )
    passing = FigurePose(thigh=(5.0, 0.7 * size), shank=(-3.0, 0.7 * size - bend))
    keyed: list[Keyed] = [(0.0, FigurePose()), (1.0, FigurePose())]
    for _ in range(10):
        keyed += [(step_s / 2, passing.mirrored()), (step_s / 2, first.mirrored())]
        keyed += [(step_s / 2, passing), (step_s / 2, first)]
    return [*keyed, (step_s, FigurePose()), (1.0, FigurePose())]


def sitting_down(generator: Generator) -> list[Keyed]:
    """Sit down, stay there, and stand up once at the end."""
    lean, way_s = generator.uniform(20.0, 45.0), generator.uniform(1.0, 2.0)
    knees = generator.uniform(75.0, 95.0)
    rest = generator.uniform(30.0, 60.0)
    sitting = FigurePose(thigh=(knees, knees), arm=(rest, rest), elbow=(60.0, 60.0))
    between = FigurePose(trunk=lean, thigh=(60.0, 60.0), shank=(-20.0, -20.0))
    down = [(way_s, between), (way_s, sitting)]
    up = [(way_s, between), (way_s, FigurePose())]
    return [(0.0, FigurePose()), (1.0, FigurePose()), *down, (5.0, sitting), *up]


def talking(generator: Generator) -> list[Keyed]:
    """Gestures of both forearms, now of one, now of the other."""
    base = FigurePose(elbow=(60.0, 60.0), arm=(10.0, 10.0))
    keyed: list[Keyed] = [(0.0, FigurePose()), (0.8, base)]
    for _ in range(14):
        elbow = tuple(generator.uniform(35.0, 115.0, 2).tolist())
        arm = tuple(generator.uniform(-5.0, 40.0, 2).tolist())
        turn = tuple(generator.uniform(-40.0, 30.0, 2).tolist())
        out = tuple(generator.uniform(5.0, 25.0, 2).tolist())
        twist = float(generator.uniform(-12.0, 12.0))
        pose = replace(base, elbow=elbow, arm=arm, arm_turn=turn, arm_out=out, twist=twist)
        keyed.append((float(generator.uniform(0.3, 0.9)), pose))
    return [*keyed, (0.8, FigurePose())]


def drinking(generator: Generator) -> list[Keyed]:
    """A glass taken from a table to the mouth three times, with one hand."""
    table = FigurePose(arm=(25.0, 5.0), elbow=(70.0, 15.0), thigh=(85.0, 85.0))
    lift, bend = generator.uniform(35.0, 75.0), generator.uniform(115.0, 140.0)
    mouth = replace(table, arm=(lift, 5.0), elbow=(bend, 15.0), arm_turn=(-35.0, 0.0))
    sip = replace(mouth, arm=(lift + 10.0, 5.0), trunk=-5.0)
    keyed: list[Keyed] = [(0.0, table), (1.0, table)]
    for _ in range(3):
        way_s, hold_s = generator.uniform(0.7, 1.4), generator.uniform(1.0, 2.5)
        keyed += [(way_s, mouth), (0.4, sip), (hold_s, sip), (way_s, table)]
        keyed += [(float(generator.uniform(1.0, 4.0)), table)]
    if generator.random() < 0.5:
        return [(seconds, pose.mirrored()) for seconds, pose in keyed]
    return keyed


def tying_shoes(generator: Generator) -> list[Keyed]:
    """Bend down to one foot on the knee or on the floor, work there, come up; then the other."""
    trunk, way_s = generator.uniform(60.0, 100.0), generator.uniform(1.0, 2.0)
    knee = generator.uniform(60.0, 110.0)
    down = FigurePose(trunk=trunk, thigh=(knee, 40.0), shank=(knee - 95.0, -40.0), arm=(20.0, 20.0))
    keyed: list[Keyed] = [(0.0, FigurePose()), (1.0, FigurePose())]
    for pose in (down, down.mirrored()):
        keyed.append((way_s, pose))
        for _ in range(6):
            elbow = tuple(generator.uniform(10.0, 50.0, 2).tolist())
            keyed.append((float(generator.uniform(0.3, 0.7)), replace(pose, elbow=elbow)))
        keyed += [(way_s, FigurePose()), (1.0, FigurePose())]
    return keyed


MOVEMENTS: dict[str, Callable[[Generator], list[Keyed]]] = {
    one.__name__: one for one in (walking, sitting_down, talking, drinking, tying_shoes)
}
"""The movements by name."""


def exercise(generator: Generator, figure: Figure[FigurePose]) -> list[Keyed]:
    """Repetitions of an exercise by a figure, of random range, speed and habits.

    Args:
        generator: of the variation.
        figure: the key poses of the exercise.
    """
    start, turn = figure.start, figure.turn
    still = (start.arm, start.arm_out, start.elbow) == (turn.arm, turn.arm_out, turn.elbow)
    habit: dict[str, Any] = {}
    if still and start.trunk == 0.0:
        habit = _ARM_HABITS[int(generator.integers(len(_ARM_HABITS)))]
    rest = _wobbled(replace(start, **habit), generator)
    keyed: list[Keyed] = [(0.0, rest), (1.0, rest)]
    way_s = float(generator.uniform(0.7, 1.6))
    for _ in range(_EXERCISE_REPETITIONS):
        whole = start.towards(turn, float(generator.uniform(0.75, 1.1)))
        far = _wobbled(replace(whole, **habit), generator)
        keyed += [(way_s, far), (way_s, rest), (0.6, rest)]
    return keyed


def _wobbled(pose: FigurePose, generator: Generator) -> FigurePose:
    """The pose with every limb a little elsewhere."""
    changed: dict[str, Any] = {}
    for name, value in vars(pose).items():
        if isinstance(value, tuple):
            changed[name] = tuple((value + _WOBBLE_DEG * generator.normal(size=2)).tolist())
    return replace(pose, **changed)


def frames_of(keyed: Sequence[Keyed], generator: Generator) -> Frames:
    """Return frames of a figure that passes through poses, seen by a depth sensor."""
    shares: list[FloatArray] = []
    for (_, start), (seconds, end) in pairwise(keyed):
        for part in range(max(1, round(seconds * _RATE_HZ))):
            way = 0.5 - 0.5 * np.cos(np.pi * part / max(1, round(seconds * _RATE_HZ)))
            shares.append(start.towards(end, float(way)).joints())
    body = np.stack(shares) * generator.uniform(0.85, 1.15)
    yaw = generator.uniform(-0.4, 0.4)
    turn = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1.0]])
    positions = body @ turn.T @ _BODY_TO_CAMERA
    noise = generator.normal(size=(len(positions) + _SHAKE_FRAMES, JOINT_COUNT, 3)) * _NOISE_M
    smooth = np.cumsum(noise, axis=0)
    positions = positions + (smooth[_SHAKE_FRAMES:] - smooth[:-_SHAKE_FRAMES]) / _SHAKE_FRAMES
    positions -= positions[:, :1]
    sure = np.ones(JOINT_COUNT)
    frames: Frames = []
    for index, joints in enumerate(positions):
        stamp = to_nanoseconds((index + 1) / _RATE_HZ)
        pixels = np.full((JOINT_COUNT, 2), np.nan)
        frames.append((stamp, [Skeleton(stamp, 1, joints, pixels, sure, sure > 0)]))
    return frames
