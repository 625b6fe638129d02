"""Repetitions of another exercise than the one asked for are counted and not judged."""

from dataclasses import replace

import pytest

from apsa_perception.apsa.domain import Domain
from apsa_perception.assessment import offline
from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.exercise_recognition import ExerciseRecognition
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import Grade, NotJudgedReason, SessionEvent
from apsa_perception.recognition.watch import Recognised, RecognitionWatch
from support.figures import PERIOD_NS, Frames, figure, posture_of, repeat, squat
from support.recognition_cases import MODEL, repeated
from support.runs import EXERCISES

ASKED, OTHER = "shoulder_abduction", "shoulder_flexion_left"
SENTENCE = (
    "this looks like Shoulder flexion left, not Shoulder abduction; choose the exercise that you do"
)


def joined(*parts: Frames) -> Frames:
    """Frames of one person, one part after the other."""
    frames: Frames = []
    for part in parts:
        shift = (frames[-1][0] if frames else 0) + PERIOD_NS - part[0][0]
        frames += [
            (stamp + shift, [replace(body, stamp_ns=stamp + shift)]) for stamp, (body,) in part
        ]
    return frames


def run(frames: Frames, asked: str = ASKED) -> Run:
    return offline.assess(frames, asked, EXERCISES, recognition=MODEL)


def judged(found: Run) -> list[bool]:
    """Whether each repetition was judged."""
    return [one.grade is not Grade.NOT_JUDGED for one in found.qualities]


def always_recognise(exercise: str, monkeypatch: pytest.MonkeyPatch) -> Recognised:
    """Let the watch recognise an exercise in each frame."""
    likelihoods = dict.fromkeys(MODEL.families, -9.0) | {exercise: -0.1}
    found = Recognised(exercise, exercise, likelihoods, (), Domain.DEPTH_SENSOR)
    monkeypatch.setattr(RecognitionWatch, "update", lambda *_: found)
    return found


def test_repetitions_of_another_exercise_are_counted_and_not_judged() -> None:
    found = run(repeated(OTHER, 6))
    assert [one.index for one in found.repetitions] == [1, 2, 3, 4, 5, 6]
    assert judged(found) == [True] + [False] * 5  # the second one completes the recognition
    refused = found.qualities[1:]
    assert {one.not_judged_reason for one in refused} == {NotJudgedReason.ANOTHER_EXERCISE}
    assert {one.reason for one in refused} == {SENTENCE}
    last = found.statuses[-1]
    assert (last.repetitions, last.repetitions_judged) == (6, 1)


def test_form_errors_of_another_exercise_are_not_reported() -> None:
    frames, asked = repeated("shoulder_abduction_left", 4), "shoulder_flexion_left"
    unaware = offline.assess(frames, asked, EXERCISES)
    assert all(unaware.codes)
    assert [bool(codes) for codes in run(frames, asked).codes] == [True, False, False, False]


def test_live_errors_of_another_exercise_are_not_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    knees_in = repeat(lambda stamp, way: [squat(stamp, way, knees_over_ankles=0.5)], 1)
    assert run(knees_in, "squat").live_codes
    always_recognise("shoulder_abduction", monkeypatch)
    found = run(knees_in, "squat")
    assert found.live_codes == set()
    assert {one.not_judged_reason for one in found.qualities} == {NotJudgedReason.ANOTHER_EXERCISE}


def test_the_exercise_asked_for_is_judged_again() -> None:
    found = run(joined(repeated(OTHER, 6), repeated("shoulder_abduction_left", 3)))
    assert judged(found) == [True] + [False] * 5 + [True] * 3


def test_two_runs_over_the_same_frames_are_equal() -> None:
    frames = joined(repeated(OTHER, 3), repeated("shoulder_abduction_left", 2))
    first, second = run(frames), run(frames)
    assert first.repetitions == second.repetitions
    assert judged(first) == judged(second)
    assert first.statuses == second.statuses


def test_a_repetition_of_which_nothing_is_recognised_ends_it() -> None:
    found = run(joined(repeated(OTHER, 2), repeated("shoulder_abduction_right", 2)))
    # Of the other arm two repetitions are needed again until something is recognised.
    assert judged(found) == [True, False, True, True]


def test_an_exercise_that_is_chosen_or_started_again_is_judged() -> None:
    assessor = Assessor(EXERCISES, AssessmentSettings(), None, recognition=MODEL)
    assessor.start(ASKED)
    found = Run()
    frames = repeated(OTHER, 2)
    for index, (stamp, people) in enumerate(joined(frames, frames, frames)):
        if index == len(frames):
            assessor.set_exercise(ASKED)
        if index == 2 * len(frames):
            assessor.stop()
            assessor.start()
        found.add(assessor.update(stamp, people))
    assert judged(found) == [True, False] * 3


def test_another_person_is_judged() -> None:
    frames = repeated(OTHER, 2)
    another = [(stamp, [replace(body, body_id=2)]) for stamp, (body,) in frames]
    assessor = Assessor(EXERCISES, AssessmentSettings(), None, recognition=MODEL)
    assessor.start(ASKED)
    found = Run()
    for stamp, people in joined(frames, another):
        found.add(assessor.update(stamp, people))
    assert judged(found)[:3] == [True, False, True]


@pytest.mark.parametrize(("asked", "instead"), [("squat", ""), ("side_lunge", "Sit to stand")])
def test_families_that_are_not_told_apart_are_judged(
    asked: str, instead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = always_recognise("sit_to_stand", monkeypatch)
    recognition = ExerciseRecognition(MODEL, EXERCISES, 1.0)
    recognition.ask_for(EXERCISES.get(asked))
    assert recognition.update(figure(), posture_of(figure())) is found
    assert recognition.is_another(found, 0.0) == bool(instead)
    assert recognition.instead == instead


def test_squats_with_hanging_arms_are_no_lunges() -> None:
    """The recogniser takes them for inline lunges, in which the hips bend differently."""
    found = run(repeat(lambda stamp, way: [squat(stamp, way)], 3), "squat")
    assert judged(found) == [True] * 3
    assert SessionEvent.ANOTHER_EXERCISE not in {one.event for one in found.statuses}
