"""The tool that adds the checksum to a weight file."""

from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save

from apsa_perception.apsa.weight_file import HEADER_KEY
from apsa_perception.apsa.weights import load_weights
from checksum_weights import add_checksum
from support.paths import ROOT

WEIGHTS = ROOT / "models" / "apsa_irds.safetensors"


def test_a_file_without_a_checksum_gets_one_and_keeps_its_tensors(tmp_path: Path) -> None:
    file = tmp_path / "old.safetensors"
    with safe_open(str(WEIGHTS), framework="pt") as shipped:
        tensors = {name: shipped.get_tensor(name) for name in shipped.keys()}  # noqa: SIM118
        file.write_bytes(save(tensors, {HEADER_KEY: shipped.metadata()[HEADER_KEY]}))
    with pytest.raises(ValueError, match="has no checksum"):
        load_weights(file)
    add_checksum(file)
    network, header = load_weights(file)
    shipped_network, shipped_header = load_weights(WEIGHTS)
    assert header == shipped_header
    pairs = zip(network.state_dict().values(), shipped_network.state_dict().values(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)
