"""What a person asks for on an output reaches the session; what was spoken is told."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.feedback_cases import error, live, session

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import Cue
from apsa_msgs.srv import PauseSession, SelectPerson, SetExercise

from apsa_feedback.nodes.session_commands import MAX_WAITING
from apsa_perception.ros.qos import RESULTS
from support.stage import Stage


def test_what_a_person_asks_for_on_an_output_reaches_the_session(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    asked: list[str] = []

    def pause(_: Any, response: PauseSession.Response) -> PauseSession.Response:
        asked.append("pause")
        response.success = True
        return response

    scene.peer.create_service(PauseSession, "pause_session", pause)
    device = scene.start()
    scene.spin_for(0.5)
    device.context.commands["pause"]()
    scene.spin_until(lambda: asked == ["pause"])
    device.context.commands["exercise"]("\ud800")  # fits in no message
    device.context.commands["pause"]()
    scene.spin_until(lambda: asked == ["pause"] * 2)
    device.context.commands["start"]()  # nobody offers it: said in the log, nothing else
    scene.spin_for(0.1)


def test_requests_beyond_those_that_may_wait_are_dropped_with_few_warnings(
    stage: Callable[..., Stage], capfd: pytest.CaptureFixture[str]
) -> None:
    scene = stage()
    asked: list[str] = []

    def pause(_: Any, response: PauseSession.Response) -> PauseSession.Response:
        asked.append("pause")
        return response

    scene.peer.create_service(PauseSession, "pause_session", pause)
    device = scene.start()
    scene.spin_for(0.5)
    for _ in range(40_000):
        device.context.commands["pause"]()
    scene.spin_until(lambda: len(asked) == MAX_WAITING)
    scene.spin_for(0.3)
    assert len(asked) == MAX_WAITING
    log = capfd.readouterr().err
    assert "the request pause is dropped: 16 requests wait already" in log
    assert log.count("is dropped") < 20


def test_the_token_of_the_viewers_cannot_be_read_as_a_parameter(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    token = "a token of some length"
    (tmp_path / "token").write_text(token)
    monkeypatch.setenv("APSA_SCREEN_TOKEN", token)
    for file in ("", str(tmp_path / "token")):
        scene = stage(outputs=["screen"], **{"screen.port": 0, "screen.token_file": file})
        scene.start()
        names = scene.node.list_parameters([], 10).names
        values = [str(one.value) for one in scene.node.get_parameters(names)]
        assert "screen.token_file" in names
        assert not any(token in value for value in values)
        scene.node.trigger_deactivate()
        scene.node.trigger_cleanup()


def test_the_language_chosen_on_an_output_is_that_of_the_session(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    device = scene.start()
    assert device.context.languages["de"] == "Deutsch"
    device.context.commands["language"]("de")
    scene.spin_for(0.1)
    scene.play(session(), live(0.0), live(3.0, error()), live(3.1))
    scene.spin_until(lambda: len(scene.cues) == 2)
    assert (scene.cues[1].locale, scene.cues[1].text) == ("de", "Drücken Sie die Knie nach außen.")
    assert device.books == ["de"]
    device.context.commands["language"]("../de")  # said in the log, nothing else
    scene.spin_for(0.1)
    assert device.books == ["de"]


def test_the_exercise_chosen_on_an_output_reaches_the_session(stage: Callable[..., Stage]) -> None:
    scene = stage()
    asked: list[str] = []

    def choose(request: SetExercise.Request, response: Any) -> Any:
        asked.append(request.exercise)
        response.success = True
        return response

    scene.peer.create_service(SetExercise, "set_exercise", choose)
    device = scene.start()
    scene.spin_for(0.5)
    device.context.commands["exercise"]("lunge")
    scene.spin_until(lambda: asked == ["lunge"])


def test_the_person_tapped_on_an_output_is_selected(
    stage: Callable[..., Stage], capfd: pytest.CaptureFixture[str]
) -> None:
    scene = stage()
    asked: list[tuple[int, int]] = []

    def select(request: SelectPerson.Request, response: Any) -> Any:
        asked.append((request.method, request.body_id))
        response.success = True
        return response

    scene.peer.create_service(SelectPerson, "select_person", select)
    device = scene.start()
    scene.spin_for(0.5)
    for value in ("3", "99999999999", "-1", "x", "0"):
        device.context.commands["person"](value)
    ask = SelectPerson.Request
    scene.spin_until(lambda: asked == [(ask.BY_ID, 3), (ask.AUTOMATIC, 0)])
    log = capfd.readouterr().err
    assert "the person is '-1'; expected the number of one in view, or 0" in log


def test_what_was_spoken_is_published_with_when_it_began(stage: Callable[..., Stage]) -> None:
    scene = stage()
    spoken: list[Cue] = []
    scene.peer.create_subscription(Cue, "spoken", spoken.append, RESULTS)
    device = scene.start()
    scene.spin_until(lambda: scene.peer.count_publishers("spoken") == 1)
    scene.play(session(), live(0.0), live(0.1))
    scene.spin_until(lambda: bool(device.cues))
    now = scene.node.get_clock().now().nanoseconds
    device.context.spoken(device.cues[0], time.monotonic() - 2.0)
    scene.spin_until(lambda: bool(spoken))
    stamp = spoken[0].header.stamp
    assert (spoken[0].key, list(spoken[0].outputs)) == ("session_started", ["lamp"])
    assert stamp.sec * 10**9 + stamp.nanosec == pytest.approx(now - 2 * 10**9, abs=5 * 10**8)
