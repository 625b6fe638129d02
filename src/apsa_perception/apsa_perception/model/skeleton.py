"""Skeletons as passed between the modules that are independent of ROS."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import JOINT_COUNT

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

DEFAULT_UP = np.array([0.0, -1.0, 0.0])
"""World up in the optical axes of a level camera."""


class CanonicalPose(NamedTuple):
    """Joints of one person in one frame (or several, with leading axes), before tracking.

    Attributes:
        positions: ``(..., 20, 3)`` metres, relative to the pelvis, camera optical axes.
        pixels: ``(..., 20, 2)`` pixels.
        confidence: ``(..., 20)`` 0..1.
        observed: ``(..., 20)`` False if the joint is inferred.
    """

    positions: FloatArray
    pixels: FloatArray
    confidence: FloatArray
    observed: BoolArray


@dataclass(frozen=True)
class Skeleton:
    """One person in one frame.

    Axes are those of the camera's optical frame (REP-103): x right, y down, z away from the
    camera. Joint order is ``Joint``.

    Attributes:
        stamp_ns: stamp of the image in nanoseconds.
        body_id: number of the person's track.
        positions: ``(20, 3)`` metres, relative to the pelvis; finite.
        pixels: ``(20, 2)`` pixels; NaN if the source has no image.
        confidence: ``(20,)`` 0..1.
        observed: ``(20,)`` False if the joint is inferred (outside the picture, occluded).
        image_size: width and height in pixels, ``(0, 0)`` if the source has no image.
        root: ``(3,)`` metres, pelvis in the camera's optical frame, or None if unknown.
        source: name of the pose model or sensor; empty if unknown.
    """

    stamp_ns: int
    body_id: int
    positions: FloatArray
    pixels: FloatArray
    confidence: FloatArray
    observed: BoolArray
    image_size: tuple[int, int] = (0, 0)
    root: FloatArray | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.positions.shape != (JOINT_COUNT, 3):
            raise ValueError(
                f"positions has shape {self.positions.shape}; expected ({JOINT_COUNT}, 3)"
            )
        if not np.isfinite(self.positions).all():
            raise ValueError("positions has NaN or infinity; expected finite metres")
