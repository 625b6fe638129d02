"""The pose node with real messages: what it publishes, what it drops and how it says so."""

import array
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from apsa_msgs.msg import SkeletonArray
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_msgs.msg import Header
from vision_msgs.msg import Detection2DArray

from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.ros.conversion import header
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.qos import IMAGES, RESULTS
from support.bench import Bench

PERIOD_NS = 40_000_000
FRAME = "camera_optical_frame"


@pytest.fixture
def frames(clip: Callable[[str], Path]) -> list:
    """Twenty RGB frames of a person."""
    capture = cv2.VideoCapture(str(clip("squat_front.mp4")))
    return [cv2.cvtColor(capture.read()[1], cv2.COLOR_BGR2RGB) for _ in range(20)]


def image(rgb, stamp_ns: int, frame_id: str = FRAME, encoding: str = "rgb8") -> Image:  # noqa: ANN001
    height, width = rgb.shape[:2]
    return Image(
        header=header(stamp_ns, frame_id),
        height=height,
        width=width,
        encoding=encoding,
        step=3 * width,
        data=array.array("B", rgb.tobytes()),
    )


def test_skeletons_and_detections_carry_the_header_of_their_image(
    bench: Bench, frames: list
) -> None:
    bench.start(PoseNode)
    skeletons: list[SkeletonArray] = []
    detections: list[Detection2DArray] = []
    bench.peer.create_subscription(SkeletonArray, "skeletons", skeletons.append, RESULTS)
    bench.peer.create_subscription(Detection2DArray, "detections", detections.append, RESULTS)
    publisher = bench.peer.create_publisher(Image, "image", IMAGES)
    bench.spin_until(lambda: publisher.get_subscription_count() == 1)
    for index, rgb in enumerate(frames):
        publisher.publish(image(rgb, (index + 1) * PERIOD_NS))
        bench.spin_until(lambda index=index: len(skeletons) > index)
    last = skeletons[-1]
    assert last.header.frame_id == FRAME
    assert last.header.stamp.nanosec == 20 * PERIOD_NS
    assert (last.image_width, last.image_height) == (960, 540)
    assert len(last.skeletons) == 1
    assert len(last.skeletons[0].joints) == 20
    assert detections[-1].detections[0].id == str(last.skeletons[0].body_id)
    # In frame 20 she is low in the squat, between 200 and 490 px from the upper edge.
    box = detections[-1].detections[0].bbox
    assert box.center.position.y - box.size_y / 2 == pytest.approx(200, abs=25)
    assert box.center.position.y + box.size_y / 2 == pytest.approx(490, abs=25)
    assert 80 < box.size_x < box.size_y


def test_compressed_images_and_camera_info_place_the_person(bench: Bench, frames: list) -> None:
    bench.start(PoseNode, image_transport="compressed")
    skeletons: list[SkeletonArray] = []
    bench.peer.create_subscription(SkeletonArray, "skeletons", skeletons.append, RESULTS)
    images = bench.peer.create_publisher(CompressedImage, "image", IMAGES)
    infos = bench.peer.create_publisher(CameraInfo, "camera_info", IMAGES)
    bench.spin_until(
        lambda: images.get_subscription_count() == 1 and infos.get_subscription_count() == 1
    )
    info = CameraInfo(width=960, height=540)
    info.k = [900.0, 0.0, 480.0, 0.0, 900.0, 270.0, 0.0, 0.0, 1.0]
    infos.publish(info)
    bench.spin_for(0.2)
    for index, rgb in enumerate(frames):
        data = cv2.imencode(".jpg", rgb[:, :, ::-1])[1].tobytes()
        message = CompressedImage(header=header((index + 1) * PERIOD_NS, FRAME), format="jpeg")
        message.data = array.array("B", data)
        images.publish(message)
        bench.spin_until(lambda index=index: len(skeletons) > index)
    (body,) = skeletons[-1].skeletons
    assert body.root_valid
    assert 2.0 < body.root.z < 8.0


@pytest.mark.faults
def test_bad_images_are_dropped_counted_and_do_not_stop_the_node(
    bench: Bench, frames: list
) -> None:
    node = bench.start(PoseNode)
    skeletons: list[SkeletonArray] = []
    shown: list[DiagnosticArray] = []
    bench.peer.create_subscription(SkeletonArray, "skeletons", skeletons.append, RESULTS)
    bench.peer.create_subscription(DiagnosticArray, "/diagnostics", shown.append, 10)
    publisher = bench.peer.create_publisher(Image, "image", IMAGES)
    bench.spin_until(lambda: publisher.get_subscription_count() == 1)
    drops = node.diagnostics.dropped
    dropped: list[Header] = []
    bench.peer.create_subscription(Header, "dropped", dropped.append, RESULTS)
    bench.spin_for(0.3)

    def send(message: Image, reason: str, count: int) -> None:
        publisher.publish(message)
        bench.spin_until(lambda: drops(reason) == count)

    publisher.publish(image(frames[0], PERIOD_NS))
    bench.spin_until(lambda: len(skeletons) == 1)
    send(image(frames[1], 2 * PERIOD_NS, encoding="rgb77"), "unreadable image", 1)
    short = image(frames[1], 2 * PERIOD_NS)
    short.data = short.data[:1000]
    send(short, "unreadable image", 2)
    send(image(frames[1], 2 * PERIOD_NS, frame_id=""), "empty frame_id", 1)
    send(image(frames[1], PERIOD_NS), "clock", 1)
    publisher.publish(image(frames[1], 3 * PERIOD_NS))
    bench.spin_until(lambda: len(skeletons) == 2)

    def values() -> dict[str, str]:
        return {
            pair.key: pair.value
            for message in shown
            for status in message.status
            if status.name == "/apsa/pose_node"
            for pair in status.values
        }

    bench.spin_until(lambda: values().get("images") == "2")
    assert values()["dropped: unreadable image"] == "2"
    assert values()["dropped: empty frame_id"] == "1"
    assert values()["dropped: clock"] == "1"
    assert [one.stamp.nanosec // PERIOD_NS for one in dropped] == [2, 2, 2, 1], "a source waits"


def test_an_image_beyond_the_limit_is_dropped(bench: Bench, frames: list) -> None:
    node = bench.start(PoseNode, max_megapixels=0.5)  # the frames have 0.52
    publisher = bench.peer.create_publisher(Image, "image", IMAGES)
    bench.spin_until(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(image(frames[0], PERIOD_NS))
    bench.spin_until(lambda: node.diagnostics.dropped("unreadable image") == 1)


def test_overlay_is_published_only_while_somebody_listens(bench: Bench, frames: list) -> None:
    bench.start(PoseNode)
    skeletons: list[SkeletonArray] = []
    pictures: list[Image] = []
    bench.peer.create_subscription(SkeletonArray, "skeletons", skeletons.append, RESULTS)
    publisher = bench.peer.create_publisher(Image, "image", IMAGES)
    bench.spin_until(lambda: publisher.get_subscription_count() == 1)
    listener = bench.peer.create_subscription(Image, "overlay", pictures.append, IMAGES)
    bench.spin_until(lambda: bench.peer.count_publishers("overlay") == 1)
    bench.spin_for(0.3)
    for index in range(10):
        publisher.publish(image(frames[index], (index + 1) * PERIOD_NS))
        bench.spin_until(lambda index=index: len(skeletons) > index)
    bench.spin_until(lambda: len(pictures) > 0)
    assert (pictures[-1].width, pictures[-1].height) == (960, 540)
    assert bytes(pictures[-1].data) != frames[9].tobytes()
    bench.peer.destroy_subscription(listener)
    bench.spin_for(0.5)
    known = len(pictures)
    publisher.publish(image(frames[10], 11 * PERIOD_NS))
    bench.spin_until(lambda: len(skeletons) == 11)
    bench.spin_for(0.2)
    assert len(pictures) == known


@pytest.mark.faults
def test_silence_names_the_image_topics_that_exist(
    bench: Bench, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.peer.create_publisher(Image, "/front/image_raw", 1)
    bench.start(PoseNode, no_image_timeout=0.5)
    bench.spin_for(1.5)
    said = capfd.readouterr().err
    assert "no image on /apsa/image" in said
    assert "/front/image_raw" in said
    assert "image_topic:=" in said


def test_a_deactivated_node_is_silent_and_can_start_again(bench: Bench, frames: list) -> None:
    node = bench.start(PoseNode)
    skeletons: list[SkeletonArray] = []
    bench.peer.create_subscription(SkeletonArray, "skeletons", skeletons.append, RESULTS)
    publisher = bench.peer.create_publisher(Image, "image", IMAGES)
    bench.spin_until(lambda: publisher.get_subscription_count() == 1)
    node.trigger_deactivate()
    bench.spin_until(lambda: publisher.get_subscription_count() == 0)
    publisher.publish(image(frames[0], PERIOD_NS))
    bench.spin_for(0.3)
    assert skeletons == []
    node.trigger_cleanup()
    node.start()
    bench.spin_until(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(image(frames[0], PERIOD_NS))
    bench.spin_until(lambda: len(skeletons) == 1)


def test_a_wrong_parameter_is_refused_in_one_sentence(bench: Bench) -> None:
    with pytest.raises(ParameterError, match="image_transport is 'pigeon'; expected one of raw"):
        bench.start(PoseNode, image_transport="pigeon")


def status_with_half_of_the_images(bench: Bench, source: Node, first_ns: int) -> str:
    """What /diagnostics says of the pose node after a source has lost half of its images."""
    bench.start(PoseNode)
    said: list[str] = []

    def keep(message: DiagnosticArray) -> None:
        said.extend(each.message for each in message.status if each.name.endswith("pose_node"))

    bench.peer.create_subscription(DiagnosticArray, "/diagnostics", keep, 10)
    answers: list[SkeletonArray] = []
    bench.peer.create_subscription(SkeletonArray, "skeletons", answers.append, RESULTS)
    publisher = source.create_publisher(Image, "image", IMAGES)
    bench.spin_until(lambda: publisher.get_subscription_count() == 1)
    blank = np.zeros((48, 64, 3), np.uint8)
    random = np.random.default_rng(0)
    arrived = [number for number in range(160) if random.random() > 0.5]
    for count, number in enumerate(arrived, start=1):
        publisher.publish(image(blank, first_ns + number * PERIOD_NS))
        bench.spin_until(lambda count=count: len(answers) >= count)
    said.clear()
    # The images came faster than a camera's: in this second the pose model had no time for more,
    # and where other tests run the node waited for a processor.
    busy = ("the pose model has no time", "waits for a processor")
    idle = lambda: [each for each in said if not any(why in each for why in busy)]  # noqa: E731
    bench.spin_until(lambda: bool(idle()))
    return idle()[0]


@pytest.mark.faults
def test_images_that_did_not_arrive_are_a_warning_with_the_cure(bench: Bench) -> None:
    live_ns = bench.peer.get_clock().now().nanoseconds - 10 * 10**9
    said = status_with_half_of_the_images(bench, bench.peer, live_ns)
    assert "of the images did not arrive; a camera driver" in said
    assert "FASTRTPS_DEFAULT_PROFILES_FILE" in said


@pytest.mark.faults
@pytest.mark.parametrize(
    ("player", "expected"),
    [
        ("video_source", "running"),
        ("rosbag2_player", "did not arrive, or are missing in the recording; "),
    ],
)
def test_a_recording_that_lacks_images_is_not_a_loss_on_the_way(
    bench: Bench, player: str, expected: str
) -> None:
    source = Node(player, namespace="apsa")
    try:
        assert expected in status_with_half_of_the_images(bench, source, PERIOD_NS)
    finally:
        source.destroy_node()
