"""Weight files: safetensors with the model's metadata as JSON in the header."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from apsa_perception.apsa.network import ApsaNetwork, NetworkConfig
from apsa_perception.apsa.weight_file import (
    CHECKSUM_KEY,
    FORMAT,
    HEADER_KEY,
    checksum,
    read_weight_file,
)


@dataclass(frozen=True)
class ModelHeader:
    """Metadata of a weight file.

    Attributes:
        name: name of the model.
        version: version of the model.
        exercises: names of the exercises that it was trained on.
        families: exercise families in the order of the network's reference.
        network: architecture of the network.
        slope: calibration, probability = sigmoid(slope * logit).
        uncertain_band: the model abstains if the probability is closer than this to 0.5.
        novelty_limits: for each family, the mean deviation beyond which a window differs from all
            correct repetitions in the training data.
        training: how the weights were trained: data, subjects, seed, metrics.
    """

    name: str
    version: str
    exercises: tuple[str, ...]
    families: tuple[str, ...]
    network: NetworkConfig
    slope: float
    uncertain_band: float
    novelty_limits: tuple[float, ...]
    training: dict[str, object]


def save_weights(path: Path, model: ApsaNetwork, header: ModelHeader) -> None:
    """Write weights, header and checksum atomically."""
    text = json.dumps({"format": FORMAT, **asdict(header)}, sort_keys=True)
    tensors = {name: value.contiguous() for name, value in model.state_dict().items()}
    metadata = {HEADER_KEY: text}
    metadata[CHECKSUM_KEY] = checksum(save(tensors, metadata))
    partial = path.with_suffix(".partial")
    partial.write_bytes(save(tensors, metadata))
    partial.chmod(0o644)  # whatever the user's mask: others run the coach with it
    partial.replace(path)


def load_weights(path: str | Path) -> tuple[ApsaNetwork, ModelHeader]:
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
        model = ApsaNetwork(header.network)
        model.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise ValueError(f"{path} does not match this version of APSA: {first}") from error
    if not all(bool(torch.isfinite(value).all()) for value in tensors.values()):
        raise ValueError(f"{path} is damaged: some weights are not finite")
    return model.eval(), header


def _header(values: dict[str, Any]) -> ModelHeader:
    rest = {name: value for name, value in values.items() if name not in ("format", "network")}
    for key in ("exercises", "families", "novelty_limits"):
        rest[key] = tuple(rest[key])
    return ModelHeader(network=NetworkConfig(**values["network"]), **rest)
