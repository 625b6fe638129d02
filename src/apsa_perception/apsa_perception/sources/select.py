"""Kind of a source named by a user: a file, a camera, a bag or a topic."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from apsa_perception.model.paths import path_of
from apsa_perception.sources.bag import (
    CAMERA_INFO_TYPE,
    IMAGE_TYPES,
    SKELETON_LAYOUT,
    SKELETON_TYPES,
    Bag,
    BagTopic,
    is_bag,
    open_bag,
)
from apsa_perception.sources.camera_name import camera_index
from apsa_perception.sources.errors import SourceError

EXPECTED = (
    "SOURCE can be a video file, a bag folder or .mcap file, a camera such as /dev/video0, or an "
    "image topic such as /camera/image_raw"
)


RECORDING = "a bag folder, an .mcap or .db3 file, or a video file"


class SourceKind(Enum):
    """Kind of a source of frames."""

    FILE = "file"
    DEVICE = "device"
    BAG = "bag"
    TOPIC = "topic"


@dataclass(frozen=True)
class Source:
    """A source: an existing file or bag, a topic, or a camera, which need not be there yet.

    Attributes:
        kind: kind of the source.
        path: file, device, folder or name of the topic.
        compressed: whether the images are sensor_msgs/CompressedImage.
        has_skeletons: whether it is a bag with skeletons and without images.
        image_topic: the chosen topic of a bag; empty: none.
    """

    kind: SourceKind
    path: str
    compressed: bool = False
    has_skeletons: bool = False
    image_topic: str = ""


def is_camera(text: str) -> bool:
    """Whether the text names a camera, whose pictures never end."""
    return camera_index(text) is not None


def bag_stream(bag: Bag, image_topic: str = "") -> BagTopic:
    """Return the topic of a bag to play: images if it has them, else skeletons.

    Raises:
        SourceError: the bag has neither, or several, or skeletons of another layout.
    """
    stream = bag.find_topic((*IMAGE_TYPES, *SKELETON_TYPES), image_topic)
    if stream.type in SKELETON_TYPES and stream.layout not in ("", SKELETON_LAYOUT):
        raise SourceError(
            f"bag {bag.path}: {stream.name} was recorded with another definition of {stream.type} "
            f"({stream.layout}); expected {SKELETON_LAYOUT}, as all versions from 0.1.0 to this "
            "one have it: use the version of the coach that recorded the bag, or a bag of images"
        )
    return stream


def camera_infos(bag: Bag, images: BagTopic) -> list[BagTopic]:
    """Return the topics of camera_info beside a topic of images; none beside other topics."""
    if images.type not in IMAGE_TYPES:
        return []
    infos = [topic for topic in bag.topics if topic.type == CAMERA_INFO_TYPE]
    return [one for one in infos if one.name.rpartition("/")[0] == camera_of(images.name)]


def camera_of(image_topic: str) -> str:
    """Return the namespace of a camera, which holds its images and its camera_info."""
    return image_topic.removesuffix("/compressed").rpartition("/")[0]


def is_rectified(image_topic: str) -> bool:
    """Whether the images of a topic are rectified, by the names of image_proc: image_rect_color."""
    name = image_topic.removesuffix("/compressed").rpartition("/")[2]
    return not {"rect", "rectified"}.isdisjoint(name.split("_"))


def select_source(text: str, image_topic: str = "") -> Source:
    """Return the source that a text names.

    A camera is not looked for: it may be plugged in later.

    Args:
        text: text entered by the user.
        image_topic: topic of a bag; empty: the only one.

    Raises:
        SourceError: there is no such source; one sentence with what is expected.
    """
    if text.startswith("~"):  # not every shell replaces that of SOURCE=~/squats.mp4
        with suppress(FileNotFoundError):
            text = str(path_of(text))
    if is_camera(text):
        return Source(SourceKind.DEVICE, f"/dev/video{text}" if text.isdigit() else text)
    if text and is_bag(text):
        stream = bag_stream(open_bag(text), image_topic)
        return Source(
            SourceKind.BAG,
            text,
            compressed=stream.type.endswith("/CompressedImage"),
            has_skeletons=stream.type in SKELETON_TYPES,
            image_topic=image_topic,
        )
    if Path(text).is_file():
        return Source(SourceKind.FILE, text)
    if text and os.path.lexists(text):
        raise SourceError(f"{text} is not a file or a folder that can be read. {EXPECTED}")
    if _is_in_a_folder(text):
        raise SourceError(f"{text} not found. {EXPECTED}")
    if re.fullmatch(r"/[A-Za-z_]\w*(/[A-Za-z_]\w*)*", text):
        return Source(SourceKind.TOPIC, text, compressed=text.endswith("/compressed"))
    raise SourceError(f"{text or 'source'} not found. {EXPECTED}")


def select_recording(text: str, image_topic: str = "") -> Source:
    """Return the recording that a text names; see ``select_source``.

    Raises:
        SourceError: there is none of that name, or it is a camera or a topic, which have no end.
    """
    if not text:
        raise SourceError(f"bag is ''; expected {RECORDING}")
    source = select_source(text, image_topic)
    if source.kind in (SourceKind.DEVICE, SourceKind.TOPIC):
        raise SourceError(f"{text} is a {source.kind.value}, not a recording; expected {RECORDING}")
    return source


def _is_in_a_folder(text: str) -> bool:
    """Whether an absolute name begins with a folder of this machine, so that it is no topic."""
    first, _, rest = text.removeprefix("/").partition("/")
    return text.startswith("/") and bool(rest) and Path("/", first).is_dir()
