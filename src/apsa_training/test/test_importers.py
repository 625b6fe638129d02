"""Importers of the packed files, and the traps of the data sets."""

from pathlib import Path

import numpy as np
import pytest

from apsa_perception.apsa.sides import family
from apsa_perception.model.joints import Joint
from apsa_training.build import (
    KinectRecording,
    UnusableError,
    irds_sequence,
    ui_prmd_sequence,
)
from apsa_training.folds import IRDS_FOLDS, irds_fold, subject_folds
from apsa_training.packed import load_packed
from apsa_training.prepare import prepare
from support.samples import SAMPLE, named, sample


def test_packed_irds_gives_labelled_sequences() -> None:
    data = sample()
    assert data.source == "irds"
    assert len(data.sequences) == 11
    sequence = named("204_18_2")
    assert (sequence.subject, sequence.correct, sequence.is_patient) == ("204", 0, True)
    assert sequence.positions.shape == (len(sequence.stamps_s), 20, 3)
    assert sequence.positions.dtype == np.float64


def test_poor_label_is_dropped_and_named() -> None:
    assert [name for name, _ in sample().dropped] == ["211_18_7_5_3_stand.txt"]
    assert "label 3" in sample().summary()


def test_bytes_planes_give_the_published_values() -> None:
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
def test_the_side_in_the_name_is_the_side_that_moves(prefix: str) -> None:
    sequence = named(prefix)
    left, right = (
        (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
        if family(sequence.exercise) == "side_tap"
        else (Joint.LEFT_WRIST, Joint.RIGHT_WRIST)
    )
    path = np.abs(np.diff(sequence.positions, axis=0)).sum(axis=(0, 2))
    assert (path[left] > path[right]) == sequence.exercise.endswith("_left")


def test_stamps_come_from_the_clock_of_the_file() -> None:
    with np.load(SAMPLE) as arrays:
        clock = arrays["time_ms"][: len(sample().sequences[0].stamps_s)] / 1000.0
    assert np.allclose(sample().sequences[0].stamps_s, clock - clock[0])


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_damaged_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "irds.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"irds\.npz is not a readable array file"):
        load_packed(path)


def test_missing_file_and_other_layout_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no data file"):
        load_packed(tmp_path / "none.npz")
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(ValueError, match="not a packed motion file"):
        load_packed(tmp_path / "other.npz")


def test_broken_sequence_is_named_and_the_rest_is_loaded(tmp_path: Path) -> None:
    with np.load(SAMPLE) as archive:
        arrays = {name: archive[name] for name in archive.files}
    planes = arrays["joints_planes"].copy()
    planes[:, 3, 5] = np.frombuffer(np.float32("nan").tobytes(), dtype=np.uint8)
    np.savez(tmp_path / "broken.npz", **(arrays | {"joints_planes": planes}))
    data = load_packed(tmp_path / "broken.npz")
    assert len(data.sequences) == len(sample().sequences) - 1
    assert (sample().sequences[0].name, "coordinates that are not finite") in data.dropped


def test_folds_are_by_subject() -> None:
    subjects = [subject for fold in IRDS_FOLDS for subject in fold]
    assert len(subjects) == len(set(subjects))
    fold = irds_fold(np.array(["204", "101", "201"]))
    assert fold.tolist() == [1, 1, 3]
    with pytest.raises(ValueError, match="999"):
        irds_fold(np.array(["999"]))
    people = np.array(list("aabbccddee"))
    dealt = subject_folds(people, 5, seed=0)
    assert all(len(set(dealt[people == person])) == 1 for person in people)
    assert sorted(set(dealt.tolist())) == [0, 1, 2, 3, 4]


def test_prepare_leaves_out_exercises_of_no_known_family() -> None:
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
def test_ui_prmd_names_tell_the_side_each_person_used(
    subject: int, movement: int, exercise: str
) -> None:
    joints = np.random.default_rng(0).normal(size=(10, 22, 3))
    assert ui_prmd_sequence("a", subject, movement, True, joints).exercise == exercise


def test_packed_kimore_leaves_out_what_nobody_judged(tmp_path: Path) -> None:
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


def test_ui_prmd_centimetres_become_metres() -> None:
    joints = np.random.default_rng(0).normal(0.0, 40.0, size=(10, 22, 3))
    sequence = ui_prmd_sequence("a", 1, 1, True, joints)
    hip = sequence.positions[:, Joint.LEFT_HIP] - sequence.positions[:, Joint.RIGHT_HIP]
    assert np.allclose(hip, (joints[:, 14] - joints[:, 18]) * (0.01, -0.01, -0.01))


def test_other_numbers_than_the_published_are_refused() -> None:
    joints = np.ones((10, 22, 3))
    with pytest.raises(UnusableError, match="movement 11"):
        ui_prmd_sequence("a", 1, 11, True, joints)
    recording = KinectRecording(np.ones((10, 25, 3)), np.full((10, 25), 2))
    with pytest.raises(UnusableError, match="gesture 9"):
        irds_sequence("a", 101, 9, 1, recording)
    with pytest.raises(UnusableError, match="fewer than 8 frames"):
        irds_sequence("a", 101, 0, 1, KinectRecording(np.ones((3, 25, 3)), np.ones((3, 25), int)))


def test_a_clock_that_runs_back_gives_way_to_the_nominal_rate() -> None:
    clock = np.array([0.0, 0.1, 0.05, 0.2, 0.3, 0.4, 0.5, 0.6])
    recording = KinectRecording(np.ones((8, 25, 3)), np.full((8, 25), 2), clock)
    assert np.allclose(irds_sequence("a", 101, 0, 1, recording).stamps_s, np.arange(8) / 30)
