"""Whether the pictures are mirror images, as cameras for video calls deliver them."""

import math

from apsa_feedback.stream.views import View
from apsa_perception.biomechanics.posture import picture_of

_FRAMES = 15
"""So many frames in a row must contradict, so that the picture never turns over for a moment."""


class MirrorImages:
    """Knows it from the skeletons, whose places in space are those before the camera.

    Only the pose node has the parameter ``mirrored``, possibly on another machine. Where it is set,
    x has opposite directions in the picture and in space.
    """

    def __init__(self) -> None:
        self._mirrored: bool | None = None
        self._contradicting = 0

    def of(self, view: View) -> bool:
        """Return whether the picture of a frame is a mirror image; the first person decides."""
        seen = next((each for each in view.skeletons if each.image_size != (0, 0)), None)
        if seen is not None:
            mirrored, scale = picture_of(seen)
            if not math.isfinite(scale):
                return bool(self._mirrored)
            self._contradicting = self._contradicting + 1 if mirrored != self._mirrored else 0
            if self._mirrored is None or self._contradicting >= _FRAMES:
                self._mirrored, self._contradicting = mirrored, 0
        return bool(self._mirrored)
