"""A session continues in another process where it was saved."""

import json
from pathlib import Path
from typing import Any

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.assessment.session_file import SessionFile
from apsa_perception.assessment.session_id import session_id
from apsa_perception.model.codes import RequestError, SessionEvent, SessionState
from apsa_perception.model.results import RepetitionResult
from support.figures import figure, repeat, squat
from support.runs import assessor

SQUATS = repeat(lambda stamp, way: [squat(stamp, way)], 4)


def moved(one: Assessor) -> Assessor:
    """An assessor that continues the session, as after a crash."""
    other = assessor()
    other.resume(SavedSession.from_json(one.saved().to_json()))
    return other


@pytest.mark.faults
def test_the_count_goes_on_in_another_process() -> None:
    one = assessor()
    one.start("squat")
    indices = []
    for stamp, skeletons in SQUATS:
        results = one.update(stamp, skeletons)
        done = [each.index for each in results if isinstance(each, RepetitionResult)]
        indices += done
        if done == [2]:
            before = one.status
            one = moved(one)
            assert one.status.session_id == before.session_id
            assert one.status.repetitions_judged == before.repetitions_judged == 2
    assert indices == [1, 2, 3, 4]


@pytest.mark.faults
def test_the_own_posture_of_the_person_is_kept() -> None:
    one = assessor()
    one.start("squat")
    one.calibrate(1.0)
    for index in range(40):
        stamp = 40_000_000 * (index + 1)
        one.update(stamp, [figure(stamp)])
    assert one.status.calibrated
    other = moved(one)
    stamp += 40_000_000
    other.update(stamp, [figure(stamp)])
    assert other.status.calibrated
    assert other.status.event is SessionEvent.CALIBRATED


def test_a_paused_session_stays_paused_and_a_calibration_has_failed() -> None:
    one = assessor()
    one.start("squat")
    one.update(1, [figure(1)])
    one.pause()
    assert moved(one).status.state is SessionState.PAUSED
    one.start()
    one.calibrate()
    status = moved(one).status
    assert (status.state, status.event) == (SessionState.RUNNING, SessionEvent.CALIBRATION_FAILED)
    assert "calibrate again" in status.message


def test_the_next_session_has_another_number() -> None:
    one = assessor()
    one.start("squat")
    one.update(1, [figure(1)])
    other = moved(one)
    other.stop()
    other.start()
    other.update(2, [figure(2)])
    assert other.status.session_id == session_id("squat", 2, 2, [figure(2)])


def test_an_exercise_that_is_gone_is_refused() -> None:
    one = assessor()
    one.start("squat")
    content = json.loads(one.saved().to_json())
    content["plan"]["programme"]["sets"][0]["exercise"] = "yoga"
    with pytest.raises(RequestError, match="yoga"):
        assessor().resume(SavedSession.from_json(json.dumps(content)))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "apsa-session/1"}', "1", '{"format":0}']
)
@pytest.mark.faults
def test_what_is_no_session_is_reported_and_not_used(tmp_path: Path, text: str) -> None:
    (tmp_path / "session.json").write_text(text)
    failures: list[Any] = []
    assert SessionFile(tmp_path, lambda *what: failures.append(what)).read() is None
    ((reason, sentence),) = failures
    assert reason == "saved session"
    assert "session.json cannot be used" in sentence


def test_the_file_is_private_and_goes_with_the_node(tmp_path: Path) -> None:
    one = assessor()
    one.start("squat")
    file = SessionFile(tmp_path / "state", pytest.fail)
    assert file.read() is None
    file.write(one.saved())
    (path,) = (tmp_path / "state").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert file.read() == one.saved()
    file.remove()
    assert list((tmp_path / "state").iterdir()) == []


@pytest.mark.faults
def test_a_folder_that_cannot_be_written_costs_only_the_recovery(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    one = assessor()
    one.start("squat")
    failures: list[Any] = []
    SessionFile(tmp_path / "file", lambda *what: failures.append(what)).write(one.saved())
    assert "cannot be written" in failures[0][1]
