"""Which moments of a repetition the decision hangs on, by taking each stretch away.

Gradients do not tell: the measures are the lowest, highest, mean and middle over time, and what a
single phase adds to them says little about what is lost with its neighbours.
"""

import torch
from torch import Tensor

from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.window import PHASES

_STRETCH = 2.5  # standard deviation in phases: about a fifth of the repetition


def moment_effects(
    network: ApsaNetwork, window: Tensor, right: Tensor, joint_valid: Tensor, family: Tensor
) -> Tensor:
    """``(PHASES,)`` how far the logit moves if the stretch around each phase is done right.

    Args:
        network: the trained network.
        window: ``(PHASES, 20, 3)`` canonical.
        right: ``(PHASES, 20, 3)`` the exercise done right.
        joint_valid: ``(1, 20)``.
        family: ``(1,)``.
    """
    phase = torch.arange(PHASES, dtype=window.dtype)
    share = torch.exp(-0.5 * ((phase[:, None] - phase) / _STRETCH).square())
    changed = window + share[..., None, None] * (right - window)
    windows = torch.cat([window[None], changed])
    with torch.inference_mode():
        logits = network(windows, joint_valid.expand(len(windows), -1), family.expand(len(windows)))
    effects: Tensor = (logits[1:] - logits[0]).abs()
    return effects
