"""The file of the recogniser: what is refused, in one sentence."""

from pathlib import Path

import numpy as np
import pytest

from apsa_perception.recognition.model import RecognitionModel
from support.paths import ROOT

SHIPPED = ROOT / "models" / "recognition.npz"


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.npz not found"):
        RecognitionModel.load(tmp_path / "none.npz")


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "cut.npz"
    path.write_bytes(SHIPPED.read_bytes()[:2000])
    with pytest.raises(ValueError, match="cannot be read as an array file"):
        RecognitionModel.load(path)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("lift", np.zeros(3), "lift missing or wrong"),
        ("format", np.array(99), "has format 99; expected 1"),
        ("camera_centres", np.zeros((2, 2)), "the sizes of its arrays do not fit"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(
    tmp_path: Path, name: str, value: np.ndarray, sentence: str
) -> None:
    with np.load(SHIPPED) as content:
        arrays = {**content, name: value}
    path = tmp_path / "changed.npz"
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=sentence):
        RecognitionModel.load(path)


def test_too_few_frames_are_no_reading() -> None:
    model = RecognitionModel.load(SHIPPED)
    frames = np.zeros((3, 20, 3))
    seen = np.ones((3, 20), dtype=np.bool_)
    assert model.read(frames, np.arange(3.0), seen, np.array([0.0, -1.0, 0.0]), "camera") is None
