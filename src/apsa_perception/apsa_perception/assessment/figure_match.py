"""Whether a repetition can be of its exercise at all: legs and trunk against the figure of it.

The rules judge what they name. By them alone squats with raised arms would be good arm raises, and
biceps curls good push-ups.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from apsa_perception.assessment.evidence import Frame
from apsa_perception.exercises.definition import BodyPosture, ExerciseDefinition
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import BoolArray, FloatArray
from apsa_perception.model.time import NS_PER_S
from apsa_perception.repetition.segment import Segment

# How far the trunk, and hip and knee of each leg, may move beyond the figure: none of 5341
# recorded repetitions does; the other leg of a squat that was done as a march does
# (docs/exercises.md).
_MOST_DEG = np.array([50.0, 35.0, 55.0, 35.0, 55.0])
_BACK = 0.4
"""Share of it that must be seen on the way back, too: the arms may be back before the legs are."""
_PERCENTILE = 90.0

# In recorded repetitions of one leg the other leg moved by at most 0.6 of it.
_ALIKE = 0.7
_MOST_ALIKE = 0.5
"""Share that is enough if both legs did a movement of one leg alike, as in a squat."""

_MOST_TILT_DEG = 45.0
# Hips and knees of who sits are below the one, of who stands above the other.
_SITS_DEG, _STANDS_DEG = 125.0, 135.0
_MOVES_DEG = 30.0
"""What the figure moves by more than this, a person may move as far as they can."""

_NEAR_NS = int(0.12 * NS_PER_S)
_UP = np.array([0.0, 0.0, 1.0])
_TRUNK = [Joint.PELVIS, Joint.NECK]
_LEGS = (
    [Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE],
    [Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE],
)
_NEEDED = tuple(each for leg in _LEGS for each in ([*_TRUNK, *leg[:2]], leg))
_HIPS = [1, 3]
_OTHER_SIDE = [0, 3, 4, 1, 2]


class FigureMatch:
    """Compares the repetitions of an exercise with its figure.

    Args:
        exercise: the exercise; without a figure nothing is compared.
    """

    def __init__(self, exercise: ExerciseDefinition) -> None:
        self._title = exercise.title
        self._lies = exercise.posture is BodyPosture.LYING
        self._sits = False
        self._ends: FloatArray | None = None
        if exercise.figure is not None:
            self._ends = _angles_deg(exercise.figure.bodies(2), _UP)
            self._sits = not self._lies and _sits(self._ends)

    def contradiction(self, segment: Segment, frames: Sequence[Frame]) -> str:
        """Return why this is another exercise, as a sentence; empty if it may be this one.

        Args:
            segment: the repetition.
            frames: its frames and the end of the rest before it: counting notices the start late.
        """
        if self._ends is None:
            return ""
        angles = _angles_of(frames)
        stamps = np.array([frame.stamp_ns for frame in frames])
        start, end = (_median_around(at, stamps, angles) for at in (stamps[0], segment.end_ns))
        tilts = self._ends[:, 0]
        if self._lies and _beyond(start[:1], tilts.min(), tilts.max()) > _MOST_TILT_DEG:
            return Sentence.DONE_LYING.text(asked=self._title)
        if self._sits and (_stands(start) or _stands(end)):
            return Sentence.DONE_SITTING.text(asked=self._title)
        own = self._ends[1] - self._ends[0]
        most = _MOST_ALIKE if _is_of_one_leg(own) and _move_alike(segment) else 1.0
        trunk, legs = min(
            (_shares(angles - start, angles - end, each) for each in (own, own[_OTHER_SIDE])),
            key=max,
        )
        if legs > most:
            return Sentence.LEGS_MOVE.text(asked=self._title)
        if trunk > 1.0:
            return Sentence.TRUNK_MOVES.text(asked=self._title)
        return ""


def _sits(ends: FloatArray) -> bool:
    """Whether a figure with these angles ``(2, 5)`` sits at the start and does not stand up."""
    return bool((ends[0, 1:] < _SITS_DEG).all() and (ends[1, _HIPS] < _SITS_DEG).any())


def _stands(angles: FloatArray) -> bool:
    """Whether all legs that are seen are straight, by the angles ``(5,)``."""
    legs = angles[1:].reshape(2, 2)
    seen = legs[~np.isnan(legs).any(axis=1)]
    return len(seen) > 0 and bool((seen > _STANDS_DEG).all())


def _is_of_one_leg(own: FloatArray) -> bool:
    """Whether one leg of a figure moves and the other one stays, by its changes ``(5,)``."""
    left, right = (np.abs(own[leg]).max() > _MOVES_DEG for leg in (slice(1, 3), slice(3, 5)))
    return bool(left != right)


def _move_alike(segment: Segment) -> bool:
    """Whether both sides made the repetition, about as far."""
    less, more = sorted(segment.side_excursions)
    return segment.side is Side.BOTH and less >= _ALIKE * more


def _shares(out: FloatArray, back: FloatArray, own: FloatArray) -> FloatArray:
    """How far trunk and legs, ``(2,)``, move beyond a figure; 1: as far as allowed.

    A leg moves as far as both its hip and its knee do: the hip alone also bends with the trunk.

    Args:
        out: changes of the angles since the start, ``(T, 5)``.
        back: changes to the end.
        own: the changes ``(5,)`` of the figure.
    """
    farthest = np.where(np.abs(own) > _MOVES_DEG, np.copysign(np.inf, own), own)
    low, high = np.minimum(0.0, farthest), np.maximum(0.0, farthest)
    share = np.minimum(
        _beyond(out, low, high) / _MOST_DEG, _beyond(back, low, high) / (_BACK * _MOST_DEG)
    )
    legs = np.maximum(share[:, 1:3].min(axis=1), share[:, 3:5].min(axis=1))
    moved = np.sort(np.stack([share[:, 0], legs]), axis=1)
    second = moved[:, -2:][:, 0]  # of ten frames or fewer the percentile would weigh an outlier
    found: FloatArray = np.minimum(np.percentile(moved, _PERCENTILE, axis=1), second)
    return found


def _angles_of(frames: Sequence[Frame]) -> FloatArray:
    """Angles in each frame, ``(T, 5)``; NaN where they were not seen."""
    bodies = np.stack([frame.skeleton.positions for frame in frames])
    seen = np.stack([frame.posture.seen for frame in frames])
    return np.where(_are_seen(seen), _angles_deg(bodies, frames[-1].posture.up), np.nan)


def _angles_deg(bodies: FloatArray, up: FloatArray) -> FloatArray:
    """Tilt of the trunk from upright, then hip and knee angle, left and right, ``(T, 5)``.

    Args:
        bodies: joints ``(T, 20, 3)``.
        up: ``(3,)`` unit vector of world up.
    """
    trunk = bodies[:, Joint.NECK] - bodies[:, Joint.PELVIS]
    columns = [_between_deg(trunk, np.broadcast_to(up, trunk.shape))]
    for hip, knee, ankle in _LEGS:
        thigh, shank = bodies[:, knee] - bodies[:, hip], bodies[:, ankle] - bodies[:, knee]
        columns += [_between_deg(trunk, thigh), _between_deg(-thigh, shank)]
    return np.stack(columns, axis=1)


def _between_deg(first: FloatArray, second: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    cosines = (first * second).sum(axis=1) / np.where(lengths > 0.0, lengths, np.nan)
    return np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))


def _median_around(
    stamp_ns: int, stamps_ns: npt.NDArray[np.int64], angles: FloatArray
) -> FloatArray:
    """Medians ``(5,)`` of the angles ``(T, 5)`` around a moment; NaN where none was seen."""
    distances = np.abs(stamps_ns - stamp_ns)
    near = angles[distances <= max(distances.min(), _NEAR_NS)]
    seen = [column[~np.isnan(column)] for column in near.T]
    return np.array([np.median(column) if len(column) else np.nan for column in seen])


def _are_seen(seen: BoolArray) -> BoolArray:
    """Whether the joints of each angle are seen, ``(T, 5)`` from ``(T, 20)``."""
    return np.stack([seen[:, joints].all(axis=1) for joints in (_TRUNK, *_NEEDED)], axis=1)


def _beyond(values: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """How far values are outside a range; 0 within it, and where they are not known."""
    return np.nan_to_num(np.maximum(np.maximum(low - values, values - high), 0.0))
