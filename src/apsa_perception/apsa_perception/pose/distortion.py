"""Lens distortion of a calibrated camera, with the models of sensor_msgs/CameraInfo."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from apsa_perception.model.skeleton import FloatArray

COUNTS = {"plumb_bob": (4, 5), "rational_polynomial": (8, 12, 14), "equidistant": (4,)}
"""Numbers of coefficients by ``distortion_model``: those of REP 104 and what OpenCV also takes."""

WIDEST = np.tan(np.radians(60.0))
"""Largest distance of a ray from the optical axis, at a depth of 1; a picture without distortion
stretches people by a factor of 2 there and more beyond."""

_LEAST_RADIUS = 0.25
"""Share of the shorter edge around the principal point for which coefficients must hold. The
polynomial of a wide-angle lens, fitted near the middle, may turn back towards the corners."""


class DistortionError(ValueError):
    """Distortion of a camera_info that cannot be used; one sentence."""


@dataclass(frozen=True)
class Distortion:
    """Where a lens shows rays, against a pinhole camera with the same matrix.

    The formulas are those of OpenCV: ``calib3d`` (Brown 1971, with a rational polynomial), and
    ``fisheye`` for ``equidistant`` (Kannala and Brandt 2006).

    Attributes:
        model: one of ``COUNTS``.
        coefficients: as in ``D`` of sensor_msgs/CameraInfo.

    Raises:
        DistortionError: the model is not known, or its coefficients are not finite or too few.
    """

    model: str
    coefficients: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check model and coefficients."""
        if self.model not in COUNTS:
            raise DistortionError(
                f"camera_info has the distortion model '{self.model}'; expected one of "
                f"{', '.join(COUNTS)}: the distortion is not removed"
            )
        counts = COUNTS[self.model]
        if len(self.coefficients) not in counts or not np.isfinite(self.coefficients).all():
            raise DistortionError(
                f"camera_info has the distortion coefficients {self._values}; expected "
                f"{' or '.join(map(str, counts))} finite numbers for {self.model}: the distortion "
                "is not removed"
            )

    @property
    def reach(self) -> float:
        """Distance from the optical axis up to which rays further out are shown further out.

        Polynomials are fitted to what the picture shows, and may turn back beyond it.
        """
        return _reach_of(self)

    def check_picture(self, size: tuple[int, int], intrinsics: FloatArray) -> None:
        """Check that the coefficients hold for a picture.

        Args:
            size: its width and height in pixels.
            intrinsics: ``(3, 3)`` usable pinhole matrix in its pixels.

        Raises:
            DistortionError: the polynomial turns back near the principal point, as with percents.
        """
        if self.reach >= WIDEST:
            return
        radius_px = float(self.shown(np.array([[self.reach, 0.0]]))[0, 0] * intrinsics[0, 0])
        if not radius_px >= _LEAST_RADIUS * min(size):
            raise DistortionError(
                f"camera_info has the distortion coefficients {self._values}; expected those of a "
                f"lens: these turn back {max(0.0, radius_px):.0f} pixels from the principal "
                "point: the distortion is not removed"
            )

    @property
    def _values(self) -> str:
        return ", ".join(f"{value:g}" for value in self.coefficients)

    def shown(self, rays: FloatArray) -> FloatArray:
        """Return normalised image points ``(N, 2)`` of rays ``(N, 2)`` at a depth of 1."""
        coefficients = np.array(self.coefficients)
        if self.model == "equidistant":
            points = cv2.fisheye.distortPoints(rays[:, None], np.eye(3), coefficients)
        else:
            ahead = np.column_stack([rays, np.ones(len(rays))])
            points, _ = cv2.projectPoints(ahead, np.zeros(3), np.zeros(3), np.eye(3), coefficients)
        return np.asarray(points, dtype=np.float64).reshape(-1, 2)


@lru_cache(maxsize=4)
def _reach_of(lens: Distortion) -> float:
    """As ``Distortion.reach``; kept, because a camera_info comes with every picture."""
    distances = np.linspace(0.0, WIDEST, 257)
    turns = np.linspace(0.0, 2.0 * np.pi, 32, endpoint=False)
    directions = np.column_stack([np.cos(turns), np.sin(turns)])
    shown = lens.shown((distances[:, None, None] * directions).reshape(-1, 2))
    outwards = (shown.reshape(-1, len(turns), 2) * directions).sum(axis=-1)
    grows = np.diff(outwards, axis=0) > 0.0
    whole = np.logical_and.accumulate(grows.all(axis=1))
    return float(distances[whole.sum()])
