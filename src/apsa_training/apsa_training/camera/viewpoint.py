"""The camera: where it stands, what it looks at, and its picture."""

import math
from dataclasses import dataclass

import numpy as np

from apsa_perception.model.skeleton import FloatArray


@dataclass(frozen=True)
class Viewpoint:
    """A pinhole camera that looks towards the person.

    Attributes:
        yaw_deg: 0 in front of the person, positive towards their left side.
        pitch_deg: how far the camera looks down.
        height_m: height above the floor.
        distance_m: horizontal distance from the middle of the floor.
        fov_deg: horizontal field of view.
        width: picture width in pixels.
        height: picture height in pixels.
    """

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    height_m: float = 1.0
    distance_m: float = 3.0
    fov_deg: float = 60.0
    width: int = 480
    height: int = 360

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.width / 2 / math.tan(math.radians(self.fov_deg) / 2)

    @property
    def centre_px(self) -> FloatArray:
        """``(2,)`` middle of the picture."""
        return np.array([self.width / 2, self.height / 2])

    @property
    def rotation(self) -> FloatArray:
        """``(3, 3)`` from laboratory to optical axes."""
        yaw, pitch = math.radians(self.yaw_deg), math.radians(self.pitch_deg)
        towards = -np.array([math.cos(yaw), math.sin(yaw), 0.0])
        right = np.array([-math.sin(yaw), math.cos(yaw), 0.0])
        away = math.cos(pitch) * towards - math.sin(pitch) * np.array([0.0, 0.0, 1.0])
        return np.stack([right, np.cross(away, right), away])

    @property
    def position(self) -> FloatArray:
        """``(3,)`` in laboratory axes."""
        yaw = math.radians(self.yaw_deg)
        return np.array(
            [self.distance_m * math.cos(yaw), self.distance_m * math.sin(yaw), self.height_m]
        )

    def optical(self, points: FloatArray) -> FloatArray:
        """Turn laboratory points ``(..., 3)`` into optical ones, from the camera."""
        return np.asarray((points - self.position) @ self.rotation.T)

    def pixels(self, optical: FloatArray) -> FloatArray:
        """Project optical points ``(..., 3)`` to pixels ``(..., 2)``; near points are clamped."""
        depth = np.maximum(optical[..., 2:], 0.05)
        return np.asarray(self.focal_px * optical[..., :2] / depth + self.centre_px)

    @property
    def horizon_px(self) -> float:
        """Row at which the floor meets the horizon."""
        return self.height / 2 - self.focal_px * math.tan(math.radians(self.pitch_deg))
