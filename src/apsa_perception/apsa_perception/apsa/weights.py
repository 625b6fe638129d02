"""Weight files: safetensors with the model's metadata as JSON in the header."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from apsa_perception.apsa.background import HEADER_KEY
from apsa_perception.apsa.network import ApsaNetwork, NetworkConfig

FORMAT = 2


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
    """Write weights and header atomically."""
    text = json.dumps({"format": FORMAT, **asdict(header)}, sort_keys=True)
    tensors = {name: value.contiguous() for name, value in model.state_dict().items()}
    partial = path.with_suffix(".partial")
    save_file(tensors, str(partial), metadata={HEADER_KEY: text})
    partial.chmod(0o644)  # safetensors creates files that only the owner can read
    partial.replace(path)


def load_weights(path: str | Path) -> tuple[ApsaNetwork, ModelHeader]:
    """Read a weight file.

    Raises:
        ValueError: the file cannot be used; one sentence.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"model file {path} not found")
    try:
        with safe_open(str(path), framework="pt") as file:
            text = (file.metadata() or {}).get(HEADER_KEY)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read as a safetensors file: {error}") from error
    if text is None:
        raise ValueError(f"{path} is not an APSA model: it has no header {HEADER_KEY!r}")
    try:
        header = _header(json.loads(text))
        model = ApsaNetwork(header.network)
        model.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise ValueError(f"{path} does not match this version of APSA: {first}") from error
    if not all(bool(torch.isfinite(value).all()) for value in tensors.values()):
        raise ValueError(f"{path} is damaged: some weights are not finite")
    return model.eval(), header


def _header(values: dict[str, object]) -> ModelHeader:
    if values.pop("format") != FORMAT:
        raise ValueError(f"the format is not {FORMAT}")
    network = values.pop("network")
    if not isinstance(network, dict):
        raise TypeError("the network's shape is not an object")
    for key in ("exercises", "families", "novelty_limits"):
        items = values[key]
        if not isinstance(items, list):
            raise TypeError(f"{key} is not a list")
        values[key] = tuple(items)
    for key in ("slope", "uncertain_band"):
        number = values[key]
        if not isinstance(number, int | float) or not math.isfinite(number):
            raise ValueError(f"{key} is {number!r}; expected a finite number")
    return ModelHeader(network=NetworkConfig(**network), **values)  # type: ignore[arg-type]
