"""Segmented recordings, their features, and lost joints in KIMORE."""

from dataclasses import replace

import numpy as np

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.body_frame import mirror_body
from apsa_perception.model.joints import Joint
from apsa_training.data.segmented_recordings import segment
from apsa_training.data.sequence_builders import KinectRecording, kimore_sequence
from apsa_training.data.sequences import MotionData, MotionSequence
from apsa_training.models.recording_features import squat_measures, summary, whole_body
from support.paths import EXERCISES
from support.samples import named


def in_a_row(parts: list[MotionSequence]) -> MotionSequence:
    """One recording of several repetitions."""
    stamps, last = [], 0.0
    for part in parts:
        stamps.append(part.stamps_s + last + 1 / 30)
        last = float(stamps[-1][-1])
    return replace(
        parts[0],
        positions=np.concatenate([part.positions for part in parts]),
        stamps_s=np.concatenate(stamps),
        confidence=np.concatenate([part.confidence for part in parts]),
        observed=np.concatenate([part.observed for part in parts]),
    )


def test_recording_is_segmented_into_counted_repetitions() -> None:
    lift = in_a_row([named("102_18_0")] * 3)
    still = replace(lift, positions=np.repeat(lift.positions[:1], len(lift.positions), axis=0))
    recordings = segment(MotionData("kimore", (lift, still)), ExerciseLibrary.load(EXERCISES))
    assert np.bincount(recordings.recording).tolist() == [3, 1], "no repetition: one window"
    first = recordings.windows.windows[:3]
    assert np.abs(first[1] - first[2]).mean() < 0.05
    assert (recordings.windows.correct == 1).all(), "controls are the reference"


def test_features_do_not_depend_on_speed_or_side() -> None:
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


def test_squat_measures_change_with_depth_width_and_lean() -> None:
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


def test_joints_at_the_origin_of_the_sensor_are_not_observed() -> None:
    joints = np.random.default_rng(0).normal(1.0, 0.2, size=(12, 25, 3))
    joints[4, 9] = 0.0
    recording = KinectRecording(joints, np.full((12, 25), 2))
    sequence = kimore_sequence("S_ID2", "stroke", 2, recording, {}, {})
    assert not sequence.observed[4, 9]
    assert sequence.confidence[4, 9] == 0.0
    assert sequence.observed.sum() == sequence.observed.size - 1
