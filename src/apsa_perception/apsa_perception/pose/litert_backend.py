"""Backend that runs the TensorFlow Lite files of BlazePose: one person, no internet access."""

import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import CanonicalPose
from apsa_perception.model.stamps import microseconds_after
from apsa_perception.pose.backend import DEFAULT_MODEL, POSE_MODELS
from apsa_perception.pose.blazepose import blazepose_to_canonical
from apsa_perception.pose.blazepose_detector import BlazePoseDetector
from apsa_perception.pose.blazepose_landmarks import BlazePoseLandmarker
from apsa_perception.pose.region import limit_size
from apsa_perception.pose.region_tracker import RegionTracker


class LiteRtBackend:
    """BlazePose as in the graph ``pose_landmark_cpu.pbtxt`` of MediaPipe 0.10.21.

    The detector searches the whole picture while there is nobody. After that, the region of the
    person comes from the landmarks of the last picture. The smoothing of landmarks is left to the
    estimator.

    Args:
        model: one of ``MODELS``; larger ones are more accurate and slower.

    Raises:
        ValueError: a model file is missing or damaged.
    """

    MODELS = POSE_MODELS

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self.name = f"blazepose_{model}"
        self._detector = BlazePoseDetector()
        self._landmarker = BlazePoseLandmarker(model)
        self._tracker = RegionTracker()
        self._last_us: int | None = None

    def detect(self, rgb: RgbImage, stamp_ns: int) -> list[CanonicalPose]:
        """Return the person in the picture, if any.

        Raises:
            StampError: the stamp is not at least a microsecond later than the last one.
        """
        self._last_us = stamp_us = microseconds_after(stamp_ns, self._last_us)
        small = limit_size(rgb)
        size = (small.shape[1], small.shape[0])
        region = self._tracker.region() or self._detector.detect(small)
        found = self._landmarker.find(small, region) if region else None
        if found is None:
            self._tracker.reset()
            return []
        self._tracker.follow(found.alignment, stamp_us, size)
        height, width = rgb.shape[:2]
        return [
            blazepose_to_canonical(
                world=found.world.astype(np.float64),
                pixels=found.picture.astype(np.float64) * (width, height),
                visibility=found.visibility.astype(np.float64),
                image_size=(width, height),
            )
        ]

    def reset(self) -> None:
        """Forget earlier frames; the next stamp may have any value."""
        self._tracker.reset()
        self._last_us = None

    def close(self) -> None:
        """Release the models."""
        del self._detector, self._landmarker
