"""Relevance of each moment of a repetition for the decision, by occlusion.

Gradients are not informative here: features are the lowest, highest, mean and middle value over
time, and the gradient of one phase does not show what is lost together with its neighbours.
"""

import torch
from torch import Tensor

from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.window import PHASES

_WIDTH = 1.5  # standard deviation in phases: about an eighth of the repetition


def moment_effects(
    network: ApsaNetwork, window: Tensor, correct: Tensor, joint_valid: Tensor, family: Tensor
) -> Tensor:
    """Return ``(PHASES,)`` changes of the logit if the phases around each one are corrected.

    Changes against the direction of their sum are 0: corrected together they would cancel others.

    Args:
        network: the trained network.
        window: ``(PHASES, 20, 3)`` canonical.
        correct: ``(PHASES, 20, 3)`` the correct execution.
        joint_valid: ``(1, 20)``.
        family: ``(1,)``.
    """
    phase = torch.arange(PHASES, dtype=window.dtype)
    share = torch.exp(-0.5 * ((phase[:, None] - phase) / _WIDTH).square())
    changed = window + share[..., None, None] * (correct - window)
    windows = torch.cat([window[None], changed])
    with torch.inference_mode():
        logits = network(windows, joint_valid.expand(len(windows), -1), family.expand(len(windows)))
    changes = logits[1:] - logits[0]
    effects: Tensor = (changes * changes.sum().sign()).clamp_min(0.0)
    return effects
