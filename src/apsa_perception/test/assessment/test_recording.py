"""References recorded in a session, frame by frame."""

from pathlib import Path

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from support.figures import Frames, figure, library, repeat, squat
from support.paths import ROOT
from support.runs import Run

CONFIG = ROOT / "config" / "exercises"
THREE = repeat(lambda stamp, way: [squat(stamp, way)], 3)


def session(own: Path) -> Assessor:
    """A running session of squats."""
    one = Assessor(ExerciseLibrary.load(CONFIG, own), AssessmentSettings(), None, None, own)
    one.start("squat")
    return one


def play(one: Assessor, frames: Frames) -> list[str]:
    """What the session says meanwhile."""
    run = Run()
    for stamp, people in frames:
        run.add(one.update(stamp, people))
    return [status.message for status in run.statuses]


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
    assert "my_squat is recorded" in one.record_reference("my_squat", "", 0).message
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
    with pytest.raises(ValueError, match="no repetition was counted in the last 30 s; allowed"):
        one.record_reference("my_squat", "", 0)


def test_what_is_done_while_paused_is_no_part_of_what_was_done(tmp_path: Path) -> None:
    one = session(tmp_path)
    play(one, THREE)
    one.pause()
    start_ns = THREE[-1][0] + 40_000_000
    play(one, repeat(lambda s, way: [squat(s, way, depth_deg=40.0)], 4, start_ns=start_ns))
    one.record_reference("my_squat", "", 0)
    text = (tmp_path / "my_squat.yaml").read_text()
    assert "Taught in from 3 repetitions" in text
    assert ExerciseLibrary(tmp_path).get("my_squat").primary.target > 85.0


def test_while_paused_another_movement_can_be_recorded_and_chosen(tmp_path: Path) -> None:
    one = session(tmp_path)
    play(one, THREE)
    one.pause()
    one.record_reference("my_arms", "Both arms", 2)
    start_ns = THREE[-1][0] + 40_000_000
    raising = repeat(
        lambda stamp, way: [figure(stamp, arms_deg=(10 + 120 * way, 10 + 120 * way))],
        3,
        start_ns=start_ns,
    )
    said = play(one, raising)
    assert any("recording my_arms: 1 of 2" in message for message in said)
    assert any("my_arms is recorded" in message for message in said)
    assert one.set_exercise("my_arms").title == "Both arms"


@pytest.mark.parametrize("end", ["stop", "set_exercise", "person"])
def test_what_ends_the_session_ends_the_recording(tmp_path: Path, end: str) -> None:
    one = session(tmp_path)
    play(one, THREE[:10])
    one.record_reference("my_squat", "", 3)
    play(one, THREE[10:60])
    if end == "person":
        said = play(one, later(THREE[:60], 2.0, body_id=2))
    elif end == "stop":
        said = [one.stop().message]
    else:
        said = [one.set_exercise("lunge").message]
    assert "recording my_squat has ended without an exercise" in said
    assert list(tmp_path.iterdir()) == []


def test_repetitions_that_do_not_come_are_not_waited_for_for_ever(tmp_path: Path) -> None:
    one = session(tmp_path)
    one.record_reference("my_squat", "", 2)
    standing = [(i * 200_000_000, [figure(i * 200_000_000)]) for i in range(1, 610)]
    said = play(one, standing)
    assert "recording my_squat failed: 0 of 2 repetitions were seen within 120 s" in said
    assert list(tmp_path.iterdir()) == []


def test_a_recording_needs_a_session_a_folder_and_a_number(tmp_path: Path) -> None:
    one = session(tmp_path)
    with pytest.raises(ValueError, match="repetitions is 1; allowed is 2 to 20"):
        one.record_reference("my_squat", "", 1)
    with pytest.raises(ValueError, match="no movement was seen"):
        one.record_reference("my_squat", "", 0)
    one.stop()
    with pytest.raises(ValueError, match="session is closed; allowed is to record in a running"):
        one.record_reference("my_squat", "", 2)
    nowhere = Assessor(library(), AssessmentSettings(), None)
    nowhere.start("squat")
    with pytest.raises(ValueError, match="no folder for new exercises"):
        nowhere.record_reference("my_squat", "", 2)


def test_an_edited_file_holds_from_the_next_start_on(tmp_path: Path) -> None:
    file = tmp_path / "deep.yaml"
    file.write_text((CONFIG / "squat.yaml").read_text().replace("name: squat", "name: deep"))
    one = session(tmp_path)
    one.set_exercise("deep")
    file.write_text(file.read_text().replace("title: Squat", "title: Deep squat"))
    assert one.start().title == "Squat"
    one.stop()
    assert one.start().title == "Deep squat"
