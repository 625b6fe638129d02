"""The network that is loaded in the background."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.apsa.background import BackgroundModel
from apsa_perception.apsa.predictor import QualityModel
from apsa_perception.apsa.weights import load_weights, save_weights
from support.paths import ROOT

WEIGHTS = ROOT / "models" / "apsa.safetensors"
WINDOW = {
    "positions": np.zeros((40, 20, 3)),
    "stamps_s": np.arange(40) / 25.0,
    "confidence": np.ones((40, 20)),
    "observed": np.ones((40, 20), dtype=bool),
    "up": np.array([0.0, -1.0, 0.0]),
}


def test_it_is_the_same_model() -> None:
    background, network = BackgroundModel(WEIGHTS), QualityModel.load(WEIGHTS)
    assert (background.name, background.version) == (network.name, network.version)
    assert background.exercises == network.exercises
    exercise = network.exercises[0]
    judged = [model.judge(exercise=exercise, **WINDOW) for model in (background, network)]
    assert judged[0].reason == judged[1].reason
    assert background.failure == ""
    background.close()


def test_weights_that_do_not_load_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "broken.safetensors"
    network, header = load_weights(WEIGHTS)
    save_weights(path, network, replace(header, network=replace(header.network, width=8)))
    model = BackgroundModel(path)
    assert model.failure == ""
    model.load()
    give_up = time.monotonic() + 30.0
    while not model.failure:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    model.close()
    assert "broken.safetensors" in model.failure
    with pytest.raises(RuntimeError, match=r"broken\.safetensors"):
        model.judge(exercise="squat", **WINDOW)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "not found"), (b"no weights", "cannot be read as a safetensors file")],
)
def test_a_file_that_is_no_model_is_refused_at_once(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / "file.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=sentence):
        BackgroundModel(path)
