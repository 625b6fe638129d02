"""The feedback node with real messages: what it says, and what it survives."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support.feedback_cases import error, live, ns, repetition, session, skeleton

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import SkeletonArray
from sensor_msgs.msg import Image
from visualization_msgs.msg import MarkerArray

from apsa_perception.model.codes import SessionState
from apsa_perception.ros.conversion import header
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.qos import IMAGES, RESULTS
from apsa_perception.ros.result_conversion import errors_to_msg
from support.stage import FRAME, Stage

HAS_CONTROL_MSGS = find_spec("control_msgs") is not None


def test_an_error_becomes_a_cue_on_the_topic_and_on_the_output(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    device = scene.start()
    scene.play(session(), live(0.0), live(3.0, error()), live(3.1))
    scene.spin_until(lambda: len(scene.cues) == 2)
    cue = scene.cues[1]
    assert (cue.key, cue.error_code, cue.body_id, cue.id) == ("knee_valgus", 100, 1, 2)
    assert cue.text == "Push your knees outwards."
    assert list(cue.outputs) == ["lamp"]
    assert (cue.header.stamp.sec, cue.header.frame_id, cue.session_id) == (3, FRAME, "s1")
    assert [each.key for each in device.cues] == ["session_started", "knee_valgus"]


def test_no_state_is_missed_while_the_node_is_busy(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    for each in (session(), session(5.0, repetitions=1), session(9.0, SessionState.CLOSED)):
        scene.publish(each)
    scene.spin_until(lambda: len(scene.cues) == 2)
    assert scene.said()[0] == "session_started"


@pytest.mark.faults
def test_an_output_that_raises_does_not_stop_the_node(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    scene.play(session(), live(0.0), live(3.0, error()), *repetition(9.0, 5), live(9.0), live(9.1))
    scene.spin_until(lambda: "count" in scene.said() or "praise_corrected" in scene.said())
    assert scene.node.diagnostics.dropped("output lamp") == 1


@pytest.mark.faults
def test_messages_that_make_no_sense_are_dropped_and_counted(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    scene.play(session(), live(0.0))
    broken = errors_to_msg(live(1.0, error()), FRAME)
    broken.errors[0].code = 999
    scene.publishers["errors"].publish(broken)
    scene.publishers["skeletons"].publish(SkeletonArray())
    scene.play(live(3.0, error()), live(3.1))
    scene.spin_until(lambda: scene.said() == ["session_started", "knee_valgus"])
    assert scene.node.diagnostics.dropped("errors") == 1
    assert scene.node.diagnostics.dropped("skeletons") == 1


def test_the_end_of_a_session_is_told_although_no_frame_follows(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    scene.start()
    scene.play(session(), live(0.0), session(0.0, SessionState.CLOSED, repetitions=3))
    scene.spin_until(lambda: "session_ended" in scene.said())


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"outputs": ["siren"]}, "there is no output 'siren'; expected one of .*lamp"),
        ({"locale": "fr"}, "locale 'fr'; expected one of de, en, es, zh"),
        ({"policy.error_repeat_s": 1.0}, "error_repeat_s"),
        pytest.param(
            {"outputs": ["robot"], "robot.interface": "action"},
            "control_msgs is not installed; install it or use 'topic'",
            marks=pytest.mark.skipif(HAS_CONTROL_MSGS, reason="control_msgs is installed"),
        ),
        ({"outputs": ["robot"], "robot.map": "tank"}, "no robot map 'tank'.*generic_arms"),
        ({"outputs": ["screen"], "screen.host": "0.0.0.0"}, "screen.token"),
    ],
)
def test_what_cannot_be_had_is_refused_in_one_sentence(
    stage: Callable[..., Stage], parameters: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ParameterError, match=sentence) as caught:
        stage(**parameters).node.start()
    assert "\n" not in str(caught.value)


def test_images_are_subscribed_to_only_while_an_output_wants_them(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    device = scene.start()
    images = scene.peer.create_publisher(Image, "image", IMAGES)
    scene.spin_for(0.3)
    assert images.get_subscription_count() == 0
    for watched in (True, False, True):
        device.watched = watched
        scene.spin_until(lambda: images.get_subscription_count() == int(device.watched))
    picture = np.full((480, 640, 3), 7, dtype=np.uint8)
    message = Image(
        header=header(ns(1.0), FRAME), width=640, height=480, encoding="rgb8", step=1920,
        data=picture.tobytes(),
    )  # fmt: skip
    images.publish(message)
    scene.play(skeleton(1.0), live(1.0))
    scene.spin_until(lambda: bool(device.views))
    assert np.array_equal(device.views[0].picture, picture)
    assert device.views[0].image_size == (640, 480)


def test_an_image_beyond_the_limit_is_dropped(stage: Callable[..., Stage]) -> None:
    scene = stage(max_megapixels=0.3)
    device = scene.start()
    images = scene.peer.create_publisher(Image, "image", IMAGES)
    device.watched = True
    scene.spin_until(lambda: images.get_subscription_count() == 1)
    message = Image(
        header=header(ns(1.0), FRAME), width=640, height=480, encoding="mono8", step=640,
        data=bytes(640 * 480),
    )  # fmt: skip
    images.publish(message)
    scene.spin_for(0.1)
    scene.play(skeleton(1.0), live(1.0))
    scene.spin_until(lambda: scene.node.diagnostics.dropped("image") == 1)
    assert device.views == []


def test_markers_are_published_while_somebody_listens(stage: Callable[..., Stage]) -> None:
    scene = stage()
    scene.start()
    seen: list[MarkerArray] = []
    scene.play(skeleton(1.0), live(1.0))
    scene.peer.create_subscription(MarkerArray, "markers", seen.append, RESULTS)
    scene.spin_until(lambda: scene.node.count_subscribers("markers") == 1)
    scene.spin_for(0.3)
    scene.play(skeleton(2.0), live(2.0, error()))
    scene.spin_until(lambda: bool(seen))
    assert [(m.header.frame_id, m.header.stamp.sec) for m in seen[0].markers] == [(FRAME, 2)] * 4


def test_outputs_rest_while_the_node_is_inactive_and_are_closed_in_the_end(
    stage: Callable[..., Stage],
) -> None:
    scene = stage()
    device = scene.start()
    scene.node.trigger_deactivate()
    assert (device.stopped, device.closed) == (1, 0)
    scene.node.trigger_cleanup()
    assert device.closed == 1
    scene.node.start()
    scene.play(session(), live(0.0), live(0.1))
    scene.spin_until(lambda: scene.said() == ["session_started"])


@pytest.mark.faults
def test_a_node_that_crashed_does_not_say_again_what_it_said(
    stage: Callable[..., Stage], tmp_path: Path
) -> None:
    scene = stage(state_dir=str(tmp_path))
    scene.start()
    scene.play(session(), live(0.0), *repetition(2.0, 1), live(3.0, error()), live(3.1))
    scene.spin_until(lambda: scene.said() == ["session_started", "knee_valgus"])
    scene.node.trigger_deactivate()  # from here on it is as good as dead

    again = stage(state_dir=str(tmp_path))
    again.start()
    again.play(session(3.2, repetitions=1), live(3.3), live(9.0, error()), live(20.0, error()))
    again.play(live(20.1))
    again.spin_until(lambda: again.said() == ["knee_valgus"])
    assert again.cues[0].id == 3
    assert again.cues[0].header.stamp.sec == 20


@pytest.mark.faults
def test_a_node_that_ends_as_intended_keeps_nothing(
    stage: Callable[..., Stage], tmp_path: Path
) -> None:
    scene = stage(state_dir=str(tmp_path))
    scene.start()
    scene.play(session(), live(0.0), live(0.1))
    scene.spin_until(lambda: scene.said() == ["session_started"])
    assert [file.name for file in tmp_path.glob("*.journal")] == ["feedback_node.journal"]
    scene.node.trigger_deactivate()
    scene.node.trigger_cleanup()
    assert list(tmp_path.glob("*.journal")) == []
