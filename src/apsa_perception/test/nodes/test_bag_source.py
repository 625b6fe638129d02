"""A bag is delivered whole, whatever its frames and stamps are like."""

from pathlib import Path

import pytest
from apsa_msgs.msg import ExerciseErrorArray
from apsa_msgs.srv import StopSession
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CameraInfo, CompressedImage
from std_msgs.msg import Bool, Header

from apsa_perception.nodes import source_node
from apsa_perception.nodes.bag_source import BagSource
from apsa_perception.ros.conversion import header, to_ns
from apsa_perception.ros.qos import IMAGES, LATCHED, RESULTS
from support.bag_writer import BagWriter
from support.bench import Bench

TOPIC, TYPE = "/camera/image_raw/compressed", "sensor_msgs/msg/CompressedImage"
PERIOD_NS = 40_000_000
START_NS = 1_700_000_000_000_000_000
SET_BACK_NS = 600_000_000_000


def bag_of(folder: Path, messages: list[tuple[int, bytes]]) -> Path:
    """A bag of serialized messages, in this order."""
    with BagWriter(folder, {}) as bag:
        for index, (_, data) in enumerate(messages):
            bag.write(TOPIC, TYPE, START_NS + index * PERIOD_NS, data)
    return folder


def image(stamp_ns: int) -> tuple[int, bytes]:
    message = CompressedImage(header=header(stamp_ns, "camera"), format="jpeg")
    return stamp_ns, serialize_message(message)


def play(bench: Bench, bag: Path, unanswered: int = -1) -> tuple[list[int], BagSource]:
    """Stamps of the images heard until the end; the frame with this index gets no errors."""
    heard: list[int] = []
    answers = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)

    def take(message: CompressedImage) -> None:
        heard.append(to_ns(message.header.stamp))
        if len(heard) - 1 != unanswered:
            answers.publish(ExerciseErrorArray(header=message.header))

    bench.peer.create_subscription(CompressedImage, "image", take, IMAGES)
    source = bench.start(BagSource, source=str(bag), rate=0.0, consumers=["image=peer"])
    bench.spin_until(lambda: source.done)
    return heard, source


@pytest.mark.faults
def test_a_frame_without_an_answer_costs_no_other_frame(bench: Bench, tmp_path: Path) -> None:
    frames = [image(START_NS + index * PERIOD_NS) for index in range(200)]
    heard, source = play(bench, bag_of(tmp_path / "bag", frames), unanswered=60)
    assert heard == [stamp_ns for stamp_ns, _ in frames]
    assert not source.failure


def test_stamps_that_run_back_are_waited_for_too(bench: Bench, tmp_path: Path) -> None:
    frames = [image(START_NS + index * PERIOD_NS) for index in range(100)]
    frames += [image(stamp_ns - SET_BACK_NS) for stamp_ns, _ in frames]
    heard, _ = play(bench, bag_of(tmp_path / "bag", frames))
    assert heard == [stamp_ns for stamp_ns, _ in frames]


@pytest.mark.faults
def test_a_message_that_is_cut_short_ends_the_replay_with_a_sentence(
    bench: Bench, tmp_path: Path
) -> None:
    frames = [image(START_NS + index * PERIOD_NS) for index in range(3)]
    frames.insert(2, (0, b"\0\1\0\0"))
    heard, source = play(bench, bag_of(tmp_path / "bag", frames))
    assert heard == [frames[0][0], frames[1][0]]
    assert f"a message on {TOPIC} has 4 bytes" in source.failure


@pytest.mark.parametrize(("answered", "limit_s"), [(True, 30.0), (False, 0.2)])
def test_the_end_waits_for_the_answers_on_the_page_but_not_for_ever(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: bool, limit_s: float
) -> None:
    monkeypatch.setattr(source_node, "QUESTIONS_LIMIT_S", limit_s)
    asking = bench.peer.create_publisher(Bool, "asking", LATCHED)
    asking.publish(Bool(data=True))
    bench.peer.create_service(StopSession, "stop_session", lambda request, response: response)
    answers = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)
    bench.peer.create_subscription(
        CompressedImage,
        "image",
        lambda message: answers.publish(ExerciseErrorArray(header=message.header)),
        IMAGES,
    )
    bag = bag_of(tmp_path / "bag", [image(START_NS + n * PERIOD_NS) for n in range(20)])
    source = bench.start(BagSource, source=str(bag), rate=0.0, consumers=["image=peer"])
    if answered:
        bench.spin_for(3.0)
        assert not source.done
        asking.publish(Bool(data=False))
    bench.spin_until(lambda: source.done)
    assert not source.failure


def test_where_nobody_judges_the_frames_are_published_all_the_same_and_in_time(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_node, "ANSWER_LIMIT_S", 0.2)
    frames = [image(START_NS + index * 2 * PERIOD_NS) for index in range(12)]
    heard: list[int] = []
    bench.peer.create_subscription(
        CompressedImage, "image", lambda m: heard.append(to_ns(m.header.stamp)), IMAGES
    )
    bag = bag_of(tmp_path / "bag", frames)
    source = bench.start(BagSource, source=str(bag), rate=1.0, consumers=["image=peer"])
    bench.spin_until(lambda: source.done)
    assert list(dict.fromkeys(heard)) == [stamp_ns for stamp_ns, _ in frames]


@pytest.mark.faults
def test_dropped_frames_cost_no_other_frame_and_no_time(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_node, "ANSWER_LIMIT_S", 100.0)
    frames = [image(START_NS + index * PERIOD_NS) for index in range(60)]
    heard: list[int] = []
    answers = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)
    drops = bench.peer.create_publisher(Header, "dropped", RESULTS)

    def take(message: CompressedImage) -> None:
        heard.append(to_ns(message.header.stamp))
        if len(heard) in range(10, 50):
            drops.publish(message.header)
        else:
            answers.publish(ExerciseErrorArray(header=message.header))

    bench.peer.create_subscription(CompressedImage, "image", take, IMAGES)
    bag = bag_of(tmp_path / "bag", frames)
    source = bench.add(BagSource, source=str(bag), rate=0.0, consumers=["image=peer"])
    bench.spin_for(0.2)
    source.start()
    bench.spin_until(lambda: answers.get_subscription_count() + drops.get_subscription_count() == 2)
    bench.spin_until(lambda: source.done)
    assert heard == [stamp_ns for stamp_ns, _ in frames]


@pytest.mark.faults
def test_frames_without_an_answer_are_waited_for_while_there_is_an_assessment(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_node, "ANSWER_LIMIT_S", 0.1)
    frames = [image(START_NS + index * PERIOD_NS) for index in range(200)]
    heard: list[int] = []
    answers = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)

    def take(message: CompressedImage) -> None:
        heard.append(to_ns(message.header.stamp))
        if len(heard) not in range(10, 20):
            answers.publish(ExerciseErrorArray(header=message.header))

    bench.peer.create_subscription(CompressedImage, "image", take, IMAGES)
    source = bench.start(
        BagSource, source=str(bag_of(tmp_path / "bag", frames)), rate=0.0, consumers=["image=peer"]
    )
    bench.spin_until(lambda: source.done)
    assert list(dict.fromkeys(heard)) == [stamp_ns for stamp_ns, _ in frames]


@pytest.mark.parametrize("first_ns", [0, START_NS - 10**18])
@pytest.mark.faults
def test_a_wrong_stamp_does_not_stop_a_replay_in_real_time(
    bench: Bench, tmp_path: Path, first_ns: int
) -> None:
    frames = [image(first_ns), *(image(START_NS + index * PERIOD_NS) for index in range(5))]
    frames.insert(3, image(START_NS + 100_000_000_000))
    heard: list[int] = []
    answers = bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)

    def take(message: CompressedImage) -> None:
        heard.append(to_ns(message.header.stamp))
        answers.publish(ExerciseErrorArray(header=message.header))

    bench.peer.create_subscription(CompressedImage, "image", take, IMAGES)
    bag = bag_of(tmp_path / "bag", frames)
    source = bench.start(BagSource, source=str(bag), rate=1.0, consumers=["image=peer"])
    bench.spin_until(lambda: source.done)
    assert list(dict.fromkeys(heard)) == [stamp_ns for stamp_ns, _ in frames]


def test_rectified_images_come_with_a_camera_info_that_describes_them(
    bench: Bench, tmp_path: Path
) -> None:
    info = CameraInfo(width=640, height=480, d=[-0.3, 0.1, 0.0, 0.0, 0.0])
    info.k = [500.0, 0.0, 320.0, 0.0, 500.0, 240.0, 0.0, 0.0, 1.0]
    info.p = [400.0, 0.0, 310.0, 0.0, 0.0, 400.0, 250.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    with BagWriter(tmp_path / "bag", {}) as bag:
        data = serialize_message(info)
        bag.write("/camera/camera_info", "sensor_msgs/msg/CameraInfo", START_NS, data)
        bag.write("/camera/image_rect/compressed", TYPE, START_NS, image(START_NS)[1])
    heard: list[CameraInfo] = []
    bench.peer.create_subscription(CameraInfo, "camera_info", heard.append, IMAGES)
    play(bench, tmp_path / "bag")
    bench.spin_until(lambda: len(heard) == 1)
    assert heard[0].k.tolist() == [400.0, 0.0, 310.0, 0.0, 400.0, 250.0, 0.0, 0.0, 1.0]
    assert heard[0].r.tolist() == [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    assert len(heard[0].d) == 0
    assert (heard[0].width, heard[0].height) == (640, 480)
