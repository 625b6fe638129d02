"""Undo the systematic errors of pose estimation from one camera.

BlazePose flattens depth: a straight knee seen from the front reads bent, bent elbows and knees read
too straight, a deep squat's lean is short (``docs/camera.md``). A small network takes the joints of
a frame to the true ones; it is fitted on drawn people, whose true joints are known. It also reads
the mean of the joints in the whole repetition, and how the camera is tilted. A level camera may be
one whose tilt nobody knows; it is fitted for that, and for a tilt that is known to some degrees
only. It has no state and needs no picture, so it works on recorded skeletons, too.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray

_SMALLEST_M = 0.02
_BONES = tuple(
    (int(Joint[f"{side}_{start}"]), int(Joint[f"{side}_{end}"]))
    for side in ("LEFT", "RIGHT")
    for start, end in (("SHOULDER", "HIP"), ("HIP", "KNEE"), ("KNEE", "ANKLE"))
)
_STARTS, _ENDS = (list(ends) for ends in zip(*_BONES, strict=True))
_HIPS = [Joint.LEFT_HIP, Joint.RIGHT_HIP]
LAYERS = ("first", "second", "last")
_COORDINATES = 3 * JOINT_COUNT
INPUTS = 2 * _COORDINATES + 3
"""Numbers that the refinement reads of a frame."""

Array = npt.NDArray[np.float32]


def product_by_one_thread(rows: npt.NDArray[Any], weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return ``rows @ weights`` without a second thread.

    For so little, further threads cost more than they gain, and on a busy machine thirty times as
    long.
    """
    return np.asarray(np.einsum("...i,io->...o", rows, weights))


class SkeletonRefinement:
    """A perceptron with two hidden layers that adds its output to the joints.

    Args:
        tensors: ``mean`` and ``spread`` ``(INPUTS,)`` of ``refinement_input``, and ``weight
            (in, out)`` and ``bias (out,)`` of the layers ``first``, ``second``, ``last`` as
            ``first.weight``.
        product: of rows and weights; that of torch is faster, where it is loaded anyway.

    Raises:
        ValueError: a tensor is missing, has another shape or is not finite.
    """

    def __init__(
        self,
        tensors: Mapping[str, Array],
        product: Callable[[Array, Array], Array] = product_by_one_thread,
    ) -> None:
        self.tensors = dict(tensors)
        self._product = product
        try:
            hidden = len(self.tensors["first.bias"])
            wanted = {
                "mean": (INPUTS,),
                "spread": (INPUTS,),
                "first.weight": (INPUTS, hidden),
                "first.bias": (hidden,),
                "second.weight": (hidden, hidden),
                "second.bias": (hidden,),
                "last.weight": (hidden, _COORDINATES),
                "last.bias": (_COORDINATES,),
            }
            wrong = [name for name in wanted if self.tensors[name].shape != wanted[name]]
        except KeyError as error:
            raise ValueError(f"the refinement lacks the tensor {error}") from error
        if wrong:
            raise ValueError(f"the refinement's tensors {', '.join(wrong)} have another shape")
        if not all(np.isfinite(self.tensors[name]).all() for name in wanted):
            raise ValueError("the refinement is damaged: some of its numbers are not finite")

    def refine(self, positions: FloatArray, up: FloatArray) -> FloatArray:
        """Return the joints of a repetition refined, ``(T, 20, 3)`` metres, from the hips.

        Args:
            positions: ``(T, 20, 3)`` metres, pelvis-relative, camera optical axes.
            up: ``(3,)`` world up in camera axes.
        """
        size, scaled = normalised(positions)
        return np.asarray(self.joints_of(refinement_input(scaled, up)) * size)

    def joints_of(self, given: Array) -> FloatArray:
        """Return refined joints ``(T, 20, 3)`` in units of the body's size, from the hips.

        Args:
            given: ``(T, INPUTS)``, see ``refinement_input``.
        """
        layer = (given - self.tensors["mean"]) / self.tensors["spread"]
        for name in LAYERS:
            layer = np.maximum(layer, 0.0) if name != LAYERS[0] else layer
            layer = self._product(layer, self.tensors[f"{name}.weight"])
            layer = layer + self.tensors[f"{name}.bias"]
        joints = (given[:, :_COORDINATES] + layer).astype(np.float64)
        joints = joints.reshape(len(joints), JOINT_COUNT, 3)
        return np.asarray(joints - joints[:, _HIPS].mean(axis=1, keepdims=True))


def refinement_input(scaled: FloatArray, up: FloatArray) -> Array:
    """Return what the refinement reads of the frames of a repetition, ``(T, INPUTS)``.

    For each frame its joints, the displacement from them to their mean, and the camera's tilt.

    Args:
        scaled: ``(T, 20, 3)`` in units of the body's size, see ``normalised``.
        up: ``(3,)`` world up in camera axes.
    """
    joints = scaled.reshape(-1, _COORDINATES)
    to_mean = joints.mean(axis=0) - joints
    tilt = np.broadcast_to(up, (len(joints), 3))
    return np.concatenate([joints, to_mean, tilt], axis=-1).astype(np.float32)


def normalised(positions: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the size of bodies and their joints in units of it, from the middle of the hips.

    Args:
        positions: ``(..., 20, 3)`` metres.

    Returns:
        ``(..., 1, 1)`` metres, mean length of flanks, thighs and shanks; ``(..., 20, 3)``.
    """
    centred = positions - positions[..., _HIPS, :].mean(axis=-2, keepdims=True)
    bones = centred[..., _ENDS, :] - centred[..., _STARTS, :]
    size = np.linalg.norm(bones, axis=-1).mean(axis=-1)[..., None, None]
    size = np.maximum(size, _SMALLEST_M)
    return size, centred / size
