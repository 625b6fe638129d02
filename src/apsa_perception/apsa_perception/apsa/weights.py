"""Weight files: safetensors with the model's metadata as JSON in the header."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from apsa_perception.apsa.domain import CameraRecognition, Domain
from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.apsa.refinement import SkeletonRefinement
from apsa_perception.apsa.weight_file import (
    CHECKSUM_KEY,
    FORMAT,
    HEADER_KEY,
    checksum,
    read_weight_file,
)
from apsa_perception.biomechanics.view import ALL_VIEWS, View

_NETWORK, _REFINEMENT = "network.", "refinement."


@dataclass(frozen=True)
class ApsaModel:
    """Everything that a weight file holds.

    Attributes:
        network: judges windows.
        refinement: refines skeletons of a camera before.
    """

    network: ApsaNetwork
    refinement: SkeletonRefinement


@dataclass(frozen=True)
class DomainLimits:
    """How judgements are read for skeletons of one domain.

    Attributes:
        slope: calibration, probability = sigmoid(slope * logit).
        novelty_limits: for each family, the mean deviation beyond which a window differs from all
            correct repetitions in the training data.
        likeness_limits: for each family, how much more a window may deviate from it than from the
            family that it is most like.
        judged: families in which the network was measured to be right often enough.
        views: of some of these, the only views from which it was.
    """

    slope: float
    novelty_limits: tuple[float, ...]
    likeness_limits: tuple[float, ...]
    judged: tuple[str, ...] = ()
    views: Mapping[str, tuple[View, ...]] = field(default_factory=dict)

    def judging(self, views: Mapping[str, Collection[View]]) -> "DomainLimits":
        """Return the limits with the families that are judged, each from these views."""
        some = {name: tuple(sorted(each)) for name, each in views.items() if set(each) != ALL_VIEWS}
        return replace(self, judged=tuple(views), views=some)


@dataclass(frozen=True)
class ModelHeader:
    """Metadata of a weight file.

    Attributes:
        name: name of the model.
        version: version of the model.
        exercises: names of the exercises that it was trained on.
        families: exercise families in the order of the network's reference.
        ignored: joints that are not judged, by family: in exercises of the legs, people hold their
            arms as they like.
        alike: groups of families with the same movement, which are not told apart.
        network: architecture of the network.
        recognition: how camera skeletons are told from those of depth sensors.
        limits: by domain.
        sources: domain of known sources of skeletons, by the beginning of their name.
        uncertain_band: the model abstains if the probability is closer than this to 0.5.
        training: how the weights were trained: data, subjects, seed, metrics.
    """

    name: str
    version: str
    exercises: tuple[str, ...]
    families: tuple[str, ...]
    ignored: Mapping[str, tuple[str, ...]]
    alike: tuple[tuple[str, ...], ...]
    network: NetworkConfig
    recognition: CameraRecognition
    limits: Mapping[Domain, DomainLimits]
    sources: Mapping[str, str]
    uncertain_band: float
    training: dict[str, object]


def compared(families: Sequence[str], alike: Sequence[Sequence[str]]) -> npt.NDArray[np.bool_]:
    """``(E, E)`` whether a window of the family of a row is compared with that of a column."""
    return np.array(
        [
            [one == other or not any({one, other} <= set(group) for group in alike)
             for other in families]
            for one in families
        ]
    )  # fmt: skip


def save_weights(path: Path, model: ApsaModel, header: ModelHeader) -> None:
    """Write weights, header and checksum atomically."""
    text = json.dumps({"format": FORMAT, **asdict(header)}, sort_keys=True)
    tensors = {f"{_NETWORK}{name}": value for name, value in model.network.state_dict().items()}
    for name, array in model.refinement.tensors.items():
        tensors[f"{_REFINEMENT}{name}"] = torch.from_numpy(array)
    tensors = {name: value.contiguous() for name, value in tensors.items()}
    metadata = {HEADER_KEY: text}
    metadata[CHECKSUM_KEY] = checksum(save(tensors, metadata))
    partial = path.with_suffix(".partial")
    partial.write_bytes(save(tensors, metadata))
    partial.chmod(0o644)  # whatever the user's mask: others run the coach with it
    partial.replace(path)


def _product(
    rows: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    return np.asarray(torch.from_numpy(rows) @ torch.from_numpy(weights))


def load_weights(path: str | Path) -> tuple[ApsaModel, ModelHeader]:
    """Read a weight file.

    Raises:
        ValueError: the file cannot be used; one sentence.
    """
    path = Path(path)
    values, content = read_weight_file(path)
    try:
        tensors = load(content)
    except SafetensorError as error:
        raise ValueError(f"{path} cannot be read as a safetensors file: {error}") from error
    try:
        header = _header(values)
        network = ApsaNetwork(header.network)
        network.load_state_dict(_part(tensors, _NETWORK))
        refining = _part(tensors, _REFINEMENT)
        refinement = SkeletonRefinement(
            {name: each.numpy() for name, each in refining.items()}, _product
        )
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise ValueError(f"{path} does not match this version of APSA: {first}") from error
    if not all(bool(torch.isfinite(value).all()) for value in tensors.values()):
        raise ValueError(f"{path} is damaged: some weights are not finite")
    return ApsaModel(network.eval(), refinement), header


def _part(tensors: Mapping[str, Tensor], beginning: str) -> dict[str, Tensor]:
    """Tensors of one part, without the beginning of their names."""
    return {
        name.removeprefix(beginning): value
        for name, value in tensors.items()
        if name.startswith(beginning)
    }


def _header(values: dict[str, Any]) -> ModelHeader:
    rest = {name: value for name, value in values.items() if name != "format"}
    limits = {
        Domain(name): DomainLimits(
            each["slope"],
            tuple(each["novelty_limits"]),
            tuple(each["likeness_limits"]),
            tuple(each["judged"]),
            {name: tuple(map(View, views)) for name, views in each.get("views", {}).items()},
        )
        for name, each in rest.pop("limits").items()
    }
    recognition = rest.pop("recognition")
    return ModelHeader(
        exercises=tuple(rest.pop("exercises")),
        families=tuple(rest.pop("families")),
        ignored={name: tuple(joints) for name, joints in rest.pop("ignored").items()},
        alike=tuple(tuple(group) for group in rest.pop("alike")),
        network=NetworkConfig(**rest.pop("network")),
        recognition=CameraRecognition(tuple(recognition["weights"]), recognition["bias"]),
        limits=limits,
        **rest,
    )
