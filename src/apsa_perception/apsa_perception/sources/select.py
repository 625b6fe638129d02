"""What a user means by a source: a file, a camera device, a bag or a topic."""

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from apsa_perception.sources.bag import (
    IMAGE_TYPES,
    SKELETON_TYPES,
    Bag,
    BagTopic,
    is_bag,
    open_bag,
)
from apsa_perception.sources.errors import SourceError

ALLOWED = (
    "allowed are a video file, a bag folder or .mcap file, a camera such as /dev/video0, "
    "or an image topic such as /camera/image_raw"
)


class SourceKind(Enum):
    """Where frames come from."""

    FILE = "file"
    DEVICE = "device"
    BAG = "bag"
    TOPIC = "topic"


@dataclass(frozen=True)
class Source:
    """A source that exists as far as can be told without opening a camera.

    Attributes:
        kind: where frames come from.
        path: file, device, folder or topic name.
        compressed: whether the images are sensor_msgs/CompressedImage.
        has_skeletons: whether it is a bag that holds skeletons and no images.
        image_topic: the topic within a bag, where one was chosen.
    """

    kind: SourceKind
    path: str
    compressed: bool = False
    has_skeletons: bool = False
    image_topic: str = ""


def is_camera(text: str) -> bool:
    """Whether a source is meant as a camera device, whose pictures never end."""
    return re.fullmatch(r"/dev/video\d+|\d+", text) is not None


def bag_stream(bag: Bag, image_topic: str = "") -> BagTopic:
    """Return the topic of a bag that drives the graph: images if it has them, else skeletons.

    Raises:
        SourceError: the bag has neither, or several to choose from.
    """
    return bag.find_topic((*IMAGE_TYPES, *SKELETON_TYPES), image_topic)


def select_source(text: str, image_topic: str = "") -> Source:
    """Find out what a source is.

    Args:
        text: what the user wrote.
        image_topic: topic within a bag; empty: the only one there is.

    Raises:
        SourceError: one sentence naming what is wrong and what is allowed.
    """
    if is_camera(text):
        device = Path(f"/dev/video{text}" if text.isdigit() else text)
        if not device.exists():
            there = ", ".join(sorted(str(path) for path in Path("/dev").glob("video*"))) or "none"
            raise SourceError(f"there is no camera {device}; cameras here: {there}; {ALLOWED}")
        return Source(SourceKind.DEVICE, str(device))
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
    if re.fullmatch(r"/[A-Za-z_]\w*(/[A-Za-z_]\w*)*", text):
        return Source(SourceKind.TOPIC, text, compressed=text.endswith("/compressed"))
    raise SourceError(f"there is no {text or 'source'}; {ALLOWED}")
