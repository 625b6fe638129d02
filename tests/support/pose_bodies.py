"""Made-up bodies for tests that need to know what is right."""

import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray

PICTURE = np.zeros((480, 640, 3), np.uint8)
PERIOD_NS = 40_000_000
INTRINSICS = np.array([[600.0, 0.0, 320.0], [0.0, 600.0, 240.0], [0.0, 0.0, 1.0]])

_STANDING = {
    Joint.PELVIS: (0.0, 0.0, 0.0),
    Joint.SPINE: (0.0, -0.25, 0.0),
    Joint.NECK: (0.0, -0.5, 0.0),
    Joint.HEAD: (0.0, -0.7, -0.05),
    Joint.LEFT_SHOULDER: (0.18, -0.5, 0.0),
    Joint.LEFT_ELBOW: (0.25, -0.25, 0.02),
    Joint.LEFT_WRIST: (0.27, 0.0, -0.02),
    Joint.LEFT_HAND: (0.28, 0.08, -0.04),
    Joint.LEFT_HIP: (0.1, 0.0, 0.0),
    Joint.LEFT_KNEE: (0.12, 0.42, -0.03),
    Joint.LEFT_ANKLE: (0.13, 0.84, 0.03),
    Joint.LEFT_FOOT: (0.15, 0.9, -0.12),
}


def standing() -> FloatArray:
    """``(20, 3)`` metres of a person who stands facing the camera."""
    positions = np.zeros((len(Joint), 3))
    for joint, place in _STANDING.items():
        positions[joint] = place
        if joint.name.startswith("LEFT_"):
            positions[Joint["RIGHT_" + joint.name[5:]]] = (-place[0], *place[1:])
    return positions


def striding() -> FloatArray:
    """The same person with one leg forward and one back, seen from the side."""
    positions = standing()[:, [2, 1, 0]]
    for side, forward in (("LEFT_", 0.35), ("RIGHT_", -0.35)):
        for name, share in (("KNEE", 0.5), ("ANKLE", 1.0), ("FOOT", 1.2)):
            positions[Joint[side + name], 0] += share * forward
    return positions


def pose(
    positions: FloatArray, root: tuple[float, float, float] = (0.0, 0.0, 3.0)
) -> CanonicalPose:
    """The body as a perfect model would see it through ``INTRINSICS``, pelvis at ``root``."""
    points = (positions + root) @ INTRINSICS.T
    count = len(positions)
    return CanonicalPose(
        positions, points[:, :2] / points[:, 2:], np.full(count, 0.9), np.ones(count, np.bool_)
    )


class ScriptedBackend:
    """A backend that sees what it is told to, frame by frame."""

    name = "scripted"

    def __init__(self, script: list[list[CanonicalPose]]) -> None:
        self._script = iter(script)
        self.resets = 0

    def detect(self, rgb: RgbImage, stamp_ns: int) -> list[CanonicalPose]:
        return next(self._script)

    def reset(self) -> None:
        self.resets += 1

    def close(self) -> None:
        """Nothing to release."""
