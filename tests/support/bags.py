"""Makes bags from clips for the replay tests."""

import array
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from ament_index_python.packages import get_package_share_directory
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from apsa_perception.model.skeleton import Skeleton
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.sources.video import VideoReader
from apsa_training.data.sequences import MotionSequence
from support.bag_writer import BagWriter, Storage, read_definitions

FRAME = "camera_optical_frame"
START_NS = 1_700_000_000_000_000_000
"""Bags hold wall-clock stamps, unlike files."""


def image_bag(
    folder: Path,
    clip: Path,
    storage: Storage,
    compressed: bool,
    width: int,
    another: str = "",
) -> Path:
    """Write a clip's frames, scaled to a width, and camera_info into a bag.

    ``another`` names a topic, and optical frame, that gets the same pictures as of a second camera.
    """
    base = "/camera/image_raw"
    with BagWriter(folder, {}, storage) as bag, VideoReader(clip) as video:
        for stamp_ns, rgb in video:
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


def skeleton_bag(folder: Path, *clips: Path) -> Path:
    """Write the skeletons of clips, one after another, into a bag, without any image."""
    definitions = read_definitions(Path(get_package_share_directory("apsa_msgs")) / "msg")
    estimator = PoseEstimator(open_backend())
    start_ns = stamp_ns = START_NS
    with BagWriter(folder, definitions, "mcap") as bag:
        for clip in clips:
            with VideoReader(clip) as video:
                for clip_ns, rgb in video:
                    stamp_ns = start_ns + clip_ns
                    found = estimator.process(rgb, stamp_ns)
                    size = (rgb.shape[1], rgb.shape[0])
                    message = skeletons_to_msg(
                        found, header(stamp_ns, FRAME), size, estimator.source
                    )
                    topic, kind = "/apsa/skeletons", "apsa_msgs/msg/SkeletonArray"
                    bag.write(topic, kind, stamp_ns, serialize_message(message))
            start_ns = stamp_ns
    estimator.close()
    return folder


def motion_bag(folder: Path, sequence: MotionSequence) -> Path:
    """Write a recorded repetition of a depth camera as skeletons, standing still around it."""
    definitions = read_definitions(Path(get_package_share_directory("apsa_msgs")) / "msg")
    period = 1 / 30
    before = [(-period * (40 - index), 0) for index in range(40)]
    during = [(float(stamp), index) for index, stamp in enumerate(sequence.stamps_s)]
    after = [(during[-1][0] + period * (index + 1), len(during) - 1) for index in range(40)]
    with BagWriter(folder, definitions, "mcap") as bag:
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
            message = skeletons_to_msg([body], header(stamp_ns, FRAME), (0, 0), "kinect_v2")
            topic, kind = "/apsa/skeletons", "apsa_msgs/msg/SkeletonArray"
            bag.write(topic, kind, stamp_ns, serialize_message(message))
    return folder
