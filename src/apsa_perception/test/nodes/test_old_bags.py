"""Bags of earlier versions: results had another layout, skeletons and images the same."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from ament_index_python.packages import get_package_share_directory
from apsa_msgs.msg import ExerciseErrorArray, ExerciseQuality, SkeletonArray
from rclpy.serialization import deserialize_message, serialize_message

from apsa_perception.bringup.node_settings import PoseNodeSettings
from apsa_perception.commands.recorded_frames import Dropped, RecordedFrames
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.nodes.bag_source import BagSource
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.qos import RESULTS
from apsa_perception.sources.bag import SKELETON_LAYOUT, open_bag
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.select import bag_stream
from support.bench import Bench
from support.old_bags import definitions_bag, old_definitions
from support.recorded_squats import START_NS, squats
from support.runs import assess

FRAMES = squats(2)
SKELETONS, QUALITY = "/apsa/skeletons", "/apsa/quality"


def skeleton_messages() -> list[tuple[str, str, int, Any]]:
    return [
        (
            SKELETONS,
            "apsa_msgs/msg/SkeletonArray",
            START_NS + stamp,
            skeletons_to_msg(people, header(START_NS + stamp, "camera"), (640, 480), "made_up"),
        )
        for stamp, people in FRAMES
    ]


def result_messages() -> list[tuple[str, str, int, Any]]:
    result = SimpleNamespace(header=header(START_NS, "camera"), exercise="squat", score=0.5)
    return [
        (QUALITY, "apsa_msgs/msg/ExerciseQuality", START_NS, result),
        ("/apsa/repetitions", "apsa_msgs/msg/Repetition", START_NS, result),
    ]


@pytest.fixture(scope="module")
def old_bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Skeletons and results of version 0.1.0."""
    folder = tmp_path_factory.mktemp("old") / "bag"
    return definitions_bag(folder, old_definitions(), [*result_messages(), *skeleton_messages()])


def offline(bag: Path) -> list[tuple[int, list[Skeleton]]]:
    def no_backend() -> Any:
        raise AssertionError("skeletons need no pose model")

    return list(RecordedFrames(bag, "", PoseNodeSettings(), no_backend, Dropped()))


def test_an_old_bag_is_judged_as_it_was_recorded(old_bag: Path) -> None:
    quality = next(iter(open_bag(old_bag).messages([QUALITY]))).data
    layouts = {topic.name: topic.layout for topic in open_bag(old_bag).topics}
    share = Path(get_package_share_directory("apsa_msgs")) / "msg"
    now = json.loads((share / "ExerciseQuality.json").read_text())["type_hashes"][0]
    assert layouts[QUALITY] != now["hash_string"], "the layout is really another one"
    with pytest.raises(Exception, match=r".+"):
        deserialize_message(quality, ExerciseQuality)
    frames = offline(old_bag)
    assert [stamp - START_NS for stamp, _ in frames] == [stamp for stamp, _ in FRAMES]
    for (_, found), (_, made) in zip(frames, FRAMES, strict=True):
        np.testing.assert_allclose(found[0].positions, made[0].positions, atol=1e-6)
    assert len(assess(frames, "squat").repetitions) == 2


def test_the_node_replays_an_old_bag(bench: Bench, old_bag: Path) -> None:
    heard: list[SkeletonArray] = []
    answers = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)

    def take(message: SkeletonArray) -> None:
        heard.append(message)
        answers.publish(ExerciseErrorArray(header=message.header))

    bench.peer.create_subscription(SkeletonArray, "skeletons", take, RESULTS)
    source = bench.start(BagSource, source=str(old_bag), rate=0.0, consumers=["skeletons=peer"])
    bench.spin_until(lambda: source.done)
    assert not source.failure
    sent = [serialize_message(message) for *_, message in skeleton_messages()]  # rounded
    assert heard == [deserialize_message(data, SkeletonArray) for data in sent]


def test_a_bag_of_results_only_says_what_it_has(tmp_path: Path) -> None:
    bag = definitions_bag(tmp_path / "bag", old_definitions(), result_messages())
    with pytest.raises(SourceError, match=r"has no messages of .*; it has /apsa/quality"):
        bag_stream(open_bag(bag))


def test_skeletons_of_another_layout_are_refused_in_one_sentence(tmp_path: Path) -> None:
    other = old_definitions()
    other["apsa_msgs/msg/Skeleton3D"] += "\nfloat32 height\n"
    bag = definitions_bag(tmp_path / "bag", other, skeleton_messages()[:3])
    with pytest.raises(SourceError) as refused:
        offline(bag)
    assert "/apsa/skeletons was recorded with another definition of" in str(refused.value)
    assert "use the version of the coach that recorded the bag" in str(refused.value)


def test_the_layout_of_skeletons_is_that_of_the_first_version(old_bag: Path) -> None:
    share = Path(get_package_share_directory("apsa_msgs")) / "msg"
    described = json.loads((share / "SkeletonArray.json").read_text())
    hashes = {entry["type_name"]: entry["hash_string"] for entry in described["type_hashes"]}
    assert hashes["apsa_msgs/msg/SkeletonArray"] == SKELETON_LAYOUT
    assert bag_stream(open_bag(old_bag)).layout == SKELETON_LAYOUT
