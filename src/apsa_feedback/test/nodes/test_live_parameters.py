"""Parameters of the feedback node that change while it runs."""

from collections.abc import Callable
from typing import Any

import pytest

from support.feedback_cases import error, live, session

pytest.importorskip("rclpy", reason="rclpy is not installed")

from rclpy.parameter import Parameter

from support.stage import Stage


def change(scene: Stage, **values: Any) -> list[tuple[bool, str]]:
    """Set parameters of the node; return what it answers to each."""
    parameters = [Parameter(name.replace("__", "."), value=v) for name, v in values.items()]
    answers = scene.node.set_parameters(parameters)
    return [(one.successful, one.reason) for one in answers]


def test_the_policy_changes_from_the_next_cue_on(stage: Callable[..., Stage]) -> None:
    scene = stage(**{"policy.error_repeat_s": 100.0})
    scene.start()
    scene.play(session(), live(0.0), live(3.0, error()), live(13.0, error()), live(13.1))
    scene.spin_until(lambda: scene.said() == ["session_started", "knee_valgus"])
    assert change(scene, policy__error_repeat_s=5.0) == [(True, "")]
    scene.play(live(23.0, error()), live(23.1))
    scene.spin_until(lambda: scene.said() == ["session_started", "knee_valgus", "knee_valgus"])


def test_settings_that_contradict_each_other_are_refused(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    ((successful, reason),) = change(scene, policy__min_gap_s=20.0)
    assert not successful
    assert "error_repeat_s is 8; expected at least min_gap_s, 20" in reason
    assert scene.node.settings.policy.min_gap_s == 2.5


def test_the_language_changes_on_topic_and_outputs(stage: Callable[..., Stage]) -> None:
    scene = stage()
    device = scene.start()
    ((successful, reason),) = change(scene, locale="fr")
    assert not successful
    assert "locale 'fr'" in reason
    assert change(scene, locale="de") == [(True, "")]
    scene.play(session(), live(0.0), live(0.1))
    scene.spin_until(lambda: bool(scene.cues))
    assert scene.cues[0].locale == "de"
    assert device.books == ["de"]


def test_other_parameters_wait_until_the_node_is_unconfigured(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    for name, value in (("outputs", ["speech"]), ("lamp.colour", "red"), ("screen.port", 0)):
        ((successful, reason),) = change(scene, **{name.replace(".", "__"): value})
        assert not successful
        assert f"{name} is read-only while the node is configured" in reason


def test_an_output_takes_its_live_settings(stage: Callable[..., Stage]) -> None:
    scene = stage()
    device = scene.start()
    assert device.context.settings.brightness == 50
    assert change(scene, lamp__brightness=80) == [(True, "")]
    assert [each.brightness for each in device.settings] == [80]
    ((successful, reason),) = change(scene, lamp__brightness=101)
    assert not successful
    assert "brightness" in reason
    scene.node.trigger_deactivate()
    scene.node.trigger_cleanup()
    assert change(scene, lamp__colour="red") == [(True, "")]
    scene.node.start()
    lamp = __import__("lamp_output").LampOutput.opened[-1]
    assert (lamp.context.settings.colour, lamp.context.settings.brightness) == ("red", 80)
