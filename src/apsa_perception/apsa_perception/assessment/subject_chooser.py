"""Choice of the exerciser among the people in view."""

from collections.abc import Sequence

import numpy as np

from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import to_nanoseconds


class SubjectChooser:
    """Chooses the largest, most central person and keeps them until they have left.

    Attributes:
        keep_s: seconds that the exerciser may be out of view before another person is chosen.
    """

    def __init__(self, keep_s: float) -> None:
        self.keep_s = keep_s
        self._body_id = 0
        self._last_seen_ns = 0

    def choose(self, stamp_ns: int, skeletons: Sequence[Skeleton]) -> Skeleton | None:
        """Return the exerciser in this frame; None while they are out of view."""
        for skeleton in skeletons:
            if skeleton.body_id == self._body_id:
                self._last_seen_ns = stamp_ns
                return skeleton
        if self._body_id and stamp_ns - self._last_seen_ns < to_nanoseconds(self.keep_s):
            return None
        if not skeletons:
            self._body_id = 0
            return None
        chosen = max(skeletons, key=_prominence)
        self._body_id = chosen.body_id
        self._last_seen_ns = stamp_ns
        return chosen


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
