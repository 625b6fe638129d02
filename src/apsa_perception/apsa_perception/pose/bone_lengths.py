"""The lengths of a person's bones, learned while they are seen."""

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray
from apsa_perception.model.time import to_nanoseconds

_SIDE = (
    ("HIP", "KNEE"),
    ("KNEE", "ANKLE"),
    ("ANKLE", "FOOT"),
    ("SHOULDER", "ELBOW"),
    ("ELBOW", "WRIST"),
    ("WRIST", "HAND"),
    ("SHOULDER", "HIP"),
)
_TRUNK = (
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_SHOULDER, Joint.RIGHT_HIP),
    (Joint.RIGHT_SHOULDER, Joint.LEFT_HIP),
)
BONES: tuple[tuple[Joint, Joint], ...] = (
    *((Joint[f"{side}_{a}"], Joint[f"{side}_{b}"]) for side in ("LEFT", "RIGHT") for a, b in _SIDE),
    *_TRUNK,
)
"""Pairs of joints whose distance does not change: limbs, then the trunk with its diagonals."""

BONE_VECTORS: FloatArray = np.zeros((len(BONES), JOINT_COUNT))
"""``BONE_VECTORS @ positions`` are the vectors along the bones."""
for _row, (_start, _end) in zip(BONE_VECTORS, BONES, strict=True):
    _row[_start], _row[_end] = -1.0, 1.0

_STARTS, _ENDS = ([int(bone[end]) for bone in BONES] for end in (0, 1))
# Both sides have the same lengths; a side that is turned away is seen worse.
_OTHER_SIDE = [*range(7, 14), *range(7), 14, 15, 17, 16]
_EVERY_S = 0.1
_LEAST, _MOST = 10, 300


class BoneLengths:
    """Medians of the last 30 seconds in which a person was seen, of both sides together."""

    def __init__(self) -> None:
        self._seen: list[FloatArray] = []
        self._next_ns: int | None = None
        self.median: npt.NDArray[np.float64] | None = None
        """``(len(BONES),)`` metres, NaN for bones not seen yet; None in the first second."""

    def add(self, positions: FloatArray, observed: BoolArray, stamp_ns: int) -> None:
        """Learn from ``(20, 3)`` joints in metres, of which those ``observed`` were seen."""
        if self._next_ns is not None and stamp_ns < self._next_ns:
            return
        self._next_ns = stamp_ns + to_nanoseconds(_EVERY_S)
        lengths = np.linalg.norm(BONE_VECTORS @ positions, axis=-1)
        lengths[~(observed[_STARTS] & observed[_ENDS])] = np.nan
        self._seen = [*self._seen[1 - _MOST :], lengths]
        if len(self._seen) >= _LEAST:
            one = np.array(self._seen)
            self.median = _median(np.concatenate([one, one[:, _OTHER_SIDE]]))


def _median(values: FloatArray) -> npt.NDArray[np.float64]:
    """Median of each column without its NaN, which are sorted to the end; NaN if there is none."""
    ordered = np.sort(values, axis=0)
    count = np.isfinite(ordered).sum(axis=0)
    middle = np.take_along_axis(ordered, np.maximum(count - 1, 0)[None] // 2, axis=0)[0]
    return np.where(count > 0, middle, np.nan)
