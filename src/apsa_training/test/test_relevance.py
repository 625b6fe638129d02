"""Relevance by deletion: without the most relevant fifth the answer changes several times more."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from apsa_perception.apsa.window import PHASES, canonical_window
from apsa_perception.model.joints import JOINT_COUNT, MIRROR
from apsa_perception.model.skeleton import DEFAULT_UP
from apsa_training.data.sequences import MotionSequence
from support.samples import judge, model, sample, spread

DRAWS = 20
SEVERAL = 2.5
BLEND = 1.5  # phases over which what was removed goes over into what stays: bodies do not jump
SEQUENCES = (*sample().sequences, *spread().sequences)
Change = Callable[[npt.NDArray[np.floating]], float]


def change_of(sequence: MotionSequence) -> Change:
    """How far the logit moves when a share ``(PHASES, 20)`` of the window is done right."""
    window = canonical_window(
        sequence.positions,
        sequence.stamps_s,
        sequence.confidence >= 0.5,
        sequence.exercise,
        DEFAULT_UP,
    )
    quality = model()
    index = torch.tensor([quality._family(sequence.exercise)])
    position = torch.tensor(window.positions, dtype=torch.float32)
    valid = torch.tensor(window.joint_valid, dtype=torch.float32)[None]
    right = quality.correct_execution(position, int(index))

    def logit(of: torch.Tensor) -> float:
        with torch.no_grad():
            return float(quality._network(of[None], valid, index))

    def change(share: npt.NDArray[np.floating]) -> float:
        if window.mirrored:
            share = share[:, list(MIRROR)]
        part = torch.tensor(share, dtype=torch.float32)[..., None]
        return abs(logit(position + part * (right - position)) - logit(position))

    return change


def chosen(rows: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.float64]:
    mask = np.zeros(count)
    mask[rows] = 1.0
    return mask


def blended(mask: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lag = np.arange(PHASES)[:, None] - np.arange(PHASES)
    kernel = np.exp(-0.5 * (lag / BLEND) ** 2)
    kernel /= kernel.sum(axis=1).max()
    return (kernel @ mask).clip(0.0, 1.0)


def test_deleting_the_most_relevant_fifth_of_the_joints() -> None:
    rng, fifth = np.random.default_rng(0), JOINT_COUNT // 5
    relevant, random = 0.0, 0.0
    for sequence in SEQUENCES:
        change = change_of(sequence)
        top = np.argsort(-judge(sequence).joint_relevance)[:fifth]
        relevant += change(np.tile(chosen(top, JOINT_COUNT), (PHASES, 1)))
        draws = [rng.permutation(JOINT_COUNT)[:fifth] for _ in range(DRAWS)]
        masks = [np.tile(chosen(draw, JOINT_COUNT), (PHASES, 1)) for draw in draws]
        random += float(np.mean([change(mask) for mask in masks]))
    assert relevant > SEVERAL * random


def test_deleting_the_most_relevant_fifth_of_the_moments() -> None:
    rng, fifth = np.random.default_rng(0), PHASES // 5
    relevant, random = 0.0, 0.0
    for sequence in SEQUENCES:
        change = change_of(sequence)
        top = np.argsort(-judge(sequence).moment_relevance)[:fifth]
        draws = [rng.permutation(PHASES)[:fifth] for _ in range(DRAWS)]
        masks = [
            np.repeat(blended(chosen(rows, PHASES))[:, None], JOINT_COUNT, axis=1)
            for rows in (top, *draws)
        ]
        relevant += change(masks[0])
        random += float(np.mean([change(mask) for mask in masks[1:]]))
    assert relevant > SEVERAL * random
