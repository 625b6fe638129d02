"""Choice of the exerciser among the people in view."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.model.time import NS_PER_S, to_nanoseconds

BYSTANDER_S = 10.0
"""Seconds that the exerciser must be gone before somebody who was beside them is chosen."""

_IN_VIEW_NS = NS_PER_S
_MARGIN = 0.1  # of a person's height, about their joints, that belongs to them


@dataclass(frozen=True)
class Selection:
    """Who is to be the exerciser: by number or by place, or whoever is chosen automatically.

    Attributes:
        body_id: number of the person; None if the place counts.
        point: x and y in the last picture, in pixels; None if the number counts.
    """

    body_id: int | None = None
    point: tuple[float, float] | None = None


class SubjectChooser:
    """Keeps the selected person; without a selection, a large and central one until they have left.

    Attributes:
        keep_s: seconds that the exerciser may be out of view before another person is chosen.
        selected_id: number of the selected person, who is kept whether or not they are in view;
            0: automatic choice.
    """

    def __init__(self, keep_s: float) -> None:
        self.keep_s = keep_s
        self.selected_id = 0
        self._body_id = 0
        self._last_seen_ns = 0
        self._stamp_ns = 0
        self._bystanders: set[int] = set()
        self._in_view: dict[int, Skeleton] = {}

    def select(self, selection: Selection) -> int:
        """Keep this person from now on; return their number, 0 for the automatic choice.

        Raises:
            RequestError: nobody in view has this number or is at this point.
        """
        if selection.point is not None:
            self.selected_id = self._at(*selection.point)
        elif selection.body_id is None:
            self.selected_id = 0
        elif selection.body_id in self._in_view:
            self.selected_id = selection.body_id
        else:
            raise RequestError(RequestErrorCode.UNKNOWN_PERSON, self._missing(selection.body_id))
        if self.selected_id:
            self.keep(self.selected_id)
        return self.selected_id

    def choose(self, stamp_ns: int, skeletons: Sequence[Skeleton]) -> Skeleton | None:
        """Return the exerciser in this frame; None while they are out of view."""
        self._stamp_ns = stamp_ns
        self._in_view = {
            number: one
            for number, one in self._in_view.items()
            if stamp_ns - one.stamp_ns < _IN_VIEW_NS
        } | {one.body_id: one for one in skeletons}
        wanted = self.selected_id or self._body_id
        for skeleton in skeletons:
            if skeleton.body_id == wanted:
                self._last_seen_ns = stamp_ns
                self._body_id = wanted
                self._bystanders |= {one.body_id for one in skeletons} - {wanted}
                return skeleton
        if self.selected_id:
            return None
        absent_ns = stamp_ns - self._last_seen_ns
        if self._body_id and absent_ns < to_nanoseconds(self.keep_s):
            return None
        if absent_ns < to_nanoseconds(BYSTANDER_S):
            skeletons = [one for one in skeletons if one.body_id not in self._bystanders]
        if not skeletons:
            return None
        chosen = max(skeletons, key=_prominence)
        self.keep(chosen.body_id)
        self._last_seen_ns = stamp_ns
        return chosen

    def keep(self, body_id: int) -> None:
        """Take a person in view as the exerciser, until they have left."""
        self._body_id = body_id
        self._last_seen_ns = self._stamp_ns
        self._bystanders = set(self._in_view) - {body_id}

    def _at(self, x: float, y: float) -> int:
        """Number of the person at a point in the picture."""
        if not math.isfinite(x) or not math.isfinite(y):
            raise RequestError(
                RequestErrorCode.OUT_OF_RANGE,
                f"the point is ({x:g}, {y:g}); expected pixels of the image",
            )
        point = np.array((x, y))
        near = [
            (float(np.hypot(*(one.pixels[Joint.SPINE] - point))), number)
            for number, one in self._in_view.items()
            if _covers(one, point)
        ]
        if not near:
            raise RequestError(
                RequestErrorCode.UNKNOWN_PERSON,
                f"nobody is at ({x:g}, {y:g}); expected a point on {self._present()}",
            )
        return min(near)[1]

    def _missing(self, number: int) -> str:
        if not self._in_view:
            return Sentence.NOBODY_IN_VIEW.text(number=number)
        return Sentence.NOT_IN_VIEW.text(number=number, numbers=self._numbers())

    def _present(self) -> str:
        if not self._in_view:
            return "a person, but nobody is in view"
        return f"person {self._numbers()}"

    def _numbers(self) -> str:
        return ", ".join(map(str, sorted(self._in_view)))


def _covers(skeleton: Skeleton, point: FloatArray) -> bool:
    """Whether a point in the picture belongs to a person; False without a picture."""
    low, high = skeleton.pixels.min(axis=0), skeleton.pixels.max(axis=0)
    margin = _MARGIN * (high[1] - low[1])
    return bool(((point >= low - margin) & (point <= high + margin)).all())


def _prominence(skeleton: Skeleton) -> tuple[float, int]:
    """Size in the picture, reduced off its centre; the lowest body number wins a tie."""
    width, height = skeleton.image_size
    if width and height and np.isfinite(skeleton.pixels).all():
        low, high = skeleton.pixels.min(axis=0), skeleton.pixels.max(axis=0)
        size = float((high[1] - low[1]) / height)
        off_centre = abs(float(low[0] + high[0]) / width - 1.0)
        return size * (1.0 - 0.5 * min(off_centre, 1.0)), -skeleton.body_id
    if skeleton.root is not None and skeleton.root[2] > 0:
        off_axis = abs(float(skeleton.root[0]))
        return 1.0 / (float(skeleton.root[2]) + off_axis), -skeleton.body_id
    return 0.0, -skeleton.body_id
