"""Whether a repetition can be of its exercise at all: legs and trunk against the figure of it.

The rules judge what they name. By them alone squats with raised arms would be good arm raises, and
biceps curls good push-ups.
"""

import math
from collections.abc import Sequence

import numpy as np

from apsa_perception.assessment.evidence import Frame
from apsa_perception.exercises.definition import BodyPosture, ExerciseDefinition
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import BoolArray, FloatArray
from apsa_perception.model.time import NS_PER_S
from apsa_perception.repetition.segment import Segment

# Of 5341 recorded repetitions 2 exceed these, both faulty; the other leg of a squat done as a march
# moves by 80 degrees (docs/exercises.md).
_MOST_OUT_DEG = 50.0
_MOST_BACK_DEG = 20.0  # less: the arms may be back before the legs are
_MOST_TILT_DEG = 45.0
_MOVES_DEG = 30.0
"""What the figure moves by more than this, a person may move as far as they can."""

_BEFORE_NS = int(0.4 * NS_PER_S)  # counting notices the start late
_NEAR_NS = int(0.12 * NS_PER_S)
_UP = np.array([0.0, 0.0, 1.0])
_TRUNK = [Joint.PELVIS, Joint.NECK]
_LEGS = (
    [Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE],
    [Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE],
)
_NEEDED = tuple(each for leg in _LEGS for each in ([*_TRUNK, *leg[:2]], leg))
_OTHER_SIDE = [0, 3, 4, 1, 2]


class FigureMatch:
    """Compares the repetitions of an exercise with its figure.

    Args:
        exercise: the exercise; without a figure nothing is compared.
    """

    def __init__(self, exercise: ExerciseDefinition) -> None:
        self._title = exercise.title
        self._lies = exercise.posture is BodyPosture.LYING
        self._ends: FloatArray | None = None
        if exercise.figure is not None:
            self._ends = _angles_deg(exercise.figure.bodies(2), _UP)

    def contradiction(self, segment: Segment, frames: Sequence[Frame]) -> str:
        """Return why this is another exercise, as a sentence; empty if it may be this one.

        Args:
            segment: the repetition.
            frames: its frames and some of those before it.
        """
        if self._ends is None:
            return ""
        start, turn, end = (
            _seen_deg(frames, stamp_ns)
            for stamp_ns in (segment.start_ns - _BEFORE_NS, segment.peak_ns, segment.end_ns)
        )
        tilts = self._ends[:, 0]
        if self._lies and _beyond(start[0], tilts.min(), tilts.max()) > _MOST_TILT_DEG:
            return Sentence.DONE_LYING.text(asked=self._title)
        own = self._ends[1] - self._ends[0]
        trunk, legs = min(
            (_share_of_limits(turn - start, turn - end, each) for each in (own, own[_OTHER_SIDE])),
            key=max,
        )
        if legs > 1.0:
            return Sentence.LEGS_MOVE.text(asked=self._title)
        if trunk > 1.0:
            return Sentence.TRUNK_MOVES.text(asked=self._title)
        return ""


def _share_of_limits(out: FloatArray, back: FloatArray, own: FloatArray) -> FloatArray:
    """How far trunk and legs, ``(2,)``, move out and back beyond a figure; 1: as far as allowed."""
    return np.minimum(
        _excess_deg(out, own) / _MOST_OUT_DEG, _excess_deg(back, own) / _MOST_BACK_DEG
    )


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


def _seen_deg(frames: Sequence[Frame], stamp_ns: int) -> FloatArray:
    """Medians ``(5,)`` of the angles around a moment; NaN where they were not seen."""
    nearest = min(abs(frame.stamp_ns - stamp_ns) for frame in frames)
    near = [one for one in frames if abs(one.stamp_ns - stamp_ns) <= max(nearest, _NEAR_NS)]
    bodies = np.stack([frame.skeleton.positions for frame in near])
    seen = np.stack([frame.posture.seen for frame in near])
    angles = np.where(_are_seen(seen), _angles_deg(bodies, near[-1].posture.up), np.nan)
    known = ~np.isnan(angles)
    return np.array(
        [np.median(angles[known[:, column], column]) if known[:, column].any() else np.nan
         for column in range(angles.shape[1])]
    )  # fmt: skip


def _are_seen(seen: BoolArray) -> BoolArray:
    """Whether the joints of each angle are seen, ``(T, 5)`` from ``(T, 20)``."""
    return np.stack([seen[:, joints].all(axis=1) for joints in (_TRUNK, *_NEEDED)], axis=1)


def _excess_deg(change: FloatArray, own: FloatArray) -> FloatArray:
    """How far trunk and legs, ``(2,)``, move beyond a figure that moves by ``own`` ``(5,)``.

    A leg moves as far as both its hip and its knee do: the hip alone also bends with the trunk.
    """
    farthest = np.where(np.abs(own) > _MOVES_DEG, np.copysign(np.inf, own), own)
    beyond = [
        _beyond(moved, min(0.0, end), max(0.0, end))
        for moved, end in zip(change.tolist(), farthest.tolist(), strict=True)
    ]
    return np.array([beyond[0], max(min(beyond[1:3]), min(beyond[3:5]))])


def _beyond(value: float, low: float, high: float) -> float:
    """How far a value is outside a range; 0 within it, and if it is not known."""
    return max(low - value, value - high, 0.0) if not math.isnan(value) else 0.0
