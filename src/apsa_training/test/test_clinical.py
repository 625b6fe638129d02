"""Recordings of several repetitions: cutting, features, scores by session, and the KIMORE traps."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.body_frame import mirror_body
from apsa_perception.model.joints import Joint
from apsa_training.build import KinectRecording, kimore_sequence
from apsa_training.clinical import main
from apsa_training.clinical_figures import fault_figures, score_figures
from apsa_training.folds import stratified_folds
from apsa_training.recordings import cut
from apsa_training.sequences import MotionData, MotionSequence
from apsa_training.session_kernels import Session, predict_scores, with_session
from apsa_training.whole_recording import squat_measures, summary, whole_body
from support.paths import ROOT
from support.samples import SAMPLE, named

EXERCISES = ROOT / "config" / "exercises"


def in_a_row(parts: list[MotionSequence], exercise: str) -> MotionSequence:
    """One recording of several repetitions, one after the other."""
    stamps, last = [], 0.0
    for part in parts:
        stamps.append(part.stamps_s + last + 1 / 30)
        last = float(stamps[-1][-1])
    return replace(
        parts[0],
        exercise=exercise,
        positions=np.concatenate([part.positions for part in parts]),
        stamps_s=np.concatenate(stamps),
        confidence=np.concatenate([part.confidence for part in parts]),
        observed=np.concatenate([part.observed for part in parts]),
    )


def test_a_recording_is_cut_into_what_the_coach_counts() -> None:
    lift = in_a_row([named("102_18_0")] * 3, "elbow_flexion_right")
    still = replace(lift, positions=np.repeat(lift.positions[:1], len(lift.positions), axis=0))
    recordings = cut(MotionData("kimore", (lift, still)), ExerciseLibrary.load(EXERCISES))
    assert np.bincount(recordings.recording).tolist() == [3, 1], "no repetition: one window"
    first = recordings.windows.windows[:3]
    assert np.abs(first[1] - first[2]).mean() < 0.05
    assert (recordings.windows.correct == 1).all(), "a healthy person is the reference"


def test_features_know_neither_speed_nor_side() -> None:
    sequence = named("102_18_0")
    slow = replace(
        sequence,
        positions=np.repeat(sequence.positions, 2, axis=0),
        stamps_s=np.arange(2 * len(sequence.positions)) / 30,
        confidence=np.repeat(sequence.confidence, 2, axis=0),
        observed=np.repeat(sequence.observed, 2, axis=0),
    )
    body, slow_body = whole_body(sequence), whole_body(slow)
    numbers = summary(body)
    spread = np.abs(numbers).mean()
    assert np.abs(summary(slow_body) - numbers).mean() < 0.05 * spread
    assert np.allclose(summary(np.asarray(mirror_body(body))), numbers, atol=1e-5)


def test_squat_measures_see_depth_width_and_lean() -> None:
    body = whole_body(named("102_18_0"))
    lower, wider, leaning = body.copy(), body.copy(), body.copy()
    lower[:, [Joint.LEFT_KNEE, Joint.RIGHT_KNEE], 2] += 0.2
    for left, right in ((Joint.LEFT_KNEE, Joint.RIGHT_KNEE),):
        wider[:, left, 1] += 0.2
        wider[:, right, 1] -= 0.2
    leaning[:, Joint.NECK, 0] += 0.5
    plain = squat_measures(body)
    assert squat_measures(lower)["too_shallow"][0] > plain["too_shallow"][0] + 0.1
    assert squat_measures(wider)["knees_too_close"][0] > plain["knees_too_close"][0] + 0.3
    assert squat_measures(leaning)["torso_incorrect"][0] > plain["torso_incorrect"][0] + 0.2


def test_joints_at_the_sensor_are_no_evidence() -> None:
    joints = np.random.default_rng(0).normal(1.0, 0.2, size=(12, 25, 3))
    joints[4, 9] = 0.0
    recording = KinectRecording(joints, np.full((12, 25), 2))
    sequence = kimore_sequence("S_ID2", "stroke", 2, recording, {}, {})
    assert not sequence.observed[4, 9]
    assert sequence.confidence[4, 9] == 0.0
    assert sequence.observed.sum() == sequence.observed.size - 1


def people_with_a_level(count: int, noise: float) -> Session:
    """Each person has a level that shows in all five exercises, each with noise of its own."""
    rng = np.random.default_rng(0)
    level = rng.normal(size=count)
    person = np.repeat(np.arange(count), 5)
    features = level[person][:, None] + rng.normal(0, noise, size=(5 * count, 12))
    return Session(
        features=features,
        person=np.array([f"p{n:02}" for n in person]),
        exercise=np.tile(np.arange(5), count),
        is_patient=level[person] < -0.5,
        score=30.0 + 5.0 * level[person] + rng.normal(0, 1, 5 * count),
    )


def test_scores_of_unseen_people_are_learned_and_the_session_helps() -> None:
    data = people_with_a_level(40, noise=3.0)
    test = np.flatnonzero(data.person < "p10")
    learn = np.flatnonzero(data.person >= "p10")
    error = [
        float(np.abs(predict_scores(data, learn, test, weight) - data.score[test]).mean())
        for weight in (0.0, 0.5)
    ]
    blind = float(np.abs(np.median(data.score[learn]) - data.score[test]).mean())
    assert error[0] < blind
    assert error[1] < error[0]


def test_scores_of_the_people_asked_about_are_never_used() -> None:
    data = people_with_a_level(20, noise=2.0)
    test = np.flatnonzero(data.person < "p05")
    learn = np.flatnonzero(data.person >= "p05")
    changed = data.score.copy()
    changed[test] = -1000.0
    other = replace(data, score=changed)
    one = predict_scores(data, learn, test, session=0.5)
    assert np.array_equal(one, predict_scores(other, learn, test, session=0.5))
    assert np.array_equal(
        with_session(data, one, test, learn), with_session(other, one, test, learn)
    )


def test_session_moves_answers_half_way_to_their_mean() -> None:
    data = people_with_a_level(10, noise=1.0)
    rows, learn = np.arange(5), np.arange(5, 50)
    usual = np.array([data.score[learn][exercise::5].mean() for exercise in range(5)])
    assert np.allclose(with_session(data, usual, rows, learn), usual)
    lone = np.array([0])
    assert with_session(data, np.array([20.0]), lone, learn) == pytest.approx(20.0)


def test_groups_are_dealt_evenly_and_people_stay_whole() -> None:
    subjects = np.array([f"{group}_{n}" for group in "AB" for n in range(10) for _ in range(2)])
    groups = np.array([subject[0] for subject in subjects])
    fold = stratified_folds(subjects, groups, 5, seed=0)
    for k in range(5):
        here = np.unique(subjects[fold == k])
        assert sorted(name[0] for name in here) == ["A", "A", "B", "B"]


def test_figures_leave_out_what_is_missing() -> None:
    truth = np.array([10.0, np.nan, 30.0])
    names, people = np.array(["a", "a", "b"]), np.array(["x", "y", "z"])
    report = score_figures(truth, {"m": np.array([12.0, 0.0, 30.0])}, names, people)
    assert report["m"]["a"]["mean_absolute_error"] == 2.0  # type: ignore[index]
    assert report["m"]["all"]["mean_absolute_error"] == 1.0  # type: ignore[index]
    faults = np.array([[1.0], [np.nan], [0.0]])
    found = fault_figures(faults, {"m": np.array([[0.9], [0.0], [0.1]])}, ("f",), people)
    assert found["m"]["f"]["auc"] == 1.0  # type: ignore[index]
    assert json.dumps(found)


def test_other_data_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(SAMPLE), "--json", str(tmp_path / "o.json"), "--work", str(tmp_path)]
    assert main(arguments) == 2
    assert "clinical scores are in kimore" in capsys.readouterr().err
