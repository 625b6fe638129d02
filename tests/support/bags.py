"""Makes bags of clips and of recorded repetitions for the replay tests."""

import array
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.sources.video import VideoReader
from apsa_training.data.sequences import MotionSequence
from support.bag_writer import BagWriter, Storage
from support.skeleton_bags import FRAME, START_NS, skeleton_bag


def image_bag(
    folder: Path,
    clip: Path,
    storage: Storage,
    compressed: bool,
    width: int,
    another: str = "",
    count: int | None = None,
) -> Path:
    """Write a clip's frames, or the first ones, scaled to a width, and camera_info into a bag.

    ``another`` names a topic, and optical frame, that gets the same pictures as of a second camera.
    """
    base = "/camera/image_raw"
    with BagWriter(folder, {}, storage) as bag, VideoReader(clip) as video:
        for stamp_ns, rgb in islice(video, count):
            stamp_ns += START_NS
            scale = width / rgb.shape[1]
            small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            message: Any
            if compressed:
                data = cv2.imencode(".jpg", small[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
                message = CompressedImage(header=header(stamp_ns, FRAME), format="jpeg")
                message.data = array.array("B", data.tobytes())
                topic, kind = f"{base}/compressed", "sensor_msgs/msg/CompressedImage"
            else:
                message = Image(
                    header=header(stamp_ns, FRAME),
                    height=small.shape[0],
                    width=small.shape[1],
                    encoding="bgr8",
                    step=3 * small.shape[1],
                    data=array.array("B", small[:, :, ::-1].tobytes()),
                )
                topic, kind = base, "sensor_msgs/msg/Image"
            info = CameraInfo(header=message.header, width=small.shape[1], height=small.shape[0])
            info.k = [500.0, 0.0, width / 2, 0.0, 500.0, small.shape[0] / 2, 0.0, 0.0, 1.0]
            infos = "/camera/camera_info"
            bag.write(infos, "sensor_msgs/msg/CameraInfo", stamp_ns, serialize_message(info))
            bag.write(topic, kind, stamp_ns, serialize_message(message))
            if another:
                message.header.frame_id = another
                bag.write(another, kind, stamp_ns, serialize_message(message))
    return folder


def motion_bag(folder: Path, sequence: MotionSequence) -> Path:
    """Write a recorded repetition of a depth camera as skeletons, standing still around it."""
    period = 1 / 30
    before = [(-period * (40 - index), 0) for index in range(40)]
    during = [(float(stamp), index) for index, stamp in enumerate(sequence.stamps_s)]
    after = [(during[-1][0] + period * (index + 1), len(during) - 1) for index in range(40)]
    messages = []
    for second, index in [*before, *during, *after]:
        stamp_ns = START_NS + round(second * 1e9)
        body = Skeleton(
            stamp_ns=stamp_ns,
            body_id=1,
            positions=sequence.positions[index],
            pixels=np.full((20, 2), np.nan),
            confidence=sequence.confidence[index],
            observed=sequence.confidence[index] >= 0.5,
        )
        messages.append(skeletons_to_msg([body], header(stamp_ns, FRAME), (0, 0), "kinect_v2"))
    return skeleton_bag(folder, messages)
