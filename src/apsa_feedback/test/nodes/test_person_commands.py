"""An answer about a set and a deletion that are asked for on an output reach the session."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.srv import DeletePerson, RateSet

from support.history_cases import PERSON, write_weeks
from support.stage import Stage


def test_an_answer_and_a_deletion_reach_the_session(
    stage: Callable[..., Stage], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_weeks(tmp_path)
    (tmp_path / "P-018_squat_20260101-100000.json").touch()
    scene = stage(**{"report.dir": str(tmp_path), "report.person": PERSON})
    asked: list[object] = []

    def note(request: Any, response: Any) -> Any:
        rating = isinstance(request, RateSet.Request)
        asked.append((request.pain, request.effort) if rating else request.person)
        response.success = True
        return response

    scene.peer.create_service(RateSet, "rate_set", note)
    scene.peer.create_service(DeletePerson, "delete_person", note)
    device = scene.start()
    assert device.context.person == PERSON
    assert "<svg" in device.context.pages("")
    scene.spin_for(0.5)
    for value in ("x", '{"pain": 3}'):
        device.context.commands["rate"](value)
    for person in ("P-018", PERSON):
        device.context.commands["delete_person"](person)
    scene.spin_until(lambda: asked == [(3, -1.0), PERSON])
    left = [path.name for path in tmp_path.glob("P-*")]
    assert left == ["P-018_squat_20260101-100000.json"]
    log = capfd.readouterr().err
    assert "the rating is 'x'; expected a JSON object" in log
    assert "nothing is deleted: the person on the page is not that of the coach" in log
