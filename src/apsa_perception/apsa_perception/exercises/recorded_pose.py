"""A pose of a figure from the joints of a person."""

from dataclasses import dataclass

import numpy as np

from apsa_perception.model.body_frame import mirror_body
from apsa_perception.model.joints import PARENTS, Joint
from apsa_perception.model.skeleton import FloatArray

Point = tuple[float, float, float]


@dataclass(frozen=True)
class RecordedPose:
    """A recorded pose.

    Attributes:
        points: the 20 joints in metres from the pelvis: x forwards, y left, z up.
    """

    points: tuple[Point, ...]

    def towards(self, other: "RecordedPose", share: float) -> "RecordedPose":
        """Return the pose a share 0..1 of the way to another one: each bone turns."""
        start, end = self.joints(), other.joints()
        found = start.copy()
        found[Joint.PELVIS] += share * (end[Joint.PELVIS] - start[Joint.PELVIS])
        for joint, parent in PARENTS.items():
            before, after = start[joint] - start[parent], end[joint] - end[parent]
            lengths = np.linalg.norm([before, after], axis=1)
            bone = before + share * (after - before)
            size = float(np.linalg.norm(bone))
            if size > 0.0:
                bone *= (lengths[0] + share * (lengths[1] - lengths[0])) / size
            found[joint] = found[parent] + bone
        return pose_of(found)

    def mirrored(self) -> "RecordedPose":
        """The pose with left and right exchanged."""
        return pose_of(np.asarray(mirror_body(self.joints()), dtype=np.float64))

    def joints(self) -> FloatArray:
        """Joints ``(20, 3)``."""
        return np.array(self.points, dtype=np.float64)


def pose_of(joints: FloatArray) -> RecordedPose:
    """Return the pose of joints ``(20, 3)``, rounded to millimetres."""
    return RecordedPose(tuple((x, y, z) for x, y, z in np.round(joints, 3).tolist()))
