"""A chair for those who sit."""

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.body import Body
from apsa_training.camera.posing import Motion, lies

_CELL_M = 0.08  # faces this small are sorted well by their mean depth
_SEATED = 0.75  # height of the pelvis above the ankles as a share of the leg's length
_BELOW_PELVIS_M = 0.11
_SEAT_M = (0.46, 0.46, 0.04)
_BACK_M = 0.45
_LEG_M = 0.04
_WHEEL_M = 0.3
_TYRE = 0.82  # inner radius of a tyre as a share of the outer one


def chair_of(
    body: Body, motion: Motion, wheels: bool = False
) -> tuple[FloatArray, npt.NDArray[np.intp]] | None:
    """Vertices ``(V, 3)`` and faces ``(Q, 4)`` of a chair where the person sits; None: nobody does.

    They sit if their pelvis is low and their trunk upright when the motion begins or ends.

    Args:
        body: who sits.
        motion: what they do.
        wheels: whether it is a wheelchair.
    """
    rest, joints = body.joints, motion.joints
    ankle = joints[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE], 2].min(axis=1)
    standing = rest[Joint.PELVIS, 2] - rest[Joint.LEFT_ANKLE, 2]
    seated = joints[:, Joint.PELVIS, 2] - ankle < _SEATED * standing
    for frame in (0, -1):
        if seated[frame] and not lies(joints[frame]):
            x, y, z = joints[frame, Joint.PELVIS]
            return _chair(np.array([x, y, z - _BELOW_PELVIS_M]), wheels)
    return None


def _chair(seat: FloatArray, wheels: bool) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """Seat with its top at a point, backrest behind, four legs or two wheels."""
    deep, wide, thick = _SEAT_M
    low = seat - np.array([0.6 * deep, wide / 2, thick])
    high = seat + np.array([0.4 * deep, wide / 2, 0.0])
    parts = [_box(low, high), _box(low, np.array([low[0] + thick, high[1], seat[2] + _BACK_M]))]
    for x in (low[0], high[0] - _LEG_M):
        for y in (low[1], high[1] - _LEG_M):
            parts.append(_box(np.array([x, y, 0.0]), np.array([x + _LEG_M, y + _LEG_M, low[2]])))
    if wheels:
        centre = np.array([seat[0] - 0.1, seat[1], _WHEEL_M])
        parts += [_wheel(centre + np.array([0.0, side * wide * 0.58, 0.0])) for side in (-1, 1)]
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in parts)])
    return (
        np.concatenate([vertices for vertices, _ in parts]),
        np.concatenate([quads + start for (_, quads), start in zip(parts, starts, strict=False)]),
    )


def _wheel(centre: FloatArray) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """Tyre of a wheel in the plane y = 0, its faces seen from both sides."""
    turn = np.linspace(0.0, 2.0 * np.pi, 25)
    rim = np.stack([np.cos(turn), np.zeros(25), np.sin(turn)], axis=1)
    outer, inner = centre + _WHEEL_M * rim, centre + _TYRE * _WHEEL_M * rim
    faces = np.stack([outer[:-1], outer[1:], inner[1:], inner[:-1]], axis=1)
    corners = np.concatenate([faces, faces[:, ::-1]])
    return corners.reshape(-1, 3), np.arange(4 * len(corners)).reshape(-1, 4)


def _box(low: FloatArray, high: FloatArray) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """A box as a grid of small faces, their corners counter-clockwise from outside."""
    corners: list[FloatArray] = []
    size = high - low
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        cells_u, cells_v = (max(1, round(float(size[each]) / _CELL_M)) for each in (u, v))
        for end, turn in ((low[axis], -1), (high[axis], 1)):
            for i in range(cells_u):
                for j in range(cells_v):
                    face = np.empty((4, 3))
                    face[:, axis] = end
                    face[:, u] = low[u] + size[u] * np.array([i, i + 1, i + 1, i]) / cells_u
                    face[:, v] = low[v] + size[v] * np.array([j, j, j + 1, j + 1]) / cells_v
                    corners.append(face[::turn])
    return np.concatenate(corners), np.arange(4 * len(corners)).reshape(-1, 4)
