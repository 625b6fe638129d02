"""A made-up person for tests that need to know what is right."""

import math
from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.posture import Posture, make_posture, up_of_camera
from apsa_perception.biomechanics.view import ViewEstimator
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton
from support.paths import ROOT

SIZE = (640, 480)
PERIOD_NS = 40_000_000
SECOND_NS = 1_000_000_000
LEGS = tuple(joint for joint in Joint if joint >= Joint.LEFT_HIP)
_PIXELS_PER_METRE = 200.0
_LEVEL = up_of_camera(0.0)

Frames = list[tuple[int, list[Skeleton]]]


def figure(
    stamp_ns: int = 0,
    *,
    knee_deg: tuple[float, float] = (175.0, 175.0),
    knees_over_ankles: float = 1.0,
    lean_forward_deg: float = 0.0,
    lean_left_deg: float = 0.0,
    arms_deg: tuple[float, float] = (10.0, 10.0),
    turn_deg: float = 0.0,
    pitch_deg: float = 0.0,
    roll_deg: float = 0.0,
    hidden: Iterable[Joint] = (),
    body_id: int = 1,
    size: float = 1.0,
    offset_px: float = 0.0,
    picture: bool = True,
) -> Skeleton:
    """One person in one frame, seen without perspective.

    Args:
        stamp_ns: stamp.
        knee_deg: inner knee angle, left and right.
        knees_over_ankles: distance of the knees over that of the ankles.
        lean_forward_deg: lean of the trunk.
        lean_left_deg: lean of the trunk to the left.
        arms_deg: how far the arms are raised sideways from the trunk, left and right.
        turn_deg: 0 faces the camera, 90 shows the left side, 180 the back.
        pitch_deg: how far the camera looks down.
        roll_deg: how far the picture is turned clockwise.
        hidden: joints that are not observed.
        body_id: number of the person.
        size: scale of the picture of the person.
        offset_px: where the person stands in the picture, from its centre.
        picture: whether there is a picture.
    """
    body = np.zeros((JOINT_COUNT, 3))  # forward, left, up
    forward, left = math.radians(lean_forward_deg), math.radians(lean_left_deg)
    trunk = np.array([math.sin(forward), math.sin(left), math.cos(max(abs(forward), abs(left)))])
    body[Joint.SPINE], body[Joint.NECK], body[Joint.HEAD] = 0.25 * trunk, 0.5 * trunk, 0.7 * trunk
    for sign, shoulder, hip, knee, arm in (
        (1.0, Joint.LEFT_SHOULDER, Joint.LEFT_HIP, knee_deg[0], arms_deg[0]),
        (-1.0, Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP, knee_deg[1], arms_deg[1]),
    ):
        side = np.array([0.0, sign, 0.0])
        raised = math.radians(arm)
        along = math.sin(raised) * side - math.cos(raised) * trunk
        body[shoulder] = body[Joint.NECK] + 0.18 * side
        for number, reach in enumerate((0.28, 0.52, 0.6), start=1):
            body[shoulder + number] = body[shoulder] + reach * along
        tilt = math.radians(180.0 - knee) / 2.0
        drop = 0.42 * math.cos(tilt)
        body[hip] = 0.1 * side
        body[hip + 1] = (0.42 * math.sin(tilt), 0.15 * knees_over_ankles * sign, -drop)
        body[hip + 2] = (0.0, 0.15 * sign, -2.0 * drop)
        body[hip + 3] = body[hip + 2] + (0.12, 0.0, -0.05)
    turn, pitch = math.radians(turn_deg), math.radians(pitch_deg)
    facing = np.array([-math.sin(turn), 0.0, -math.cos(turn)])
    to_left = np.array([math.cos(turn), 0.0, -math.sin(turn)])
    level = body @ np.stack([facing, to_left, _LEVEL])
    cos, sin = math.cos(pitch), math.sin(pitch)
    positions = level @ np.array([[1.0, 0.0, 0.0], [0.0, cos, sin], [0.0, -sin, cos]])
    cos, sin = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    positions = positions @ np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
    pixels = np.full((JOINT_COUNT, 2), np.nan)
    if picture:
        centre = np.array([SIZE[0] / 2 + offset_px, SIZE[1] / 2])
        pixels = centre + _PIXELS_PER_METRE * size * positions[:, :2]
    observed = np.ones(JOINT_COUNT, dtype=np.bool_)
    observed[list(hidden)] = False
    confidence = np.where(observed, 0.9, 0.1)
    return Skeleton(
        stamp_ns, body_id, positions, pixels, confidence, observed, SIZE if picture else (0, 0)
    )


def posture_of(skeleton: Skeleton, pitch_deg: float = 0.0, up: FloatArray | None = None) -> Posture:
    """Prepare a figure for measuring as the assessment does; ``up`` goes before the pitch."""
    up = up_of_camera(math.radians(pitch_deg)) if up is None else up
    estimator = ViewEstimator(0.5, math.radians(30), math.radians(60), math.radians(5))
    seen = skeleton.observed
    return make_posture(skeleton, seen, up, estimator.update(skeleton, seen, up), True)


def take(name: str, posture: Posture, side: Side = Side.BOTH) -> float:
    """Value of a measure, which must be judged."""
    result = MEASURES[name].take(posture, side)
    assert result.judged, result.reason
    assert math.isfinite(result.value)
    return result.value


def bump(share: float) -> float:
    """A smooth way out and back: 0 at 0 and 1, 1 at one half."""
    return 0.5 - 0.5 * math.cos(2.0 * math.pi * min(max(share, 0.0), 1.0))


def repeat(
    make: Callable[[int, float], list[Skeleton]],
    count: int,
    *,
    movement_s: float = 2.0,
    rest_s: float = 1.0,
    start_ns: int = PERIOD_NS,
) -> Frames:
    """Frames of a rest and ``count`` movements, each followed by a rest.

    Args:
        make: people in a frame, from the stamp and the way 0..1 from rest to turning point.
        count: number of movements.
        movement_s: seconds of one movement.
        rest_s: seconds of one rest.
        start_ns: stamp of the first frame.
    """
    cycle_s = movement_s + rest_s
    stamps = range(start_ns, start_ns + int((rest_s + count * cycle_s) * SECOND_NS), PERIOD_NS)
    frames = []
    for stamp in stamps:
        since_s = (stamp - start_ns) / SECOND_NS - rest_s
        way = bump((since_s % cycle_s) / movement_s) if since_s > 0 else 0.0
        frames.append((stamp, make(stamp, way)))
    return frames


def squat(stamp_ns: int, way: float, *, depth_deg: float = 85.0, **looks: object) -> Skeleton:
    """A figure on its way down to a knee angle; ``looks`` as for ``figure``."""
    knee = 170.0 - way * (170.0 - depth_deg)
    return figure(stamp_ns, **{"knee_deg": (knee, knee), **looks})  # type: ignore[arg-type]


@cache
def library() -> ExerciseLibrary:
    """The exercises that ship with the project."""
    return ExerciseLibrary.load(ROOT / "config" / "exercises")
