"""The session recognises what a recorded person does, and notices another exercise than asked."""

from itertools import pairwise

import pytest

from apsa_perception.apsa.domain import Domain
from apsa_perception.assessment import offline
from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.exercise_recognition import ExerciseRecognition
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import RequestError, RequestErrorCode, SessionEvent
from apsa_perception.model.results import SessionStatus
from apsa_perception.model.sentences import Sentence
from apsa_perception.recognition.watch import Recognised
from support.figures import SECOND_NS, Frames, repeat, squat
from support.recognition_cases import EVERYDAY, MODEL, everyday, repeated
from support.runs import EXERCISES, assessor

EVENTS = (SessionEvent.EXERCISE_RECOGNISED, SessionEvent.ANOTHER_EXERCISE)


def run(frames: Frames, exercise: str) -> Run:
    return offline.assess(frames, exercise, EXERCISES, recognition=MODEL)


def recognition_of(found: Run) -> list[SessionStatus]:
    """The first status with each event of the recognition."""
    changes = [status for status in found.statuses if status.event in EVENTS]
    return [one for i, one in enumerate(changes) if not i or one.event != changes[i - 1].event]


@pytest.mark.parametrize(
    ("done", "chosen"),
    [
        ("shoulder_abduction_left", "shoulder_abduction"),
        ("shoulder_flexion_left", "shoulder_flexion_left"),
        ("side_tap_right", "side_tap_right"),
        ("shoulder_forward_elevation", "shoulder_forward_elevation"),
    ],
)
def test_auto_names_the_exercise_after_two_repetitions_and_counts_the_later_ones(
    done: str, chosen: str
) -> None:
    found = run(repeated(done, 5), "auto")
    (recognised,) = recognition_of(found)
    assert recognised.exercise == chosen
    assert recognised.event is SessionEvent.EXERCISE_RECOGNISED
    assert recognised.message.startswith(f"recognised: {recognised.title}")
    assert [one.exercise for one in found.repetitions] == [chosen] * 3
    assert [one.index for one in found.repetitions] == [1, 2, 3]


def test_another_exercise_than_asked_for_is_told_once() -> None:
    found = run(repeated("side_tap_right", 4), "shoulder_abduction")
    (told,) = recognition_of(found)
    assert told.event is SessionEvent.ANOTHER_EXERCISE
    assert told.exercise == "shoulder_abduction"
    assert "looks like Side tap right, not Shoulder abduction" in told.message
    third = repeated("side_tap_right", 2)[-1][0]
    assert told.stamp_ns <= third


@pytest.mark.parametrize(("domain", "told"), [(Domain.DEPTH_SENSOR, True), (Domain.CAMERA, False)])
def test_nobody_is_told_by_one_camera_to_raise_the_arm_in_another_direction(
    domain: Domain, told: bool
) -> None:
    likelihoods = dict.fromkeys(MODEL.families, -9.0) | {"shoulder_flexion": -0.1}
    found = Recognised("shoulder_flexion", "shoulder_flexion", likelihoods, (), domain)
    recognition = ExerciseRecognition(MODEL, EXERCISES, 1.0)
    for asked, expected in (("shoulder_abduction", told), ("squat", True)):
        recognition.ask_for(EXERCISES.get(asked))
        assert recognition.is_another(found, 0.0) is expected


def test_who_was_recognised_and_is_counted_is_not_watched() -> None:
    recognition = ExerciseRecognition(MODEL, EXERCISES, 1.0)
    recognition.ask_for(EXERCISES.get("side_tap_right"))
    postures = PostureTracker(AssessmentSettings())
    found = []
    for stamp, (body,) in repeated("side_tap_right", 8):
        one = recognition.update(body, postures.posture(body))
        if one is not None:
            assert not recognition.is_another(one, 0.0)
            found.append(stamp)
            recognition.note_counted(stamp)
    assert len(found) < 7
    assert all(later - stamp >= 10 * SECOND_NS for stamp, later in pairwise(found))


@pytest.mark.parametrize("asked", ["side_tap_right", "side_tap_left"])
def test_the_exercise_asked_for_is_not_told_to_be_another_one(asked: str) -> None:
    assert recognition_of(run(repeated("side_tap_right", 4), asked)) == []


def test_an_exercise_that_is_not_known_is_not_told_to_be_another_one_while_it_counts() -> None:
    done = repeated("shoulder_forward_elevation", 4)
    found = run(done, "arm_lift")
    assert found.repetitions
    assert recognition_of(found) == []
    (told,) = recognition_of(run(done, "squat"))
    assert told.event is SessionEvent.ANOTHER_EXERCISE


@pytest.mark.parametrize("movement", EVERYDAY)
def test_everyday_movements_are_no_exercise(movement: str) -> None:
    found = run(everyday(movement), "auto")
    assert {status.exercise for status in found.statuses} == {"auto"}
    assert found.repetitions == []


@pytest.mark.faults
@pytest.mark.parametrize(
    ("roll_deg", "sentence"),
    [(40.0, "turned by about 40"), (90.0, "on its side"), (180.0, Sentence.UPSIDE_DOWN.text())],
)
def test_a_turned_picture_is_reported_before_an_exercise_is_recognised(
    roll_deg: float, sentence: str
) -> None:
    turned = repeat(lambda stamp, way: [squat(stamp, way, roll_deg=roll_deg)], 3)
    found = run(turned, "auto")
    events = [one for one in found.statuses if one.event is SessionEvent.CAMERA_SIDEWAYS]
    assert len(events) == 1
    assert sentence in events[0].message
    assert found.repetitions == []


def test_an_upright_picture_gives_no_sentence_before_an_exercise_is_recognised() -> None:
    leaning = repeat(lambda stamp, way: [squat(stamp, way, roll_deg=15.0)], 3)
    for frames in (leaning, repeated("side_tap_right", 3)):
        events = {status.event for status in run(frames, "auto").statuses}
        assert SessionEvent.CAMERA_SIDEWAYS not in events


def test_two_runs_over_the_same_frames_are_equal() -> None:
    frames = repeated("shoulder_abduction_left", 3)
    first, second = (run(frames, "auto") for _ in range(2))
    assert first.statuses == second.statuses
    assert first.repetitions == second.repetitions


def test_a_pause_drops_the_movement_in_progress() -> None:
    one = Assessor(EXERCISES, AssessmentSettings(), None, recognition=MODEL)
    one.start("auto")
    found = Run()
    frames = repeated("shoulder_abduction_left", 2)
    for index, (stamp, people) in enumerate(frames):
        if index == len(frames) * 3 // 4:
            one.pause()
            one.start()
        found.add(one.update(stamp, people))
    assert recognition_of(found) == []


def test_auto_without_a_recogniser_is_refused() -> None:
    with pytest.raises(RequestError) as refused:
        assessor().start("auto")
    assert refused.value.code is RequestErrorCode.UNKNOWN_EXERCISE
