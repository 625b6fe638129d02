"""Parameters of a running node: what can be set when, and what it changes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from apsa_msgs.msg import ExerciseErrorArray, Session, SkeletonArray
from apsa_msgs.srv import StopSession
from rclpy.parameter import Parameter
from rclpy.parameter_client import AsyncParameterClient
from sensor_msgs.msg import Image

from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.bringup.node_settings import NODES, AssessmentNodeSettings
from apsa_perception.model.codes import Side
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.image_conversion import image_to_msg
from apsa_perception.ros.parameter_file import ParameterError, check_file, read_settings
from apsa_perception.ros.qos import IMAGES, LATCHED, RESULTS
from apsa_perception.sources.video import VideoReader
from support.bench import Bench
from support.figures import figure

FRAME = "camera_optical_frame"


def set_parameters(bench: Bench, node: str, **values: Any) -> list[tuple[bool, str]]:
    """Set parameters through the node's service; return what it answers to each."""
    client = AsyncParameterClient(bench.peer, f"/apsa/{node}")
    bench.spin_until(client.services_are_ready)
    future = client.set_parameters(
        [Parameter(name.replace("__", "."), value=value) for name, value in values.items()]
    )
    bench.spin_until(future.done)
    return [(one.successful, one.reason) for one in future.result().results]


def say(bench: Bench, topic: str, kind: type) -> list[Any]:
    """Messages published on a topic from now on."""
    heard: list[Any] = []
    bench.peer.create_subscription(kind, topic, heard.append, RESULTS)
    return heard


class Assessed:
    """An assessment node to which one person is shown frame by frame."""

    def __init__(self, bench: Bench) -> None:
        bench.start(AssessmentNode, model="none")
        self._bench = bench
        self._publisher = bench.peer.create_publisher(SkeletonArray, "skeletons", RESULTS)
        self.errors = say(bench, "errors", ExerciseErrorArray)
        self.sessions: list[Any] = []
        bench.peer.create_subscription(Session, "session", self.sessions.append, LATCHED)
        bench.spin_until(lambda: self._publisher.get_subscription_count() == 1)

    def measures(self, second: int) -> dict[str, Any]:
        """Show a frame; return the measures of it by name."""
        at_ns = second * 10**8
        known = len(self.errors)
        message = skeletons_to_msg(
            [figure(at_ns, turn_deg=65.0)], header(at_ns, FRAME), (640, 480), "test"
        )
        self._publisher.publish(message)
        self._bench.spin_until(lambda: len(self.errors) > known)
        return {one.name: one for one in self.errors[-1].measures}


def test_live_parameters_change_the_next_results(bench: Bench) -> None:
    assessed = Assessed(bench)
    upright = assessed.measures(1)
    assert all(one.judged for one in upright.values() if one.name == "knee_angle")
    assert set_parameters(bench, "assessment_node", target_repetitions=12) == [(True, "")]
    assert set_parameters(bench, "assessment_node", camera_pitch_deg=20.0) == [(True, "")]
    tilted = assessed.measures(2)
    bench.spin_until(lambda: assessed.sessions[-1].target_repetitions == 12)
    lean = [frame["trunk_lean_forward"].value for frame in (upright, tilted)]
    assert abs(lean[0] - lean[1]) > 5.0
    assert set_parameters(bench, "assessment_node", minimum_confidence=1.0) == [(True, "")]
    assert not any(one.judged for one in assessed.measures(3).values())


def test_a_value_that_is_not_allowed_is_refused_with_the_reason(bench: Bench) -> None:
    bench.start(AssessmentNode, model="none")
    ((successful, reason),) = set_parameters(bench, "assessment_node", camera_pitch_deg=75.0)
    assert not successful
    assert "camera_pitch_deg" in reason
    assert "60" in reason


def test_other_parameters_are_read_only_while_the_node_is_configured(bench: Bench) -> None:
    node = bench.start(AssessmentNode, model="none")
    ((successful, reason),) = set_parameters(bench, "assessment_node", exercise="lunge")
    assert not successful
    assert "exercise is read-only while the node is configured" in reason
    assert "clean up" in reason
    assert set_parameters(bench, "assessment_node", exercise="squat") == [(True, "")]
    node.trigger_deactivate()
    assert not set_parameters(bench, "assessment_node", exercise="lunge")[0][0]
    node.trigger_cleanup()
    assert set_parameters(bench, "assessment_node", exercise="lunge") == [(True, "")]
    sessions = say(bench, "session", Session)
    node.start()
    bench.spin_until(lambda: bool(sessions))
    assert sessions[-1].exercise == "lunge"


def test_the_filter_can_change_between_two_images(
    bench: Bench, clip: Callable[[str], Path]
) -> None:
    bench.start(PoseNode)
    skeletons = say(bench, "skeletons", SkeletonArray)
    images = bench.peer.create_publisher(Image, "image", IMAGES)
    bench.spin_until(lambda: images.get_subscription_count() == 1)
    bench.spin_until(lambda: bench.peer.count_publishers("skeletons") == 1)

    def show(index: int, rgb: Any) -> Any:
        known = len(skeletons)
        images.publish(image_to_msg(rgb, header((index + 1) * 40_000_000, FRAME)))
        bench.spin_until(lambda: len(skeletons) > known)
        return skeletons[-1]

    with VideoReader(clip("squat_front.mp4")) as video:
        pictures = [rgb for (_, rgb), _ in zip(video, range(13), strict=False)]
    for index, rgb in enumerate(pictures[:12]):
        before = show(index, rgb)
    heavy = {"filter__minimum_cutoff": 0.05, "filter__beta": 0.0}
    assert set_parameters(bench, "pose_node", **heavy) == [(True, "")] * 2
    shifted = np.roll(pictures[12], 40, axis=1)
    after = show(12, shifted)
    pairs = zip(before.skeletons[0].joints, after.skeletons[0].joints, strict=True)
    step = [abs(a.pixel_x - b.pixel_x) for a, b in pairs]
    assert max(step) < 5.0, "a filter of 0.05 Hz passes a hundredth of a step of 40 pixels"
    refused = set_parameters(bench, "pose_node", filter__beta=-1.0, mirrored=True)
    assert [successful for successful, _ in refused] == [False, False]


def test_another_person_is_taken_between_two_sessions_only(bench: Bench, tmp_path: Path) -> None:
    narrow = PersonalRanges({("squat", Side.BOTH): 40.0})
    narrow.save(tmp_path, "P-018")
    (tmp_path / "P-019.json").write_text("damaged")
    node = bench.start(AssessmentNode, model="none", ranges_dir=str(tmp_path), person="P-017")
    ((successful, reason),) = set_parameters(bench, "assessment_node", person="P-018")
    assert not successful
    assert "cannot choose another person: the session is running, not idle or closed" in reason
    client = bench.peer.create_client(StopSession, "stop_session")
    future = client.call_async(StopSession.Request())
    bench.spin_until(future.done)
    for name, why in (("Anna", "Use a code such as P-017"), ("P-019", "cannot be read")):
        ((successful, reason),) = set_parameters(bench, "assessment_node", person=name)
        assert not successful
        assert why in reason
    assert node.settings.person == "P-017"
    assert set_parameters(bench, "assessment_node", person="P-018") == [(True, "")]
    assert node._assessor._ranges == node._ranges == narrow
    assert set_parameters(bench, "assessment_node", person="") == [(True, "")]
    assert node._assessor._ranges == PersonalRanges()


def test_another_target_is_published_at_once(bench: Bench) -> None:
    shown = Assessed(bench)
    assert set_parameters(bench, "assessment_node", target_repetitions=8) == [(True, "")]
    bench.spin_until(lambda: bool(shown.sessions) and shown.sessions[-1].target_repetitions == 8)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("/**:\n  ros__parameters: {person: P-017, mirrored: true}", {"person": "P-017"}),
        (
            "/**/assessment_node:\n  ros__parameters: {camera_pitch_deg: 5.0}\n"
            "/**:\n  ros__parameters: {camera_pitch_deg: 7.0}",
            {"camera_pitch_deg": 7.0},
        ),
        (
            "/*/assessment_node:\n  ros__parameters: {exercise: lunge}\n"
            "/other/assessment_node:\n  ros__parameters: {exercise: bridge}",
            {"exercise": "lunge"},
        ),
        ("/apsa:\n  assessment_node:\n    ros__parameters: {model: none}", {"model": "none"}),
    ],
)
def test_a_command_reads_a_parameter_file_as_the_node_does(
    bench: Bench, tmp_path: Path, text: str, changes: dict[str, Any]
) -> None:
    file = tmp_path / "params.yaml"
    file.write_text(text)
    arguments = ["--ros-args", "--params-file", str(file)]
    node = bench.add(AssessmentNode, arguments)
    assert node.settings == AssessmentNodeSettings(**changes)
    assert read_settings(AssessmentNodeSettings, "assessment_node", file) == node.settings


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/**:\n  ros__parameters: {targt_repetitions: 3}", "did you mean target_repetitions"),
        ("/**/pose_nod:\n  ros__parameters: {mirrored: true}", "did you mean /\\*\\*/pose_node"),
        ("/**/pose_node:\n  ros__parameters: {miror: true}", "pose_node: there is no parameter"),
        ("pose_node:\n  ros__parameters: {mirrored: true}", "write /\\*\\*/pose_node"),
        ("just text", "it has no sections"),
        ("a: [", "cannot be used"),
        ("a: " + "[" * 50_000, "line 1: nested too deeply; expected at most 20 levels"),
        ("a: &a [*a]", r"line 1: the alias \*a is inside"),
    ],
)
def test_a_name_that_no_node_has_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "params.yaml"
    file.write_text(text)
    with pytest.raises(ParameterError, match=sentence) as caught:
        check_file(file, NODES)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ("camera_pitch_deg: 90.0", "camera_pitch_deg is 90.0; expected -60 to 60"),
        ("camera_pitch_deg: 5", "camera_pitch_deg is 5; expected float, such as 0.0"),
    ],
)
def test_a_value_of_a_file_that_is_not_allowed_is_refused(
    tmp_path: Path, values: str, sentence: str
) -> None:
    file = tmp_path / "params.yaml"
    file.write_text(f"/**/assessment_node:\n  ros__parameters:\n    {values}\n")
    with pytest.raises(ParameterError, match=sentence):
        read_settings(AssessmentNodeSettings, "assessment_node", file)
