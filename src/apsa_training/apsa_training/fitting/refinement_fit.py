"""Fit the refinement of camera skeletons on drawn people, whose true joints are known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from apsa_perception.apsa.refinement import (
    LAYERS,
    SkeletonRefinement,
    normalised,
    refinement_input,
)
from apsa_perception.model.joints import JOINT_COUNT, MIRROR_INDEX
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.drawn_files import Drawn, load_drawings, sequence_of
from apsa_training.data.sequences import MotionData, MotionSequence
from apsa_training.data.window_set import Rows
from apsa_training.fitting.optimisation import Optimisation, optimise

_MIRROR_SIGN = np.array([-1.0, 1.0, 1.0], dtype=np.float32)
_SPREAD_FLOOR = 0.02
_LEVEL = torch.tensor([0.0, -1.0, 0.0])


@dataclass(frozen=True)
class RefinementConfig(Optimisation):
    """Training of the refinement.

    Attributes:
        hidden: units of each of the two hidden layers.
        noise: of the joints, in spreads of each coordinate.
        tilt_noise: of the camera's tilt, radians.
        unknown_tilt: share of the frames whose camera is said to be level.
        dropout: of the hidden units.
    """

    hidden: int
    noise: float
    tilt_noise: float
    unknown_tilt: float
    dropout: float


@dataclass(frozen=True)
class DrawnFrames:
    """Frames of drawn people, in units of their size.

    Attributes:
        given: ``(N, INPUTS)`` float32, what the refinement reads of them.
        true: ``(N, 20, 3)`` float32, their true joints.
        subject: ``(N,)`` with the name of the data set.
        size_m: ``(N,)`` size of the true body.
    """

    given: npt.NDArray[np.float32]
    true: npt.NDArray[np.float32]
    subject: npt.NDArray[np.str_]
    size_m: FloatArray

    @property
    def seen(self) -> npt.NDArray[np.float32]:
        """``(N, 20, 3)``, what the pose estimation made of them."""
        return self.given[:, : 3 * JOINT_COUNT].reshape(-1, JOINT_COUNT, 3)


def drawn_frames(paths: Sequence[Path]) -> DrawnFrames:
    """Read the frames of packed drawings in which a person was found."""
    given, true, subject, size = [], [], [], []
    for path in paths:
        source = path.stem.partition("_camera")[0]
        for drawn in load_drawings(path):
            one = sequence_of(drawn)
            given.append(refinement_input(normalised(one.positions)[1], one.up))
            joints, median = true_joints(drawn)
            true.append(joints)
            size.append(np.full(len(joints), median))
            subject += [f"{source}-{drawn.subject}"] * len(joints)
    return DrawnFrames(
        np.concatenate(given),
        np.concatenate(true).astype(np.float32),
        np.array(subject),
        np.concatenate(size),
    )


def true_joints(drawn: Drawn) -> tuple[FloatArray, float]:
    """True joints ``(T, 20, 3)`` of the frames with a person, in units of the body's median size.

    The size of a body hardly changes with its posture; that of what the pose estimation sees does.
    The size in metres is returned, too.
    """
    size, joints = normalised(drawn.truth[drawn.seen])
    median = float(np.median(size))
    return np.asarray(joints * size / median), median


def fit_refinement(
    frames: DrawnFrames, rows: Rows, config: RefinementConfig, seed: int
) -> SkeletonRefinement:
    """Fit the refinement on some of the frames, and on their mirror images."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    given = torch.from_numpy(with_mirrored_input(frames.given[rows]))
    true = torch.from_numpy(_with_mirrored(frames.true[rows]))
    model = _Perceptron(given, config)
    noise = torch.cat([config.noise * model.spread[:-3], torch.full((3,), config.tilt_noise)])

    def loss_of(pick: Rows) -> Tensor:
        read = given[pick]
        read = read + torch.randn(read.shape, generator=generator) * noise
        read[torch.rand(len(pick), generator=generator) < config.unknown_tilt, -3:] = _LEVEL
        return (model(read) - true[pick]).norm(dim=-1).mean()

    optimise(model, len(given), loss_of, config, np.random.default_rng(seed))
    return SkeletonRefinement(model.as_arrays())


def refined(data: MotionData, refinement: SkeletonRefinement) -> MotionData:
    """Return the recordings of a camera with their joints refined."""
    sequences = tuple(refined_sequence(one, refinement) for one in data.sequences)
    return replace(data, sequences=sequences)


def refined_sequence(one: MotionSequence, refinement: SkeletonRefinement) -> MotionSequence:
    """Return a recording with its joints refined, if a camera made it."""
    if not one.seen_by:
        return one
    return replace(one, positions=refinement.refine(one.positions, one.up))


def _with_mirrored(joints: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.concatenate([joints, joints[..., MIRROR_INDEX, :] * _MIRROR_SIGN])


def with_mirrored_input(given: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return what the refinement reads of frames, then of their mirror images.

    Args:
        given: ``(N, INPUTS)``, see ``refinement_input``.
    """
    joints = _with_mirrored(given[:, :-3].reshape(len(given), -1, JOINT_COUNT, 3))
    tilt = np.concatenate([given[:, -3:], given[:, -3:] * _MIRROR_SIGN])
    return np.concatenate([joints.reshape(len(joints), -1), tilt], axis=1)


class _Perceptron(nn.Module):
    """The network of ``SkeletonRefinement``, to be trained."""

    def __init__(self, given: Tensor, config: RefinementConfig) -> None:
        super().__init__()
        sizes = (given.shape[1], config.hidden, config.hidden, 3 * JOINT_COUNT)
        self.mean = given.mean(0)
        self.spread = given.std(0) + _SPREAD_FLOOR
        for name, start, end in zip(LAYERS, sizes[:-1], sizes[1:], strict=True):
            self.add_module(name, nn.Linear(start, end))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, given: Tensor) -> Tensor:
        """Return the joints ``(B, 20, 3)`` refined, of ``refinement_input`` ``(B, INPUTS)``."""
        joints = given[:, : 3 * JOINT_COUNT]
        layer = (given - self.mean) / self.spread
        for name in LAYERS[:-1]:
            layer = self.dropout(torch.relu(self.get_submodule(name)(layer)))
        change: Tensor = self.get_submodule(LAYERS[-1])(layer)
        return (joints + change).view(-1, JOINT_COUNT, 3)

    def as_arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        arrays = {"mean": self.mean.numpy(), "spread": self.spread.numpy()}
        for name in LAYERS:
            layer = self.get_submodule(name)
            assert isinstance(layer, nn.Linear)
            arrays[f"{name}.weight"] = layer.weight.detach().numpy().T.copy()
            arrays[f"{name}.bias"] = layer.bias.detach().numpy().copy()
        return arrays
