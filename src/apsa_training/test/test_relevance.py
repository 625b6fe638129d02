"""Relevance by deletion: without the most relevant fifth the answer changes several times more."""

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
Shares = list[npt.NDArray[np.floating]]


def changes_of(sequence: MotionSequence, shares: Shares) -> list[float]:
    """How far the logit moves when shares ``(PHASES, 20)`` of the window are done right."""
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
    if window.mirrored:
        shares = [share[:, list(MIRROR)] for share in shares]
    parts = torch.tensor(np.stack([np.zeros_like(shares[0]), *shares]), dtype=torch.float32)
    count = len(parts)
    with torch.no_grad():
        logits = quality._network(
            position + parts[..., None] * (right - position),
            valid.expand(count, -1),
            index.expand(count),
        )
    return (logits[1:] - logits[0]).abs().tolist()


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
        top = np.argsort(-judge(sequence).joint_relevance)[:fifth]
        draws = [rng.permutation(JOINT_COUNT)[:fifth] for _ in range(DRAWS)]
        masks = [np.tile(chosen(rows, JOINT_COUNT), (PHASES, 1)) for rows in (top, *draws)]
        found, *others = changes_of(sequence, masks)
        relevant += found
        random += float(np.mean(others))
    assert relevant > SEVERAL * random


def test_deleting_the_most_relevant_fifth_of_the_moments() -> None:
    rng, fifth = np.random.default_rng(0), PHASES // 5
    relevant, random = 0.0, 0.0
    for sequence in SEQUENCES:
        top = np.argsort(-judge(sequence).moment_relevance)[:fifth]
        draws = [rng.permutation(PHASES)[:fifth] for _ in range(DRAWS)]
        masks = [
            np.repeat(blended(chosen(rows, PHASES))[:, None], JOINT_COUNT, axis=1)
            for rows in (top, *draws)
        ]
        found, *others = changes_of(sequence, masks)
        relevant += found
        random += float(np.mean(others))
    assert relevant > SEVERAL * random
