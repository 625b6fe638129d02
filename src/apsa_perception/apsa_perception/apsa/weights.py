"""Weight files: safetensors, with everything needed to use them as JSON in the header."""

import json
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
    """What a weight file says about itself.

    Attributes:
        name: name of the model.
        version: version of the model.
        exercises: exercise names it may judge.
        families: exercise families in the order of the network's reference.
        network: shape of the network.
        slope: calibration, probability = sigmoid(slope * logit).
        uncertain_band: no answer when the probability is closer than this to 0.5.
        novelty_limits: for each family, the mean deviation beyond which a window is unlike
            every correct repetition in the training data.
        training: how the weights were made: data, subjects, seed, figures.
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
    """Write weights and header; the file appears whole or not at all."""
    text = json.dumps({"format": FORMAT, **asdict(header)}, sort_keys=True)
    tensors = {name: value.contiguous() for name, value in model.state_dict().items()}
    partial = path.with_suffix(".partial")
    save_file(tensors, str(partial), metadata={HEADER_KEY: text})
    partial.chmod(0o644)  # safetensors makes files that only the owner may read
    partial.replace(path)


def load_weights(path: str | Path) -> tuple[ApsaNetwork, ModelHeader]:
    """Read a weight file.

    Raises:
        ValueError: one sentence on what is wrong with the file.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"there is no model file {path}")
    try:
        with safe_open(str(path), framework="pt") as file:
            text = (file.metadata() or {}).get(HEADER_KEY)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise ValueError(f"{path} is not a readable safetensors file: {error}") from error
    if text is None:
        raise ValueError(f"{path} has no {HEADER_KEY!r} header: not an APSA model")
    try:
        header = _header(json.loads(text))
        model = ApsaNetwork(header.network)
        model.load_state_dict(tensors)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        first = str(error).splitlines()[0]
        raise ValueError(f"{path} does not fit this version of APSA: {first}") from error
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
    return ModelHeader(network=NetworkConfig(**network), **values)  # type: ignore[arg-type]
