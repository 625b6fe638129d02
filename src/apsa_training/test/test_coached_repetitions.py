"""Recordings cut as the coach cuts them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Side
from apsa_perception.model.paths import share_dir
from apsa_training.data.coached_repetitions import as_coached, coach_all, coached_exercise
from apsa_training.data.sequences import UNLABELLED, MotionData
from support.figures import repeat, squat
from support.recordings import recorded
from support.samples import drawn, sample


@pytest.fixture(scope="module")
def library() -> ExerciseLibrary:
    return ExerciseLibrary.load(share_dir("apsa_perception") / "config" / "exercises")


def test_an_exercise_is_named_as_a_person_would_choose_it(library: ExerciseLibrary) -> None:
    gesture = sample().sequences[0]
    assert gesture.side is not Side.BOTH
    assert coached_exercise(gesture, library) == gesture.exercise
    assert coached_exercise(replace(gesture, family="hurdle_step"), library) == "hurdle_step"
    squat = replace(gesture, family="deep_squat", side=Side.BOTH)
    assert coached_exercise(squat, library) == "squat"


def test_a_repetition_is_cut_from_its_own_recording(library: ExerciseLibrary) -> None:
    data = sample()
    cut = as_coached(data, library)
    whole = {one.name: one for one in data.sequences}
    assert len(cut.sequences) >= 7
    for one in cut.sequences:
        source = whole[one.name]
        assert one.stamps_s[0] == 0.0
        assert one.stamps_s[-1] <= source.stamps_s[-1] + 0.5
        inside = (np.abs(source.positions - one.positions[len(one.positions) // 2]) < 1e-9).all(
            axis=(1, 2)
        )
        assert inside.any(), one.name
    lost = {name for name, _ in cut.dropped}
    before = {name for name, _ in data.dropped}
    assert (lost - before) | {one.name for one in cut.sequences} == set(whole)


def test_counting_that_was_kept_gives_the_same_cuts(
    library: ExerciseLibrary, tmp_path: Path
) -> None:
    kept = tmp_path / "counted.json"
    first, again = (as_coached(sample(), library, kept) for _ in range(2))
    assert kept.is_file()
    assert [one.name for one in first.sequences] == [one.name for one in again.sequences]
    for one, other in zip(first.sequences, again.sequences, strict=True):
        assert np.array_equal(one.positions, other.positions)


def test_two_drawings_of_a_recording_are_cut_each_for_itself(library: ExerciseLibrary) -> None:
    data = drawn()
    longer = tuple(replace(one, stamps_s=2.0 * one.stamps_s) for one in data.sequences)
    alone = [
        as_coached(replace(data, sequences=each), library) for each in (data.sequences, longer)
    ]
    both = as_coached(replace(data, sequences=data.sequences + longer), library)
    expected = sorted((one.name, one.stamps_s[-1]) for each in alone for one in each.sequences)
    assert sorted((one.name, one.stamps_s[-1]) for one in both.sequences) == expected


def test_drawings_are_coached_alone_as_a_camera_saw_them(library: ExerciseLibrary) -> None:
    data = drawn()
    coached = list(coach_all(data, library, None))
    assert len(coached) == len(data.sequences) == 11
    assert sum(len(one.repetitions) == 1 for one in coached) >= 7


def test_recordings_without_a_label_are_left_out(library: ExerciseLibrary) -> None:
    data = sample()
    unlabelled = tuple(replace(one, correct=UNLABELLED) for one in data.sequences)
    assert not list(coach_all(replace(data, sequences=unlabelled), library, None))


def test_rounds_recorded_from_standing_are_coached_from_the_seat(library: ExerciseLibrary) -> None:
    frames = repeat(lambda stamp, way: [squat(stamp, way)], 1, rest_s=0.4)
    rounds = tuple(recorded(frames, name=f"{n}", family="sit_to_stand") for n in range(3))
    for one in coach_all(MotionData("made", rounds), library, None):
        assert one.exercise == "sit_to_stand"
        assert len(one.repetitions) == 1
        assert len(set(np.round(np.diff(one.recording.stamps_s), 6))) == 1
