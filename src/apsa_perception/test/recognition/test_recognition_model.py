"""The file of the recogniser: what is refused, in one sentence."""

from pathlib import Path

import numpy as np
import pytest

from apsa_perception.apsa.domain import Domain
from apsa_perception.apsa.refinement import SkeletonRefinement
from apsa_perception.recognition.model import RecognitionModel
from support.figures import repeat, squat
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
        ("format", np.array(99), "has format 99; expected 2"),
        ("camera_centres", np.zeros((2, 2)), "the sizes of its arrays do not fit"),
        ("refinement.last.bias", np.zeros(3), r"tensors last\.bias have another shape; copy it"),
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
    assert (
        model.read(frames, np.arange(3.0), seen, np.array([0.0, -1.0, 0.0]), Domain.CAMERA) is None
    )


def test_what_a_camera_saw_is_refined_and_what_a_depth_sensor_measured_is_not() -> None:
    with np.load(SHIPPED) as content:
        arrays = dict(content)
    unrefined = RecognitionModel.of(
        arrays
        | {
            name: np.zeros_like(arrays[name])
            for name in ("refinement.last.weight", "refinement.last.bias")
        }
    )
    frames = [people[0] for _, people in repeat(lambda stamp, way: [squat(stamp, way)], 1)]
    positions = np.stack([one.positions for one in frames])
    observed = np.stack([one.observed for one in frames])
    stamps_s = np.array([one.stamp_ns for one in frames]) / 1e9
    up = np.array([0.0, -0.97, -0.24])  # the camera looks down by 14 degrees
    tensors = {
        name.removeprefix("refinement."): array.astype(np.float32)
        for name, array in arrays.items()
        if name.startswith("refinement.")
    }
    refined = SkeletonRefinement(tensors).refine(positions, up)

    def novelty(model: RecognitionModel, joints: np.ndarray, domain: str) -> float:
        reading = model.read(joints, stamps_s, observed, up, domain)
        assert reading is not None
        return reading.novelty

    shipped = RecognitionModel.load(SHIPPED)
    as_seen = novelty(unrefined, positions, Domain.CAMERA)
    assert novelty(shipped, positions, Domain.CAMERA) == pytest.approx(
        novelty(unrefined, refined, Domain.CAMERA)
    )
    assert abs(novelty(shipped, positions, Domain.CAMERA) - as_seen) > 0.01
    measured = [novelty(model, positions, Domain.DEPTH_SENSOR) for model in (shipped, unrefined)]
    assert measured[0] == measured[1]
