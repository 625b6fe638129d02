"""References recorded in a session, frame by frame."""

from pathlib import Path

import pytest

from apsa_perception.assessment import offline
from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestError, RequestErrorCode, SessionEvent
from support.figures import Frames, figure, library, repeat, squat
from support.paths import ROOT

CONFIG = ROOT / "config" / "exercises"
THREE = repeat(lambda stamp, way: [squat(stamp, way)], 3)


def session(own: Path) -> Assessor:
    """A running session of squats."""
    one = Assessor(ExerciseLibrary.load(CONFIG, own), AssessmentSettings(), None, own_exercises=own)
    one.start("squat")
    return one


def play(one: Assessor, frames: Frames) -> list[tuple[SessionEvent, str]]:
    """Event and message of each change of the session."""
    run = Run(list(offline.play(one, frames)))
    return [(status.event, status.message) for status in run.statuses]


def later(frames: Frames, seconds: float, body_id: int = 1) -> Frames:
    """The squats again, by somebody."""
    start_ns = frames[-1][0] + int(seconds * 1e9)
    return repeat(lambda stamp, way: [squat(stamp, way, body_id=body_id)], 3, start_ns=start_ns)


def test_rest_is_before_the_first_counted_repetition_and_not_how_somebody_walks_in(
    tmp_path: Path,
) -> None:
    one = session(tmp_path)
    bent = [(stamp, [figure(stamp, knee_deg=(95.0, 95.0))]) for stamp, _ in THREE[:60]]
    play(one, bent + later(bent, 0.04))
    status = one.record_reference("my_squat", "", 0)
    assert "my_squat is recorded" in status.message
    assert status.event is SessionEvent.RECORDED
    motion = ExerciseLibrary(tmp_path).get("my_squat").primary
    assert motion.target < motion.rest_limit


@pytest.mark.parametrize(("movement_s", "rest_s"), [(2.0, 1.1), (3.0, 0.4), (3.3, 0.5)])
def test_a_long_session_gives_an_exercise_the_right_way_up(
    tmp_path: Path, movement_s: float, rest_s: float
) -> None:
    one = session(tmp_path)
    frames = repeat(
        lambda stamp, way: [squat(stamp, way)], 14, movement_s=movement_s, rest_s=rest_s
    )
    play(one, frames)
    one.record_reference("my_squat", "", 0)
    motion = ExerciseLibrary(tmp_path).get("my_squat").primary
    assert motion.measure == "knee_angle"
    assert motion.target < motion.rest_limit


def test_what_was_done_so_long_ago_that_its_rest_is_lost_is_no_reference(tmp_path: Path) -> None:
    one = session(tmp_path)
    play(one, THREE)
    start_ns = THREE[-1][0]
    standing = [(start_ns + i * 200_000_000, []) for i in range(1, 10)]
    standing += [
        (start_ns + i * 200_000_000, [figure(start_ns + i * 200_000_000)]) for i in range(10, 160)
    ]
    play(one, standing)
    sentence = "no repetition was counted in the last 30 s; record the next ones"
    with pytest.raises(RequestError, match=sentence) as refusal:
        one.record_reference("my_squat", "", 0)
    assert refusal.value.code is RequestErrorCode.TOO_FEW_REPETITIONS


def test_what_is_done_while_paused_is_no_part_of_what_was_done(tmp_path: Path) -> None:
    one = session(tmp_path)
    play(one, THREE)
    one.pause()
    start_ns = THREE[-1][0] + 40_000_000
    play(one, repeat(lambda s, way: [squat(s, way, depth_deg=40.0)], 4, start_ns=start_ns))
    one.record_reference("my_squat", "", 0)
    text = (tmp_path / "my_squat.yaml").read_text()
    assert "Generated from 3 recorded repetitions" in text
    assert ExerciseLibrary(tmp_path).get("my_squat").primary.target > 85.0


def test_while_paused_another_movement_can_be_recorded_and_chosen(tmp_path: Path) -> None:
    one = session(tmp_path)
    play(one, THREE)
    one.pause()
    assert one.record_reference("my_arms", "Both arms", 2).event is SessionEvent.RECORDING_STARTED
    start_ns = THREE[-1][0] + 40_000_000
    raising = repeat(
        lambda stamp, way: [figure(stamp, arms_deg=(10 + 120 * way, 10 + 120 * way))],
        3,
        start_ns=start_ns,
    )
    said = play(one, raising)
    assert (SessionEvent.RECORDING_STARTED, "recording my_arms: 1 of 2 repetitions") in said
    event, message = said[-1]
    assert event is SessionEvent.RECORDED
    assert message.startswith("my_arms is recorded")
    assert one.set_exercise("my_arms").title == "Both arms"


@pytest.mark.parametrize("end", ["stop", "set_exercise", "person"])
def test_what_ends_the_session_ends_the_recording(tmp_path: Path, end: str) -> None:
    one = session(tmp_path)
    play(one, THREE[:10])
    one.record_reference("my_squat", "", 3)
    play(one, THREE[10:60])
    lost = "the recording of my_squat was discarded"
    if end == "person":
        said = play(one, later(THREE[:60], 2.0, body_id=2))
        assert (SessionEvent.RECORDING_FAILED, lost) in said
    else:
        status = one.stop() if end == "stop" else one.set_exercise("lunge")
        assert status.message.endswith(f"; {lost}")
        closed, chosen = SessionEvent.CLOSED, SessionEvent.EXERCISE_CHOSEN
        assert status.event is (closed if end == "stop" else chosen)
    assert list(tmp_path.iterdir()) == []


def test_repetitions_that_do_not_come_are_not_waited_for_for_ever(tmp_path: Path) -> None:
    one = session(tmp_path)
    one.record_reference("my_squat", "", 2)
    standing = [(i * 200_000_000, [figure(i * 200_000_000)]) for i in range(1, 610)]
    said = play(one, standing)
    sentence = "recording my_squat failed: 0 of 2 repetitions were seen within 120 s"
    assert (SessionEvent.RECORDING_FAILED, sentence) in said
    assert list(tmp_path.iterdir()) == []


def test_a_recording_needs_a_session_a_folder_a_name_and_a_number(tmp_path: Path) -> None:
    one = session(tmp_path)
    nowhere = Assessor(library(), AssessmentSettings(), None)
    nowhere.start("squat")
    too_few = RequestErrorCode.TOO_FEW_REPETITIONS
    requests: list[tuple[Assessor, str, int, RequestErrorCode, str]] = [
        (one, "my_squat", 1, RequestErrorCode.OUT_OF_RANGE, "repetitions is 1; expected 2 to 20"),
        (one, "my_squat", 0, too_few, "no movement larger than the measurement error was seen"),
        (one, "../nod", 2, RequestErrorCode.INVALID_NAME, "'../nod' is not allowed"),
        (one, "lunge", 2, RequestErrorCode.EXERCISE_EXISTS, "the exercise 'lunge' exists already"),
        (nowhere, "my_squat", 2, RequestErrorCode.NO_FOLDER, "no folder for new exercises"),
    ]
    for assessor, name, repetitions, code, sentence in requests:
        with pytest.raises(RequestError, match=sentence) as refusal:
            assessor.record_reference(name, "", repetitions)
        assert refusal.value.code is code
    one.record_reference("my_squat", "", 2)
    with pytest.raises(RequestError, match="my_squat is being recorded") as refusal:
        one.record_reference("other", "", 2)
    assert refusal.value.code is RequestErrorCode.BUSY
    one.stop()
    with pytest.raises(RequestError, match="cannot record: the session is closed") as refusal:
        one.record_reference("my_squat", "", 2)
    assert refusal.value.code is RequestErrorCode.SESSION_STATE


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    one = session(tmp_path / "file" / "exercises")
    play(one, THREE)
    with pytest.raises(RequestError, match=r"my_squat\.yaml cannot be written") as refusal:
        one.record_reference("my_squat", "", 0)
    assert refusal.value.code is RequestErrorCode.NOT_WRITTEN


def test_an_edited_file_holds_from_the_next_start_on(tmp_path: Path) -> None:
    file = tmp_path / "deep.yaml"
    file.write_text((CONFIG / "squat.yaml").read_text().replace("name: squat", "name: deep"))
    one = session(tmp_path)
    one.set_exercise("deep")
    file.write_text(file.read_text().replace("title: Squat", "title: Deep squat"))
    assert one.start().title == "Squat"
    one.stop()
    assert one.start().title == "Deep squat"
