"""Augmentation of windows that simulates other skeleton sources.

Simulates an RGB camera off axis, noise, occluded or swapped joints and truncated repetitions, on
canonical windows ``(B, PHASES, 20, 3)`` in torso lengths.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from apsa_perception.apsa.prior import LIMBS
from apsa_perception.model.joints import JOINT_COUNT

_LEGS = [*LIMBS["left_leg"][1:], *LIMBS["right_leg"][1:]]


@dataclass(frozen=True)
class AugmentConfig:
    """Standard deviations and probabilities; lengths in torso lengths, angles in radians.

    Attributes:
        facing: error of the facing direction.
        tilt: error of the up direction (camera pitch and roll).
        depth_stretch: relative error along one horizontal direction, typical of monocular depth.
        size: relative scale error.
        joint_offset: constant error of each joint in a window (another joint definition).
        jitter: error of each joint in each phase.
        cut: largest share of the window that is cut off, or held still, at either end.
        reverse: probability of reversing the window in time.
        swap: probability of swapping left and right arms or legs for some phases.
        hide_joint: probability that a joint is occluded.
        hide_legs: probability that both legs are occluded.
    """

    facing: float
    tilt: float
    depth_stretch: float
    size: float
    joint_offset: float
    jitter: float
    cut: float
    reverse: float
    swap: float
    hide_joint: float
    hide_legs: float


def augment(
    window: Tensor, joint_valid: Tensor, config: AugmentConfig, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Return augmented copies of windows and of their joint validity."""
    batch = len(window)

    def normal(*shape: int) -> Tensor:
        return torch.randn(batch, *shape, generator=generator)

    def uniform(*shape: int) -> Tensor:
        return torch.rand(batch, *shape, generator=generator)

    window = _swap_sides(window, uniform(8), config.swap)
    turn = _turns(normal() * config.facing, normal(2) * config.tilt)
    stretch = _stretches(uniform() * torch.pi, normal() * config.depth_stretch)
    window = torch.einsum("bij,bkni->bknj", turn @ stretch, window)
    window = window * (1.0 + config.size * normal(1, 1, 1))
    window = window + config.joint_offset * normal(1, JOINT_COUNT, 3)
    window = window + config.jitter * normal(*window.shape[1:])
    window = _shift_ends(window, (uniform(2) * 2.0 - 1.0) * config.cut)
    backwards = uniform() < config.reverse
    window = torch.where(backwards[:, None, None, None], window.flip(1), window)
    hidden = uniform(JOINT_COUNT) < config.hide_joint
    hidden[:, _LEGS] |= (uniform(1) < config.hide_legs).expand(-1, len(_LEGS))
    return window, joint_valid * (~hidden).to(joint_valid.dtype)


def _turns(facing: Tensor, tilt: Tensor) -> Tensor:
    """``(B, 3, 3)`` rotations: about the vertical, then a small tilt."""
    turn = torch.eye(3).repeat(len(facing), 1, 1)
    turn[:, 0, 0] = turn[:, 1, 1] = facing.cos()
    turn[:, 1, 0] = facing.sin()
    turn[:, 0, 1] = -facing.sin()
    generator = torch.zeros(len(facing), 3, 3)
    generator[:, 0, 2], generator[:, 2, 0] = tilt[:, 0], -tilt[:, 0]
    generator[:, 1, 2], generator[:, 2, 1] = tilt[:, 1], -tilt[:, 1]
    return torch.linalg.matrix_exp(generator) @ turn


def _stretches(direction: Tensor, amount: Tensor) -> Tensor:
    """``(B, 3, 3)`` stretch along one horizontal direction, the simulated line of sight."""
    axis = torch.stack([direction.cos(), direction.sin(), torch.zeros_like(direction)], dim=1)
    outer = axis[:, :, None] * axis[:, None, :]
    return torch.eye(3) + amount[:, None, None] * outer


def _shift_ends(window: Tensor, shift: Tensor) -> Tensor:
    """Resample from ``shift[:, 0]`` to ``1 + shift[:, 1]`` of the window; hold its end poses."""
    batch, phases = window.shape[:2]
    line = torch.linspace(0.0, 1.0, phases)
    start, stop = shift[:, :1], 1.0 + shift[:, 1:]
    wanted = ((start + (stop - start) * line) * (phases - 1)).clamp(0, phases - 1)
    before = wanted.floor().clamp(max=phases - 2).long()
    share = (wanted - before)[..., None, None]
    rows = torch.arange(batch)[:, None]
    return window[rows, before] * (1.0 - share) + window[rows, before + 1] * share


def _swap_sides(window: Tensor, draws: Tensor, probability: float) -> Tensor:
    """Swap left and right arms or legs for a short run of phases in a few windows."""
    phases = window.shape[1]
    steps = torch.arange(phases)
    swapped = window
    for column, part in ((0, "arm"), (4, "leg")):
        left = list(LIMBS[f"left_{part}"])
        right = list(LIMBS[f"right_{part}"])
        start = draws[:, column + 1] * phases
        run = draws[:, column + 2] * phases / 8
        inside = (steps >= start[:, None]) & (steps < (start + run)[:, None])
        inside &= draws[:, column : column + 1] < probability
        exchanged = swapped.clone()
        exchanged[:, :, left], exchanged[:, :, right] = swapped[:, :, right], swapped[:, :, left]
        swapped = torch.where(inside[..., None, None], exchanged, swapped)
    return swapped
