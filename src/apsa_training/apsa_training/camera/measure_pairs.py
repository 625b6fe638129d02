"""Measures of drawn people as the coach takes them, beside their true values."""

import math
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_training.camera.appearance import Appearance
from apsa_training.camera.drawn_files import Drawn
from apsa_training.camera.variation import draw_variation

DEFINED_IN_PICTURE = frozenset({"knee_valgus", "knee_separation_ratio", "stance_width"})
"""Measures that are defined in the picture: their true value is that of the true pixels.

All other measures are compared with their value in space, so that the projection is part of the
error.
"""
PAIR = np.dtype(
    [
        ("measure", "U32"),
        ("side", "i4"),
        ("subject", "U24"),
        ("drawing", "i4"),
        ("frame", "i4"),
        ("true", "f8"),
        ("seen", "f8"),
        ("uncertainty", "f8"),
        ("turn_deg", "f8"),
        ("yaw_deg", "f8"),
        ("pitch_deg", "f8"),
        ("looseness_m", "f8"),
        ("moving", "?"),
    ]
)
"""A measure in one frame; ``turn_deg`` is the turn of the body as the coach sees it."""

Pairs = npt.NDArray[np.void]

_EVERY = 3  # neighbouring frames hardly differ
_MOVED_M = 0.1
_MOST_DRAWINGS = 8  # of one recording, those with an error included


def pairs_of(drawings: Iterable[Drawn], source: str, seed: int, first: int = 0) -> Pairs:
    """Return every measure that the coach takes in every third frame, ``(N,)`` of ``PAIR``.

    Args:
        drawings: what the camera saw.
        source: name of the data set, which the clothes depend on.
        seed: that the set was drawn with.
        first: number of the first drawing.
    """
    rows = []
    for number, drawn in enumerate(drawings, first):
        clothes = clothes_of(drawn, source, seed)
        loose = clothes.looseness_m if clothes else math.nan
        view = (abs(drawn.yaw_deg), drawn.pitch_deg, loose)
        for frame, values in _frames(drawn):
            moved = np.linalg.norm(drawn.truth[frame] - drawn.truth[0], axis=1).max() > _MOVED_M
            place = (f"{source}-{drawn.subject}", number, frame)
            rows += [(*key, *place, *numbers, *view, moved) for key, numbers in values]
    return np.array(rows, dtype=PAIR)


def clothes_of(drawn: Drawn, source: str, seed: int) -> Appearance | None:
    """The clothes of a drawing, which follow from the seed; None if it has another seed."""
    for number in range(_MOST_DRAWINGS):
        drawn_as = draw_variation(seed, f"{source}-{drawn.subject}", drawn.name, number)
        view = drawn_as.viewpoint
        if (view.yaw_deg, view.pitch_deg, view.fov_deg) == (
            drawn.yaw_deg,
            drawn.pitch_deg,
            drawn.fov_deg,
        ):
            return drawn_as.appearance
    return None


_Values = list[tuple[tuple[str, int], tuple[float, float, float, float]]]


def _frames(drawn: Drawn) -> Iterator[tuple[int, _Values]]:
    """Every third frame with a person: name and side, (true, seen, uncertainty, turn)."""
    in_picture, in_space, seen = (_tracker(drawn) for _ in range(3))
    for frame in np.flatnonzero(drawn.seen)[::_EVERY]:
        true = {
            True: in_picture.posture(_true_skeleton(drawn, frame, drawn.image_size)),
            False: in_space.posture(_true_skeleton(drawn, frame, (0, 0))),
        }
        yield int(frame), _values(seen.posture(_seen_skeleton(drawn, frame)), true)


def _values(seen: Posture, true: dict[bool, Posture]) -> _Values:
    turn = math.degrees(seen.body_view.turn_rad) if seen.body_view else math.nan
    values: _Values = []
    for name, measure in MEASURES.items():
        for side in measure.sides:
            found = measure.take(seen, side)
            if not found.judged:
                continue
            right = measure.take(true[name in DEFINED_IN_PICTURE], side)
            if right.judged:
                numbers = (right.value, found.value, found.uncertainty, turn)
                values.append(((name, int(side)), numbers))
    return values


def _tracker(drawn: Drawn) -> PostureTracker:
    return PostureTracker(AssessmentSettings(camera_pitch_deg=drawn.pitch_deg))


def _true_skeleton(drawn: Drawn, frame: int, image_size: tuple[int, int]) -> Skeleton:
    return Skeleton(
        stamp_ns=round(drawn.stamps_s[frame] * 1e9),
        body_id=1,
        positions=drawn.truth[frame].astype(np.float64),
        pixels=drawn.true_pixels[frame].astype(np.float64),
        confidence=np.ones(JOINT_COUNT),
        observed=np.ones(JOINT_COUNT, dtype=np.bool_),
        image_size=image_size,
    )


def _seen_skeleton(drawn: Drawn, frame: int) -> Skeleton:
    confidence: FloatArray = drawn.confidence[frame].astype(np.float64)
    return Skeleton(
        stamp_ns=round(drawn.stamps_s[frame] * 1e9),
        body_id=1,
        positions=drawn.positions[frame].astype(np.float64),
        pixels=drawn.pixels[frame].astype(np.float64),
        confidence=confidence,
        observed=drawn.observed[frame],
        image_size=drawn.image_size,
    )
