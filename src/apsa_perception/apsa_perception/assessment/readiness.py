"""Whether a person is ready to start: alone, whole in view, near enough, turned right and still."""

from collections import deque
from collections.abc import Sequence

import numpy as np

from apsa_perception.assessment.calibration import WHOLE_BODY
from apsa_perception.assessment.sideways import SidewaysWatch
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.exercises.definition import (
    BodyPosture,
    ExerciseDefinition,
    joints_without_other_side,
)
from apsa_perception.model.codes import ExerciseSide, Missing, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.model.time import NS_PER_S, to_nanoseconds

COUNTDOWN_S = 3.0
_DEBOUNCE_NS = NS_PER_S
_STILL_NS = NS_PER_S
# Our choices. In a picture of 480 lines a person of 0.3 of its height has 1 cm a pixel, the size
# of a joint's error; somebody who stands sways by 1 to 2 cm; a bystander is smaller by a third.
_SMALLEST_SHARE = 0.3
_STILL_M = 0.04
_BYSTANDER_SHARE = 0.66
_MARGIN = 0.01

_ONE_SIDE = {ExerciseSide.LEFT: (Side.LEFT,), ExerciseSide.RIGHT: (Side.RIGHT,)}


class ReadinessWatch:
    """Finds what is missing, the most important thing first.

    Attributes:
        upside_down: whether the last picture that was turned was upside down.
    """

    def __init__(self) -> None:
        self.upside_down = False
        self._sideways: SidewaysWatch | None = None
        self._recent: deque[tuple[int, FloatArray]] = deque()

    def update(
        self,
        stamp_ns: int,
        skeletons: Sequence[Skeleton],
        skeleton: Skeleton | None,
        posture: Posture | None,
        exercise: ExerciseDefinition | None,
    ) -> Missing:
        """Process a frame.

        Args:
            stamp_ns: its stamp.
            skeletons: all people in it.
            skeleton: the exerciser, None if out of view.
            posture: the exerciser's posture.
            exercise: what the person is about to do; None: stand upright for a calibration.
        """
        if skeleton is None or posture is None:
            self._recent.clear()
            return Missing.PERSON
        usual = exercise.posture if exercise else BodyPosture.UPRIGHT
        if self._sideways is None or self._sideways.usual is not usual:
            self._sideways = SidewaysWatch(usual)
        sideways = self._sideways.update(stamp_ns, posture)
        still = self._is_still(stamp_ns, posture)
        if _several(skeletons, skeleton):
            return Missing.ONE_PERSON
        if sideways:
            self.upside_down = sideways == Sentence.UPSIDE_DOWN.text()
            return Missing.UPRIGHT_CAMERA
        limbs = _limbs(exercise)
        if not any(posture.seen[list(limb)].all() for limb in limbs):
            outside = any(_outside(skeleton, joint) for limb in limbs for joint in limb)
            return Missing.WHOLE_BODY if outside else Missing.LIGHT
        if _is_small(skeleton):
            return Missing.CLOSENESS
        views = exercise.views if exercise else ALL_VIEWS
        if not posture.depth_measured and posture.view not in {*views, View.UNKNOWN}:
            return Missing.FRONT_VIEW if View.FRONTAL in views else Missing.SIDE_VIEW
        return Missing.NOTHING if still else Missing.STILLNESS

    def _is_still(self, stamp_ns: int, posture: Posture) -> bool:
        """Whether no visible joint has moved in the picture for a second."""
        places = np.where(posture.seen[:, None], posture.plane / posture.plane_scale, np.nan)
        self._recent.append((stamp_ns, places))
        while self._recent[0][0] < stamp_ns - _STILL_NS:
            self._recent.popleft()
        if stamp_ns - self._recent[0][0] < 0.8 * _STILL_NS:
            return False
        track = np.stack([each for _, each in self._recent])
        moved = track[:, np.isfinite(track).all(axis=(0, 2))].std(axis=0)
        return bool(moved.size) and float(moved.max()) < _STILL_M


class Preparation:
    """Waits until a person is ready, then counts down.

    Attributes:
        missing: what was missing for a while; ``NOTHING`` during the countdown.
        seconds_left: seconds of the countdown; 0 before.
    """

    def __init__(self) -> None:
        self.missing = Missing.NOTHING
        self.seconds_left = 0
        self._seen: tuple[Missing, int] | None = None
        self._lacking_ns: int | None = None
        self._ready_ns: int | None = None

    def update(self, stamp_ns: int, missing: Missing) -> bool:
        """Process a frame; return True when the countdown is over."""
        if self._ready_ns is not None and missing is Missing.STILLNESS:
            missing = Missing.NOTHING  # counting down, people shift their weight
        if missing is Missing.NOTHING:
            self._lacking_ns = None
        elif self._lacking_ns is None:
            self._lacking_ns = stamp_ns
        if self._seen is None or self._seen[0] is not missing:
            self._seen = missing, stamp_ns
        lacks = self._lacking_ns is not None and (
            self._ready_ns is None or stamp_ns - self._lacking_ns >= _DEBOUNCE_NS
        )  # a joint that flickers during the countdown is no reason to start it again
        if lacks:
            self._ready_ns, self.seconds_left = None, 0
            if stamp_ns - self._seen[1] >= _DEBOUNCE_NS:
                self.missing = missing
            return False
        self.missing = Missing.NOTHING
        if self._ready_ns is None:
            self._ready_ns = stamp_ns
        left_ns = self._ready_ns + to_nanoseconds(COUNTDOWN_S) - stamp_ns
        self.seconds_left = max(0, -(-left_ns // NS_PER_S))
        return left_ns <= 0 and missing is Missing.NOTHING


def _limbs(exercise: ExerciseDefinition | None) -> list[tuple[Joint, ...]]:
    """Sets of joints of which one must be visible: from the side the far limbs are hidden."""
    if exercise is None:
        return [WHOLE_BODY]
    sides = _ONE_SIDE.get(exercise.side, (Side.LEFT, Side.RIGHT))
    return [joints_without_other_side(exercise.joints, side) for side in sides]


def _several(skeletons: Sequence[Skeleton], exerciser: Skeleton) -> bool:
    others = (each for each in skeletons if each.body_id != exerciser.body_id)
    return any(_extent(each) > _BYSTANDER_SHARE * _extent(exerciser) for each in others)


def _outside(skeleton: Skeleton, joint: Joint) -> bool:
    """Whether a joint lies outside the picture or at its edge."""
    size = np.array(skeleton.image_size, dtype=np.float64)
    place = skeleton.pixels[joint]
    margin = _MARGIN * size
    return bool(size.all() and np.isfinite(place).all()) and bool(
        (place < margin).any() or (place > size - margin).any()
    )


def _is_small(skeleton: Skeleton) -> bool:
    height = skeleton.image_size[1]
    return 0.0 < _extent(skeleton) < _SMALLEST_SHARE * height


def _extent(skeleton: Skeleton) -> float:
    """Larger side in pixels of the box around the joints; 0 without a picture."""
    if not np.isfinite(skeleton.pixels).all():
        return 0.0
    return float(np.ptp(skeleton.pixels, axis=0).max())
