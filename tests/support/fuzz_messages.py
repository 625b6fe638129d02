"""Images and skeletons for whose content nobody vouches, and what must hold for them."""

import contextlib
import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from apsa_msgs.msg import Joint3D, Skeleton3D, SkeletonArray
from geometry_msgs.msg import Point
from hypothesis import strategies as st

from apsa_perception.imaging.images import (
    ENCODINGS,
    ImageError,
    decode_compressed,
    decode_image,
)
from apsa_perception.model.codes import Grade
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.results import QualityResult
from apsa_perception.model.stamps import StampError, StampGate
from apsa_perception.ros.conversion import header, skeletons_from_msg, to_ns
from support.fuzzing import INT32, SMALL_TEXT
from support.runs import assessor

_PICTURE = np.arange(32 * 24 * 3, dtype=np.uint8).reshape(24, 32, 3)
PICTURES = [cv2.imencode(suffix, _PICTURE)[1].tobytes() for suffix in (".jpg", ".png")]
_SIDES = st.one_of(st.integers(0, 64), INT32)
RAW = st.tuples(
    st.one_of(st.sampled_from(ENCODINGS), SMALL_TEXT),
    _SIDES,
    _SIDES,
    st.one_of(st.integers(0, 256), INT32),
    st.one_of(st.binary(max_size=64), st.integers(0, 20_000).map(bytes)),
    st.booleans(),
)
STAMPS = st.lists(st.integers(-(2**31) * 10**9, 2**31 * 10**9), max_size=5)


def check_image(given: tuple[Any, Any, list[int]]) -> None:
    """An image is decoded to its size or refused; a stamp is used, dropped, or starts anew."""
    raw, compressed, stamps = given
    with contextlib.suppress(ImageError):
        rgb = decode_image(*raw)
        assert rgb.shape == (raw[2], raw[1], 3)
    with contextlib.suppress(ImageError):
        rgb = decode_compressed("jpeg", compressed)
        assert rgb.ndim == 3
        assert rgb.dtype == np.uint8
    gate = StampGate()
    for stamp in stamps:
        with contextlib.suppress(StampError):
            gate.check(stamp)
            gate.accept(stamp)


_VALUES = st.one_of(
    st.floats(-2.0, 2.0),
    st.floats(width=32),
    st.sampled_from([0.0, math.nan, math.inf, 1e30, -1e30]),
)
_BODIES = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.one_of(st.just(JOINT_COUNT), st.integers(0, 25)),
        st.floats(0.0, 1.0),
        st.lists(
            st.tuples(st.integers(0, JOINT_COUNT - 1), st.integers(0, 6), _VALUES), max_size=6
        ),
        st.one_of(st.none(), st.tuples(_VALUES, _VALUES, _VALUES)),
    ),
    max_size=2,
)
FRAMES = st.lists(
    st.tuples(
        st.one_of(st.integers(1, 200), st.integers(-(2**31), 2**31 - 1)),
        st.sampled_from(["camera", "camera", "camera", ""]),
        st.sampled_from([(640, 480), (0, 0), (2**32 - 1, 1)]),
        _BODIES,
    ),
    min_size=1,
    max_size=4,
)


def _message(frame: Any, before_ms: int) -> SkeletonArray:
    step_ms, frame_id, size, bodies = frame
    stamp_ms = min(max(before_ms + step_ms, -(2**31) * 1000), (2**31 - 1) * 1000)
    message = SkeletonArray(header=header(stamp_ms * 1_000_000, frame_id))
    message.image_width, message.image_height = size
    for body_id, count, bend, changes, root in bodies:
        joints = []
        for index in range(count):
            place = Point(x=0.1 * (index % 3 - 1), y=0.08 * index - 0.8 * bend, z=0.0)
            joint = Joint3D(id=index, position=place, confidence=0.9, observed=True)
            joint.pixel_x, joint.pixel_y = 300.0 + 10.0 * (index % 3), 20.0 * index
            joints.append(joint)
        for index, field, value in changes:
            if index >= count:
                continue
            joint = joints[index]
            match field:
                case 0 | 1 | 2:
                    setattr(joint.position, "xyz"[field], value)
                case 3:
                    joint.pixel_x = _float32(value)
                case 4:
                    joint.confidence = _float32(value)
                case 5:
                    joint.observed = value > 0.0
                case _:
                    joint.id = index ^ 1
        body = Skeleton3D(body_id=body_id, joints=joints, root_valid=root is not None)
        if root is not None:
            body.root = Point(x=root[0], y=root[1], z=root[2])
        message.skeletons.append(body)
    return message


def _float32(value: float) -> float:
    return float(np.float32(np.clip(value, -3e38, 3e38)))


def skeleton_check() -> Callable[[Any], None]:
    """Frames go through conversion and assessment; a score is within 0 to 1 or not judged."""
    one = assessor()
    one.start("squat")
    last_ms = 0

    def check(frames: Any) -> None:
        nonlocal one, last_ms
        for frame in frames:
            message = _message(frame, last_ms)
            stamp_ns = to_ns(message.header.stamp)
            try:
                bodies = skeletons_from_msg(message, lambda _: None)
                results = one.update(stamp_ns, bodies)
            except ValueError:
                continue
            last_ms = stamp_ns // 1_000_000
            if abs(last_ms) > 10**9:  # so that later frames still fit into a stamp
                one, last_ms = assessor(), 0
                one.start("squat")
            for each in results:
                if isinstance(each, QualityResult) and each.grade is not Grade.NOT_JUDGED:
                    assert 0.0 <= each.score <= 1.0

    return check
