"""Counter-examples generated from real windows.

In the data everybody does the requested exercise, so a network trained on the data alone accepts
any other exercise. Counter-examples teach it to reject the wrong exercise, the wrong side and
standing still.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from apsa_perception.model.joints import MIRROR_INDEX

_MIRROR_INDEX = torch.from_numpy(MIRROR_INDEX)
_MIRROR_SIGN = torch.tensor([1.0, -1.0, 1.0])
_KINDS = ("other exercise", "other side", "standing still")


@dataclass(frozen=True)
class Batch:
    """Windows ``(B, PHASES, 20, 3)``, joint validity ``(B, 20)``, family and target ``(B,)``."""

    window: Tensor
    joint_valid: Tensor
    family: Tensor
    target: Tensor


def with_counter_examples(
    batch: Batch,
    one_sided: npt.NDArray[np.bool_],
    share: float,
    target: float,
    draw: np.random.Generator,
) -> Batch:
    """Replace a share of a batch by counter-examples.

    Args:
        batch: real or augmented windows.
        one_sided: ``(E,)`` whether each family has a moving side.
        share: expected share of the batch.
        target: P(correct) to learn for a counter-example.
        draw: random generator.
    """
    families = len(one_sided)
    if share <= 0.0 or families < 2:
        return batch
    window, valid = batch.window.clone(), batch.joint_valid.clone()
    family, targets = batch.family.clone(), batch.target.clone()
    for row in np.flatnonzero(draw.random(len(window)) < share).tolist():
        kind = _KINDS[draw.integers(len(_KINDS))]
        if kind == "standing still":
            window[row] = window[row, :1] + 0.02 * (window[row] - window[row, :1])
        elif kind == "other side" and one_sided[int(family[row])]:
            window[row] = window[row][:, _MIRROR_INDEX] * _MIRROR_SIGN
            valid[row] = valid[row, _MIRROR_INDEX]
        else:
            family[row] = (family[row] + int(draw.integers(1, families))) % families
        targets[row] = target
    return Batch(window, valid, family, targets)
