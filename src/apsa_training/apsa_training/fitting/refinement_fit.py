"""Fit the refinement of camera skeletons on drawn people, whose true joints are known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from apsa_perception.apsa.refinement import LAYERS, SkeletonRefinement, normalised
from apsa_perception.model.joints import JOINT_COUNT, MIRROR_INDEX
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.drawn_files import Drawn, load_drawings
from apsa_training.data.sequences import MotionData
from apsa_training.data.window_set import Rows
from apsa_training.fitting.optimisation import Optimisation, optimise

_MIRROR_SIGN = np.array([-1.0, 1.0, 1.0])
_SPREAD_FLOOR = 0.02


@dataclass(frozen=True)
class RefinementConfig(Optimisation):
    """Training of the refinement.

    Attributes:
        hidden: units of each of the two hidden layers.
        noise: of the input, in spreads of each coordinate.
        dropout: of the hidden units.
    """

    hidden: int
    noise: float
    dropout: float


@dataclass(frozen=True)
class DrawnFrames:
    """Frames of drawn people, in units of their size.

    Attributes:
        seen: ``(N, 20, 3)`` float32, what the pose estimation made of them.
        true: ``(N, 20, 3)`` float32, their true joints.
        subject: ``(N,)`` with the name of the data set.
        size_m: ``(N,)`` size of the true body.
    """

    seen: npt.NDArray[np.float32]
    true: npt.NDArray[np.float32]
    subject: npt.NDArray[np.str_]
    size_m: FloatArray


def drawn_frames(paths: Sequence[Path]) -> DrawnFrames:
    """Read the frames of packed drawings in which a person was found."""
    seen, true, subject, size = [], [], [], []
    for path in paths:
        source = path.stem.partition("_camera")[0]
        for drawn in load_drawings(path):
            seen.append(normalised(drawn.positions[drawn.seen])[1])
            joints, median = true_joints(drawn)
            true.append(joints)
            size.append(np.full(len(joints), median))
            subject += [f"{source}-{drawn.subject}"] * len(joints)
    return DrawnFrames(
        np.concatenate(seen).astype(np.float32),
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
    seen, true = (_with_mirrored(each[rows]) for each in (frames.seen, frames.true))
    model = _Perceptron(seen, config)

    def loss_of(pick: Rows) -> Tensor:
        given = seen[pick]
        noise = torch.randn(given.shape, generator=generator) * config.noise * model.spread
        error = (model(given + noise) - true[pick]).view(len(pick), JOINT_COUNT, 3)
        return error.norm(dim=-1).mean()

    optimise(model, len(seen), loss_of, config, np.random.default_rng(seed))
    return SkeletonRefinement(model.as_arrays())


def refined(data: MotionData, refinement: SkeletonRefinement) -> MotionData:
    """Return the recordings of a camera with their joints refined."""
    return replace(
        data,
        sequences=tuple(
            replace(one, positions=refinement.refine(one.positions)) if one.seen_by else one
            for one in data.sequences
        ),
    )


def _with_mirrored(joints: npt.NDArray[np.float32]) -> Tensor:
    mirrored = (joints[:, MIRROR_INDEX] * _MIRROR_SIGN).astype(np.float32)
    return torch.from_numpy(np.concatenate([joints, mirrored]).reshape(2 * len(joints), -1))


class _Perceptron(nn.Module):
    """The network of ``SkeletonRefinement``, to be trained."""

    def __init__(self, seen: Tensor, config: RefinementConfig) -> None:
        super().__init__()
        sizes = (seen.shape[1], config.hidden, config.hidden, seen.shape[1])
        self.mean = seen.mean(0)
        self.spread = seen.std(0) + _SPREAD_FLOOR
        for name, start, end in zip(LAYERS, sizes[:-1], sizes[1:], strict=True):
            self.add_module(name, nn.Linear(start, end))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, joints: Tensor) -> Tensor:
        layer = (joints - self.mean) / self.spread
        for name in LAYERS[:-1]:
            layer = self.dropout(torch.relu(self.get_submodule(name)(layer)))
        change: Tensor = self.get_submodule(LAYERS[-1])(layer)
        return joints + change

    def as_arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        arrays = {"mean": self.mean.numpy(), "spread": self.spread.numpy()}
        for name in LAYERS:
            layer = self.get_submodule(name)
            assert isinstance(layer, nn.Linear)
            arrays[f"{name}.weight"] = layer.weight.detach().numpy().T.copy()
            arrays[f"{name}.bias"] = layer.bias.detach().numpy().copy()
        return arrays
