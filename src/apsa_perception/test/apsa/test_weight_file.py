"""The checksum and the header of weight files."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save

from apsa_perception.apsa import weight_file
from apsa_perception.apsa.background import BackgroundModel
from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.apsa.weight_file import CHECKSUM_KEY, HEADER_KEY, checksum, read_weight_file
from apsa_perception.apsa.weights import ModelHeader, load_weights
from support.paths import ROOT

WEIGHTS = ROOT / "models" / "apsa.safetensors"


def written(path: Path, header: object) -> Path:
    """A weight file with a header and its checksum."""
    tensors = {"a": torch.zeros(3)}
    metadata = {HEADER_KEY: header if isinstance(header, str) else json.dumps(header)}
    metadata[CHECKSUM_KEY] = checksum(save(tensors, metadata))
    path.write_bytes(save(tensors, metadata))
    return path


@pytest.fixture
def header() -> dict[str, Any]:
    """The header of the shipped weights."""
    return read_weight_file(WEIGHTS)[0]


@pytest.mark.faults
def test_any_bit_that_flips_is_noticed(tmp_path: Path) -> None:
    content = WEIGHTS.read_bytes()
    damaged = tmp_path / "damaged.safetensors"
    for position in [*range(0, 4000, 37), *range(4000, len(content), len(content) // 50)]:
        flipped = bytearray(content)
        flipped[position] ^= 1 << (position % 8)
        damaged.write_bytes(flipped)
        with pytest.raises(ValueError, match=r"damaged\.safetensors ") as caught:
            read_weight_file(damaged)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("use", [load_weights, BackgroundModel])
def test_a_damaged_file_is_refused_at_load(use: Any, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.safetensors"
    content = bytearray(WEIGHTS.read_bytes())
    content[-1000] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged: its checksum does not fit; copy it again"):
        use(damaged)


def test_a_file_without_a_checksum_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "old.safetensors"
    file.write_bytes(save({"a": torch.zeros(3)}, {HEADER_KEY: "{}"}))
    with pytest.raises(ValueError, match=r"old\.safetensors has no checksum; write it again"):
        load_weights(file)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": 2}, "the format is 2; expected 3"),
        ({"name": None}, "name in the header is NoneType; expected str"),
        ({"exercises": "squat"}, "exercises in the header is str; expected list"),
        ({"exercises": []}, "exercises and families in the header are not lists of names"),
        ({"families": [1]}, "exercises and families in the header are not lists of names"),
        ({"uncertain_band": "1"}, "uncertain_band in the header is str; expected float"),
        ({"uncertain_band": float("nan")}, "a number in the header is not finite"),
        ({"limits": {}}, "the header has no limits for depth_sensor"),
        (
            {"limits": {"depth_sensor": {"slope": 1.0, "novelty_limits": []}}},
            "does not have one novelty limit for each family",
        ),
        ({"network": [1]}, "network in the header is list; expected dict"),
    ],
)
def test_a_wrong_header_is_refused_before_torch_is_loaded(
    header: dict[str, Any], changes: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    file = written(tmp_path / "wrong.safetensors", {**header, **changes})
    with pytest.raises(ValueError, match=f"wrong.safetensors does not match .*{sentence}"):
        BackgroundModel(file)


@pytest.mark.parametrize(
    ("views", "sentence"),
    [
        ({"plank": ["side"]}, "the views in the header are not those of families that are judged"),
        ({"deep_squat": []}, "the views of deep_squat in the header are not some of frontal, "),
        ({"deep_squat": ["above"]}, "the views of deep_squat in the header are not some of "),
    ],
)
def test_views_that_are_none_are_refused(
    header: dict[str, Any], views: object, sentence: str, tmp_path: Path
) -> None:
    header["limits"]["camera"]["views"] = views
    file = written(tmp_path / "wrong.safetensors", header)
    with pytest.raises(ValueError, match=sentence):
        BackgroundModel(file)


@pytest.mark.parametrize("text", ["[]", "{", "[" * 100_000])
def test_a_header_that_is_no_object_is_refused(text: str, tmp_path: Path) -> None:
    file = written(tmp_path / "wrong.safetensors", text)
    with pytest.raises(ValueError, match="does not match this version of APSA") as caught:
        BackgroundModel(file)
    assert "\n" not in str(caught.value)


def test_every_field_of_the_header_is_checked() -> None:
    fields = {each.name for each in dataclasses.fields(ModelHeader)}
    assert set(weight_file._KINDS) == fields


@pytest.mark.faults
@pytest.mark.parametrize(
    ("name", "value"),
    [("width", 9_999_999), ("families", 99_999), ("joint_layers", 10_000), ("patch", 0)],
)
def test_a_header_cannot_ask_for_all_memory(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{name} is {value}; expected"):
        NetworkConfig(**{"families": 5, name: value})
