"""The people in a recording or in view of a live camera, frame by frame, for the commands."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import rclpy
from apsa_msgs.msg import SkeletonArray
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.serialization import deserialize_message
from rclpy.signals import SignalHandlerOptions
from sensor_msgs.msg import CameraInfo

from apsa_perception.bringup.node_settings import PoseNodeSettings
from apsa_perception.imaging.images import RgbImage, checked
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.stamps import StampError, StampGate
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.ros.camera_info import CameraInfoCache
from apsa_perception.ros.conversion import skeletons_from_msg, to_ns
from apsa_perception.ros.image_conversion import IMAGE_TYPES, decode
from apsa_perception.ros.process import prepare_middleware
from apsa_perception.ros.qos import IMAGES, RESULTS, subscription
from apsa_perception.sources.bag import Bag, BagTopic, open_bag
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.select import (
    SourceKind,
    bag_stream,
    camera_infos,
    camera_of,
    is_rectified,
    select_source,
)
from apsa_perception.sources.video import VideoReader

SILENCE_S = 10.0
"""A topic on which nothing arrives for this long has ended, or does not exist."""

MAX_STEP_S = 10.0
"""Longer steps between frames need confirmation; recordings of movements can have long gaps."""

Frame = tuple[int, list[Skeleton]]

_TYPES: dict[str, Any] = {
    "apsa_msgs/msg/SkeletonArray": SkeletonArray,
    **{f"sensor_msgs/msg/{kind.__name__}": kind for kind in IMAGE_TYPES.values()},
}
"""Messages of frames."""


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that ``frames_of`` takes."""
    parser.add_argument(
        "--source", required=True, help="video file, bag, camera, or topic of images or skeletons"
    )
    parser.add_argument("--image-topic", default="", help="topic in a bag with several")
    parser.add_argument("--mirrored", action="store_true", help="the images are mirror images")


def frames_of(
    source: str, image_topic: str = "", settings: PoseNodeSettings | None = None
) -> Iterator[Frame]:
    """Yield stamp in nanoseconds and people of every frame.

    Args:
        source: a video file, a bag of images or skeletons, a camera, or a topic of either.
        image_topic: topic in a bag; empty: the only one.
        settings: how people are found in images; None: the defaults.

    Raises:
        SourceError: it does not exist, cannot be read, or nothing arrives; one sentence.
    """
    pose = settings or PoseNodeSettings()
    chosen = select_source(source, image_topic)
    match chosen.kind:
        case SourceKind.BAG:
            bag = open_bag(source)
            stream = bag_stream(bag, image_topic)
            return _people(_bag_messages(bag, stream), pose, is_rectified(stream.name))
        case SourceKind.TOPIC:
            return _people(_topic_messages(chosen.path), pose, is_rectified(chosen.path))
    return _people(_images(chosen.path), pose)


def _people(
    stream: Iterator[Any], settings: PoseNodeSettings, rectified: bool = False
) -> Iterator[Frame]:
    """Skeletons from messages of skeletons and of images, and from stamped images.

    Between them may be messages of camera_info, also serialised.

    Skips what the nodes drop: unusable messages, unreadable images and stamps that do not increase.
    Prints at the end how many were skipped, and why.
    """
    estimator: PoseEstimator | None = None
    stamps = StampGate(MAX_STEP_S)
    last_ns = -1
    skipped = _Skipped()
    camera = CameraInfoCache(lambda sentence: skipped.add(sentence, CameraInfo), rectified)
    try:
        for one in stream:
            if isinstance(one, CameraInfo):
                camera.update(one)
                continue
            if isinstance(one, bytes):
                camera.read(one)
                continue
            if estimator is None and not isinstance(one, SkeletonArray):
                estimator = PoseEstimator(
                    settings.pose.open(),
                    settings.filter,
                    settings.mirrored,
                    settings.pose.corrected,
                )
            try:
                stamp_ns = one[0] if isinstance(one, tuple) else to_ns(one.header.stamp)
                if stamps.check(stamp_ns) and stamp_ns <= last_ns:
                    raise StampError(f"the clock was set back from {last_ns} to {stamp_ns} ns")
                if estimator is None:
                    people = skeletons_from_msg(one)
                else:
                    rgb = _picture(one, settings.max_megapixels)
                    people = estimator.process(
                        rgb, stamp_ns, camera.matrix_for(rgb), camera.distortion
                    )
            except ValueError as error:
                skipped.add(str(error), type(error))
                continue
            stamps.accept(stamp_ns)
            last_ns = stamp_ns
            yield stamp_ns, people
    finally:
        if estimator is not None:
            estimator.close()
        skipped.report()


class _Skipped:
    """Counts what was skipped, and keeps the last sentence of each kind of error."""

    def __init__(self) -> None:
        self._counts: Counter[type] = Counter()
        self._sentences: dict[type, str] = {}

    def add(self, sentence: str, kind: type) -> None:
        self._counts[kind] += 1
        self._sentences[kind] = sentence

    def report(self) -> None:
        for kind, count in self._counts.items():
            what = "camera_info" if kind is CameraInfo else "frames"
            print(f"skipped {what}: {count}, such as: {self._sentences[kind]}", file=sys.stderr)


def _picture(one: Any, max_megapixels: float) -> RgbImage:
    """The picture of a message or a stamped image; ``ValueError`` where a node would drop it."""
    if isinstance(one, tuple):
        return checked(one[1], max_megapixels)
    return decode(one, max_megapixels)


def _images(path: str) -> Iterator[tuple[int, RgbImage]]:
    with VideoReader(path) as video:
        yield from video


def _bag_messages(bag: Bag, stream: BagTopic) -> Iterator[Any]:
    """Messages of frames, and serialised ones of camera_info."""
    infos = [info.name for info in camera_infos(bag, stream)]
    for message in bag.messages([stream.name, *infos]):
        if message.topic == stream.name:
            yield deserialize_message(message.data, _TYPES[stream.type])
        else:
            yield bytes(message.data)


def _topic_messages(topic: str) -> Iterator[Any]:
    """What is published on a topic from now on, until nothing arrives any more."""
    prepare_middleware()
    rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
    node = Node("frames_of_a_topic")
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    received: SimpleQueue[Any] = SimpleQueue()
    try:
        kind = _kind_of(node, executor, topic)
        qos = RESULTS if kind is SkeletonArray else IMAGES
        if kind is not SkeletonArray:
            subscription(node, CameraInfo, f"{camera_of(topic)}/camera_info", received.put, IMAGES)
        subscription(node, kind, topic, received.put, qos)
        heard = time.monotonic()
        while time.monotonic() - heard < SILENCE_S:
            executor.spin_once(timeout_sec=0.1)
            while not received.empty():
                one = received.get()
                yield one
                if not isinstance(one, CameraInfo):
                    heard = time.monotonic()
    finally:
        executor.shutdown()
        node.destroy_node()
        rclpy.try_shutdown()


def _kind_of(node: Node, executor: SingleThreadedExecutor, topic: str) -> Any:
    """The message type of a topic with a publisher."""
    give_up = time.monotonic() + SILENCE_S
    while time.monotonic() < give_up:
        executor.spin_once(timeout_sec=0.1)
        for name, types in node.get_topic_names_and_types():
            if name.lstrip("/") == topic.lstrip("/") and node.count_publishers(name):
                fitting = [_TYPES[one] for one in types if one in _TYPES]
                if fitting:
                    return fitting[0]
                raise SourceError(
                    f"{topic} has type {', '.join(types)}; expected one of {', '.join(_TYPES)}"
                )
    raise SourceError(f"{topic} has no publisher; expected a topic of {', '.join(_TYPES)}")
