"""Squats made from deep squats: their depth, their errors, and that nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest

from apsa_training.camera.squats import DEEP_SQUAT, SQUAT, lowest_knee_deg, with_squats
from apsa_training.data.sequences import MotionData, MotionSequence
from support.figures import repeat, squat
from support.recordings import recorded


def deep_squat(name: str, depth: float, correct: int = 1, subject: str = "1") -> MotionSequence:
    frames = repeat(lambda stamp, way: [squat(stamp, depth * way)], 1)
    return recorded(frames, name=name, subject=subject, family=DEEP_SQUAT, correct=correct)


@pytest.fixture(scope="module")
def data() -> MotionData:
    good = [deep_squat(f"good {number}", 1.2) for number in range(4)]
    return MotionData("made", (*good, deep_squat("bad", 1.0, correct=0)))


def test_correct_squats_end_between_their_own_depth_and_horizontal_thighs(data: MotionData) -> None:
    own = lowest_knee_deg(data.sequences[0].positions)
    squats = [
        one for one in with_squats(data).sequences if one.family == SQUAT and one.correct == 1
    ]
    bottoms = [lowest_knee_deg(one.positions) for one in squats]
    assert len(squats) == 12
    assert own - 1.0 <= min(bottoms)
    assert max(bottoms) <= 110.0
    assert max(bottoms) - min(bottoms) > 5.0


def test_labels_follow_the_recording_and_errors_are_incorrect(data: MotionData) -> None:
    squats = [one for one in with_squats(data).sequences if one.family == SQUAT]
    wrong = [one for one in squats if one.name.endswith("wrong")]
    assert len(wrong) == 4
    assert {one.correct for one in wrong} == {0}
    assert {one.correct for one in squats if one.name.startswith("bad")} == {0}
    assert not any(one.faults for one in squats)


def test_there_are_as_many_correct_squats_as_incorrect_ones() -> None:
    good = [deep_squat(f"good {number}", 1.2) for number in range(3)]
    bad = [deep_squat(f"bad {number}", 1.0, correct=0) for number in range(3)]
    made = with_squats(MotionData("made", (*good, *bad))).sequences
    labels = [one.correct for one in made if one.family == SQUAT]
    assert labels.count(1) == labels.count(0) == 9


def test_the_same_squats_every_time_whatever_else_is_in_the_data(data: MotionData) -> None:
    others = tuple(replace(one, subject="2") for one in data.sequences)
    alone = with_squats(data)
    among = with_squats(replace(data, sequences=(*others, *data.sequences)))
    found = {(one.subject, one.name): one for one in among.sequences}
    for one in alone.sequences:
        np.testing.assert_array_equal(one.positions, found[one.subject, one.name].positions)


def test_other_data_is_left_alone() -> None:
    gesture = replace(deep_squat("one", 1.0), family="elbow_flexion")
    data = MotionData("made", (gesture,))
    assert with_squats(data) == data


def test_somebody_without_a_correct_deep_squat_has_no_squats(data: MotionData) -> None:
    alone = replace(data, sequences=(replace(data.sequences[-1], subject="9"),))
    assert with_squats(alone).sequences == alone.sequences
