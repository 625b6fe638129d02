"""The people in a recording, frame by frame, as the nodes see them when it is played at rate 0."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rclpy.serialization import deserialize_message

from apsa_perception.bringup.node_settings import PoseNodeSettings
from apsa_perception.imaging.images import ImageError, RgbImage, checked
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.model.stamps import StampError, StampGate
from apsa_perception.pose.backend import PoseBackend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.ros.camera_info import CameraInfoCache
from apsa_perception.ros.image_conversion import IMAGE_TYPES, decode
from apsa_perception.ros.skeleton_bytes import SkeletonReader
from apsa_perception.ros.stamp_bytes import stamp_of
from apsa_perception.sources.bag import SKELETON_TYPES, Bag, BagTopic, is_bag, open_bag
from apsa_perception.sources.select import bag_stream, camera_infos, is_rectified
from apsa_perception.sources.video import VideoReader

Frame = tuple[int, list[Skeleton]]
"""Stamp in nanoseconds and the people in view."""

_Picture = tuple[int, Callable[[], RgbImage]]
"""Stamp and what decodes the picture; it raises ``ImageError``."""

_IMAGE_KINDS = {f"sensor_msgs/msg/{kind.__name__}": kind for kind in IMAGE_TYPES.values()}


class Dropped:
    """Counts what the nodes drop, and keeps the first sentence of each kind of error.

    Attributes:
        frames: frames that were left out.
        bodies: bodies that were left out of frames.
    """

    def __init__(self) -> None:
        self.frames = self.bodies = 0
        self._counts: Counter[str] = Counter()
        self._sentences: dict[str, str] = {}

    def frame(self, error: Exception) -> None:
        """Note a frame that is left out."""
        self.frames += 1
        self._note("frames", type(error), str(error))

    def camera_info(self, sentence: str) -> None:
        """Note a camera_info that cannot be used for an image."""
        self._note("camera_infos", ValueError, sentence)

    def body(self, sentence: str) -> None:
        """Note a body that is left out of a frame."""
        self.bodies += 1
        self._note("bodies", ValueError, sentence)

    def notes(self) -> list[str]:
        """Return a sentence for each kind of error."""
        return [
            f"{count} {key.partition(' ')[0]} dropped, such as: {self._sentences[key]}"
            for key, count in self._counts.items()
        ]

    def _note(self, what: str, kind: type, sentence: str) -> None:
        key = f"{what} {kind.__name__}"
        self._counts[key] += 1
        self._sentences.setdefault(key, sentence)


class RecordedFrames:
    """Iterates over the frames of a bag or a video.

    Args:
        path: bag or video.
        image_topic: topic in a bag; empty: the only one.
        settings: how people are found in images.
        backend: returns the pose model when the recording has images.
        dropped: takes what is left out.

    Attributes:
        problems: what is missing of the recording, one sentence each.

    Raises:
        SourceError: it cannot be read; one sentence.
    """

    def __init__(
        self,
        path: Path,
        image_topic: str,
        settings: PoseNodeSettings,
        backend: Callable[[], PoseBackend],
        dropped: Dropped,
    ) -> None:
        self._settings = settings
        self._backend = backend
        self._dropped = dropped
        self.problems: tuple[str, ...] = ()
        if not is_bag(path):
            self._camera = CameraInfoCache(dropped.camera_info)
            self._frames = self._seen(self._video_pictures(path))
            return
        bag = open_bag(path)
        self.problems = bag.problems
        topic = bag_stream(bag, image_topic)
        self._camera = CameraInfoCache(dropped.camera_info, is_rectified(topic.name))
        if topic.type in SKELETON_TYPES:
            self._frames = self._recorded(bag, topic)
        else:
            self._frames = self._seen(self._bag_pictures(bag, topic))

    def __iter__(self) -> Iterator[Frame]:
        """Yield the frames.

        Raises:
            SourceError: the recording is damaged or ends early.
        """
        return self._frames

    def _recorded(self, bag: Bag, topic: BagTopic) -> Iterator[Frame]:
        reader = SkeletonReader(self._dropped.body)
        yield from reader.read_all(_serialized(bag, topic), self._dropped.frame)

    def _seen(self, pictures: Iterator[_Picture]) -> Iterator[Frame]:
        """People that the pose model finds, with the resolution of their messages."""
        backend, settings = self._backend(), self._settings
        estimator = PoseEstimator(
            backend, settings.filter, settings.mirrored, settings.pose.corrected
        )
        backend.reset()  # it may have seen another recording
        stamps = StampGate()
        for stamp_ns, picture in pictures:
            try:
                rgb = picture()
                if stamps.check(stamp_ns):
                    estimator.reset()
                people = estimator.process(
                    rgb, stamp_ns, self._camera.matrix_for(rgb), self._camera.distortion
                )
            except (ImageError, StampError) as error:
                self._dropped.frame(error)
                continue
            stamps.accept(stamp_ns)
            yield stamp_ns, [_as_published(each) for each in people]

    def _video_pictures(self, path: Path) -> Iterator[_Picture]:
        with VideoReader(path, decoding_threads=1) as video:  # workers share the cores
            for stamp_ns, rgb in video:
                yield stamp_ns, partial(checked, rgb, self._settings.max_megapixels)

    def _bag_pictures(self, bag: Bag, topic: BagTopic) -> Iterator[_Picture]:
        decoded = partial(_decoded, _IMAGE_KINDS[topic.type], self._settings.max_megapixels)
        infos = [info.name for info in camera_infos(bag, topic)]
        for message in bag.messages([topic.name, *infos]):
            if message.topic == topic.name:
                yield stamp_of(message, bag), partial(decoded, message.data)
            else:
                self._camera.read(message.data)


def _serialized(bag: Bag, topic: BagTopic) -> Iterator[bytes]:
    """Messages of a topic; a damaged bag ends them, a damaged message does not."""
    for message in bag.messages([topic.name]):
        stamp_of(message, bag)
        yield message.data


def _decoded(kind: Any, max_megapixels: float, data: bytes) -> RgbImage:
    try:
        image = deserialize_message(data, kind)
    except Exception as error:  # of a class of the middleware
        raise ImageError(f"a message of {len(data)} bytes is damaged; expected an image") from error
    if not image.header.frame_id:
        raise ImageError("an image has an empty frame_id; set the camera's optical frame")
    return decode(image, max_megapixels)


def _as_published(body: Skeleton) -> Skeleton:
    """The skeleton after a message, whose pixels and confidence are single precision."""
    confidence = np.clip(_single(body.confidence), 0.0, 1.0)
    return replace(body, pixels=_single(body.pixels), confidence=confidence)


def _single(values: FloatArray) -> FloatArray:
    return values.astype(np.float32).astype(np.float64)
