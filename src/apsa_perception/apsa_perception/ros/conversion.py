"""Stamps, skeletons and plain JSON values from and to messages."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from apsa_msgs.msg import Joint3D, Skeleton3D, SkeletonArray
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Point
from std_msgs.msg import Header

from apsa_perception.model.joints import JOINT_COUNT, JOINT_NAMES
from apsa_perception.model.skeleton import BoolArray, FloatArray, Skeleton
from apsa_perception.model.time import NS_PER_S

MAX_DISTANCE_M = 10.0
"""Largest distance of a joint from the pelvis along an axis: several times that of any person."""

MAX_ROOT_M = 1000.0
"""Largest distance of the pelvis from the camera along an axis."""

MAX_PIXEL = 1e6
"""Largest magnitude of a pixel coordinate: joints outside the picture lie a few widths away."""

_ROUNDING = 1e-6  # of a confidence as float32


def to_ns(stamp: Time) -> int:
    """Return a stamp in nanoseconds."""
    return int(stamp.sec) * NS_PER_S + int(stamp.nanosec)


def to_time(stamp_ns: int) -> Time:
    """Return nanoseconds as a stamp."""
    return Time(sec=stamp_ns // NS_PER_S, nanosec=stamp_ns % NS_PER_S)


def header(stamp_ns: int, frame_id: str) -> Header:
    """Return a header."""
    return Header(stamp=to_time(stamp_ns), frame_id=frame_id)


def skeletons_to_msg(
    skeletons: Sequence[Skeleton],
    source_header: Header,
    image_size: tuple[int, int],
    source: str,
) -> SkeletonArray:
    """Return the skeletons of one image; the header is the image's."""
    return SkeletonArray(
        header=source_header,
        image_width=image_size[0],
        image_height=image_size[1],
        skeletons=[_skeleton_to_msg(skeleton, source_header, source) for skeleton in skeletons],
    )


def _skeleton_to_msg(skeleton: Skeleton, source_header: Header, source: str) -> Skeleton3D:
    positions = skeleton.positions.tolist()
    pixels = skeleton.pixels.tolist()
    confidence = skeleton.confidence.tolist()
    observed = skeleton.observed.tolist()
    message = Skeleton3D(
        header=source_header,
        body_id=skeleton.body_id,
        source=source,
        joints=[
            Joint3D(
                id=index,
                name=JOINT_NAMES[index],
                position=Point(x=positions[index][0], y=positions[index][1], z=positions[index][2]),
                pixel_x=pixels[index][0],
                pixel_y=pixels[index][1],
                confidence=confidence[index],
                observed=observed[index],
            )
            for index in range(JOINT_COUNT)
        ],
        confidence=float(skeleton.confidence.mean()),
        root_valid=skeleton.root is not None,
    )
    if skeleton.root is not None:
        x, y, z = skeleton.root.tolist()
        message.root = Point(x=x, y=y, z=z)
    return message


def skeletons_from_msg(
    message: SkeletonArray, refused: Callable[[str], None] | None = None
) -> list[Skeleton]:
    """Return the skeletons of a message.

    A body is refused as a whole if joints are missing or unordered, or if a value is not finite or
    out of range: NaN is allowed for pixels only.

    Args:
        message: the message.
        refused: takes one sentence for each refused body, which is then left out; None: raise.

    Raises:
        ValueError: empty frame_id, or a refused body.
    """
    check_frame_id(bool(message.header.frame_id))
    stamp_ns = to_ns(message.header.stamp)
    size = (int(message.image_width), int(message.image_height))
    found = []
    for skeleton in message.skeletons:
        try:
            found.append(_skeleton_from_msg(skeleton, stamp_ns, size))
        except ValueError as error:
            if refused is None:
                raise
            refused(str(error))
    return found


def _skeleton_from_msg(message: Skeleton3D, stamp_ns: int, size: tuple[int, int]) -> Skeleton:
    joints = message.joints
    if len(joints) != JOINT_COUNT or any(joint.id != i for i, joint in enumerate(joints)):
        raise ValueError(
            f"skeleton {message.body_id} has {len(joints)} joints; "
            f"expected the {JOINT_COUNT} joints of Joint3D in the order of their ids"
        )
    root = message.root
    return checked_skeleton(
        stamp_ns=stamp_ns,
        body_id=int(message.body_id),
        positions=np.array([(j.position.x, j.position.y, j.position.z) for j in joints]),
        pixels=np.array([(j.pixel_x, j.pixel_y) for j in joints]),
        confidence=np.array([j.confidence for j in joints]),
        observed=np.array([j.observed for j in joints]),
        image_size=size,
        root=np.array([root.x, root.y, root.z]) if message.root_valid else None,
        source=message.source,
    )


def check_frame_id(present: bool) -> None:
    """Refuse a skeleton array without the frame of a camera.

    Raises:
        ValueError: its frame_id is empty.
    """
    if not present:
        raise ValueError("the skeleton array has an empty frame_id; expected the frame of a camera")


def checked_skeleton(
    *,
    stamp_ns: int,
    body_id: int,
    positions: FloatArray,
    pixels: FloatArray,
    confidence: FloatArray,
    observed: BoolArray,
    image_size: tuple[int, int],
    root: FloatArray | None,
    source: str,
) -> Skeleton:
    """Return a skeleton from the values of a message; arguments as the fields of ``Skeleton``.

    Raises:
        ValueError: a value is not finite or out of range; NaN is allowed for pixels only.
    """
    if body_id < 1:
        raise ValueError("a skeleton has the body_id 0; expected the number of a person, from 1")
    who = f"skeleton {body_id}: "
    _require(
        positions, -MAX_DISTANCE_M, MAX_DISTANCE_M, who + "joint {joint} has position {value} m"
    )
    _require(_known(pixels), -MAX_PIXEL, MAX_PIXEL, who + "joint {joint} is at pixel {value}")
    _require(confidence, -_ROUNDING, 1.0 + _ROUNDING, who + "joint {joint} has confidence {value}")
    if root is not None:
        _require(root, -MAX_ROOT_M, MAX_ROOT_M, who + "the pelvis is at {value} m")
    return Skeleton(
        stamp_ns=stamp_ns,
        body_id=body_id,
        positions=positions,
        pixels=pixels,
        confidence=clipped(confidence),
        observed=observed,
        image_size=image_size,
        root=root,
        source=source,
    )


def are_usable(
    positions: FloatArray, pixels: FloatArray, confidence: FloatArray, roots: FloatArray
) -> bool:
    """Whether ``checked_skeleton`` refuses none of many skeletons; fields with a leading axis."""
    return (
        _within(positions, -MAX_DISTANCE_M, MAX_DISTANCE_M)
        and _within(_known(pixels), -MAX_PIXEL, MAX_PIXEL)
        and _within(confidence, -_ROUNDING, 1.0 + _ROUNDING)
        and (not roots.size or _within(roots, -MAX_ROOT_M, MAX_ROOT_M))
    )


def clipped(confidence: FloatArray) -> FloatArray:
    """Return confidence within 0..1, which single precision may exceed."""
    return np.minimum(np.maximum(confidence, 0.0), 1.0)


def _known(pixels: FloatArray) -> FloatArray:
    """Pixels without NaN, which is allowed."""
    return pixels if np.isfinite(pixels).all() else np.where(np.isnan(pixels), 0.0, pixels)


def _within(values: FloatArray, least: float, largest: float) -> bool:
    """Whether all values are in a range; not if one is NaN."""
    low, high = np.minimum.reduce(values, axis=None), np.maximum.reduce(values, axis=None)
    return bool(low >= least and high <= largest)


def _require(values: FloatArray, least: float, largest: float, text: str) -> None:
    """Refuse values of joints, along the first axis, that are NaN or out of range."""
    if not _within(values, least, largest):
        within = (values >= least) & (values <= largest)
        first = np.argwhere(~within)[0]
        joint = JOINT_NAMES[first[0]]
        value = values[tuple(first)]
        what = text.format(joint=joint, value="NaN" if np.isnan(value) else f"{value:g}")
        raise ValueError(f"{what}; expected {round(least, 3) + 0.0:g} to {round(largest, 3):g}")


def message_to_dict(message: Any) -> Any:
    """Return a message as plain JSON values; NaN and infinity become None."""
    if hasattr(message, "get_fields_and_field_types"):
        fields = message.get_fields_and_field_types()
        return {name: message_to_dict(getattr(message, name)) for name in fields}
    if isinstance(message, float) and not math.isfinite(message):
        return None
    if isinstance(message, (str, bool, int, float)):
        return message
    if hasattr(message, "tolist"):
        return message_to_dict(message.tolist())
    return [message_to_dict(item) for item in message]
