"""Packed files, and the peculiarities of the data sets."""

from pathlib import Path

import numpy as np
import pytest

from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequence_builders import (
    KinectRecording,
    UnusableError,
    irds_sequence,
    ui_prmd_sequence,
)
from apsa_training.data.window_set import prepare
from support.samples import SAMPLE, named, sample


def test_packed_irds_gives_labelled_sequences() -> None:
    data = sample()
    assert data.source == "irds"
    assert len(data.sequences) == 11
    sequence = named("204_18_2")
    assert (sequence.subject, sequence.correct, sequence.is_patient) == ("204", 0, True)
    assert sequence.positions.shape == (len(sequence.stamps_s), 20, 3)
    assert sequence.positions.dtype == np.float64


def test_poorly_executed_repetitions_are_dropped_with_the_reason() -> None:
    assert [name for name, _ in sample().dropped] == ["211_18_7_5_3_stand.txt"]
    assert "label 3" in sample().summary()


def test_byte_planes_give_the_published_values() -> None:
    with np.load(SAMPLE) as arrays:
        start = int(arrays["offsets"][0])
        planes = arrays["joints_planes"][:, :, start : start + 1]
    by_hand = np.array(
        [
            np.frombuffer(bytes(planes[:, column, 0].tolist()), dtype="<f4")[0]
            for column in range(75)
        ]
    ).reshape(25, 3)
    elbow = (by_hand[5] - by_hand[0]) * (-1, -1, 1)
    first = sample().sequences[0]
    assert np.allclose(first.positions[0, Joint.LEFT_ELBOW], elbow, atol=1e-6)


@pytest.mark.parametrize("prefix", ["102_18_0", "102_18_1", "102_18_5", "102_18_8", "204_18_2"])
def test_side_is_the_side_that_moves(prefix: str) -> None:
    sequence = named(prefix)
    left, right = (
        (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
        if sequence.family == "side_tap"
        else (Joint.LEFT_WRIST, Joint.RIGHT_WRIST)
    )
    path = np.abs(np.diff(sequence.positions, axis=0)).sum(axis=(0, 2))
    assert (path[left] > path[right]) == (sequence.side is Side.LEFT)


def test_stamps_come_from_the_clock_of_the_file() -> None:
    with np.load(SAMPLE) as arrays:
        clock = arrays["time_ms"][: len(sample().sequences[0].stamps_s)] / 1000.0
    assert np.allclose(sample().sequences[0].stamps_s, clock - clock[0])


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_damaged_file_is_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "irds.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"irds\.npz is not a readable array file"):
        load_packed(path)


def test_missing_file_and_other_layout_are_reported(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"none\.npz not found"):
        load_packed(tmp_path / "none.npz")
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match="is not a packed motion file"):
        load_packed(tmp_path / "other.npz")


def test_broken_sequence_is_dropped_and_the_others_are_loaded(tmp_path: Path) -> None:
    with np.load(SAMPLE) as archive:
        arrays = {name: archive[name] for name in archive.files}
    planes = arrays["joints_planes"].copy()
    planes[:, 3, 5] = np.frombuffer(np.float32("nan").tobytes(), dtype=np.uint8)
    np.savez(tmp_path / "broken.npz", **(arrays | {"joints_planes": planes}))
    data = load_packed(tmp_path / "broken.npz")
    assert len(data.sequences) == len(sample().sequences) - 1
    assert (sample().sequences[0].name, "coordinates are not finite") in data.dropped


def test_prepare_drops_exercises_of_other_families() -> None:
    data = prepare(sample(), families=("elbow_flexion", "side_tap"))
    assert set(data.exercise) == {
        "elbow_flexion_left", "elbow_flexion_right", "side_tap_left"
    }  # fmt: skip
    assert any("not trained on" in reason for _, reason in data.dropped)


@pytest.mark.parametrize(
    ("subject", "movement", "exercise"),
    [
        (1, 1, "deep_squat"),
        (1, 6, "straight_leg_raise_right"),
        (2, 2, "hurdle_step_left"),
        (2, 6, "straight_leg_raise_right"),
        (10, 7, "shoulder_abduction_left"),
    ],
)
def test_ui_prmd_has_the_side_each_subject_used(subject: int, movement: int, exercise: str) -> None:
    joints = np.random.default_rng(0).normal(size=(10, 22, 3))
    assert ui_prmd_sequence("a", subject, movement, True, joints).exercise == exercise


def test_packed_kimore_omits_missing_scores_and_faults(tmp_path: Path) -> None:
    joints = np.random.default_rng(0).normal(1.0, 0.2, size=(24, 75)).astype("<f4")
    planes = np.ascontiguousarray(joints).view(np.uint8).reshape(24, 75, 4).transpose(2, 1, 0)
    np.savez(
        tmp_path / "kimore.npz",
        joints_planes=planes,
        offsets=[0, 12, 24],
        tracking=np.full((24, 25), 2, np.uint8),
        file_name=["a", "b"],
        subject=["E_ID17", "S_ID2"],
        group=["expert", "stroke"],
        exercise=[5, 5],
        scores=np.array([[np.nan] * 3, [30.0, 10.0, 20.0]], np.float32),
        score_names=["cTS", "cPO", "cCF"],
        squat_errors=np.array([[1, -1], [0, 1]], np.int8),
        squat_error_names=["too_shallow", "torso_incorrect"],
    )
    expert, stroke = load_packed(tmp_path / "kimore.npz").sequences
    assert expert.scores == {}
    assert expert.faults == {"too_shallow": True}
    assert stroke.scores == {"cTS": 30.0, "cPO": 10.0, "cCF": 20.0}
    assert stroke.faults == {"too_shallow": False, "torso_incorrect": True}
    assert (expert.is_patient, stroke.is_patient) == (False, True)


def test_ui_prmd_is_converted_to_metres() -> None:
    joints = np.random.default_rng(0).normal(0.0, 40.0, size=(10, 22, 3))
    sequence = ui_prmd_sequence("a", 1, 1, True, joints)
    hip = sequence.positions[:, Joint.LEFT_HIP] - sequence.positions[:, Joint.RIGHT_HIP]
    assert np.allclose(hip, (joints[:, 14] - joints[:, 18]) * (0.01, -0.01, -0.01))


def test_unknown_exercise_numbers_are_rejected() -> None:
    joints = np.ones((10, 22, 3))
    with pytest.raises(UnusableError, match="movement is 11; expected 1 to 10"):
        ui_prmd_sequence("a", 1, 11, True, joints)
    recording = KinectRecording(np.ones((10, 25, 3)), np.full((10, 25), 2))
    with pytest.raises(UnusableError, match="gesture is 9; expected 0 to 8"):
        irds_sequence("a", 101, 9, 1, recording)
    with pytest.raises(UnusableError, match="fewer than 8 frames"):
        irds_sequence("a", 101, 0, 1, KinectRecording(np.ones((3, 25, 3)), np.ones((3, 25), int)))


def test_nominal_frame_rate_replaces_a_clock_that_runs_back() -> None:
    clock = np.array([0.0, 0.1, 0.05, 0.2, 0.3, 0.4, 0.5, 0.6])
    recording = KinectRecording(np.ones((8, 25, 3)), np.full((8, 25), 2), clock)
    assert np.allclose(irds_sequence("a", 101, 0, 1, recording).stamps_s, np.arange(8) / 30)
