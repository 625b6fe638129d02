"""Undo the systematic errors of pose estimation from one camera, frame by frame.

BlazePose flattens depth: a straight knee seen from the front reads bent, bent elbows and knees read
too straight, a deep squat's lean is short (``docs/camera.md``). A small network takes the joints of
a frame to the true ones; it is fitted on drawn people, whose true joints are known. It has no state
and sees joints only, so it works on recorded skeletons, too.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch

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

Array = npt.NDArray[np.float32]


class SkeletonRefinement:
    """A perceptron with two hidden layers that adds its output to the joints.

    Args:
        tensors: ``mean`` and ``spread`` ``(60,)`` of the input, and ``weight (in, out)`` and
            ``bias (out,)`` of the layers ``first``, ``second``, ``last`` as ``first.weight``.

    Raises:
        ValueError: a tensor is missing, has another shape or is not finite.
    """

    def __init__(self, tensors: Mapping[str, Array]) -> None:
        self.tensors = dict(tensors)
        try:
            hidden = len(self.tensors["first.bias"])
            wanted = {
                "mean": (3 * JOINT_COUNT,),
                "spread": (3 * JOINT_COUNT,),
                "first.weight": (3 * JOINT_COUNT, hidden),
                "first.bias": (hidden,),
                "second.weight": (hidden, hidden),
                "second.bias": (hidden,),
                "last.weight": (hidden, 3 * JOINT_COUNT),
                "last.bias": (3 * JOINT_COUNT,),
            }
            wrong = [name for name in wanted if self.tensors[name].shape != wanted[name]]
        except KeyError as error:
            raise ValueError(f"the refinement lacks the tensor {error}") from error
        if wrong:
            raise ValueError(f"the refinement's tensors {', '.join(wrong)} have another shape")
        if not all(np.isfinite(self.tensors[name]).all() for name in wanted):
            raise ValueError("the refinement is damaged: some of its numbers are not finite")
        self._layers = {
            name: (
                torch.from_numpy(self.tensors[f"{name}.weight"].T),
                torch.from_numpy(self.tensors[f"{name}.bias"]),
            )
            for name in LAYERS
        }

    def refine(self, positions: FloatArray) -> FloatArray:
        """Return the joints ``(..., 20, 3)`` refined; metres, pelvis-relative, optical axes."""
        size, scaled = normalised(positions)
        flat = scaled.reshape(*scaled.shape[:-2], -1).astype(np.float32)
        # By torch, which keeps to one thread: a second one, as NumPy takes it, costs more than it
        # gains, and on a busy machine thirty times as long.
        with torch.inference_mode():
            layer = torch.from_numpy((flat - self.tensors["mean"]) / self.tensors["spread"])
            for name in LAYERS:
                layer = torch.relu(layer) if name != LAYERS[0] else layer
                weight, bias = self._layers[name]
                layer = torch.nn.functional.linear(layer, weight, bias)
        joints = (flat + layer.numpy()).reshape(scaled.shape).astype(np.float64)
        joints -= joints[..., _HIPS, :].mean(axis=-2, keepdims=True)
        return np.asarray(joints * size)


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
