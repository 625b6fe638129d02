"""Skeletons read from bytes equal those of deserialized messages."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import SkeletonArray
from rclpy.serialization import deserialize_message, serialize_message

from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros.conversion import (
    header,
    message_to_dict,
    skeletons_from_msg,
    skeletons_to_msg,
    to_ns,
)
from apsa_perception.ros.skeleton_bytes import SkeletonReader
from apsa_perception.ros.skeleton_writer import SkeletonWriter
from support.figures import figure


def array(people: int, frame: str = "camera", source: str = "test", **one: object) -> SkeletonArray:
    bodies = [figure(7, body_id=number + 1, **one) for number in range(people)]
    return skeletons_to_msg(bodies, header(7_000_000_001, frame), (640, 480), source)


def both(messages: list[SkeletonArray]) -> list[tuple[list[Skeleton], list[Skeleton]]]:
    """Read by bytes and by rclpy; the refused bodies must be the same."""
    refused: list[str] = []
    expected_refused: list[str] = []
    reader = SkeletonReader(refused.append)
    pairs = []
    for message in messages:
        data = serialize_message(message)
        read = reader.read(data)
        again = deserialize_message(data, SkeletonArray)
        assert read.stamp_ns == to_ns(again.header.stamp)
        assert read.frame_id == again.header.frame_id
        assert read.image_size == (again.image_width, again.image_height)
        pairs.append((read.skeletons, skeletons_from_msg(again, expected_refused.append)))
    assert refused == expected_refused
    return pairs


def all_at_once(
    messages: list[bytes],
) -> tuple[list[tuple[int, list[Skeleton]]], list[str], list[str]]:
    """Frames, sentences about bodies and sentences about messages of a recording."""
    refused: list[str] = []
    dropped: list[str] = []
    reader = SkeletonReader(refused.append)
    frames = list(reader.read_all(messages, lambda error: dropped.append(str(error))))
    return frames, refused, dropped


def assert_equal(one: Skeleton, other: Skeleton) -> None:
    for name in ("positions", "pixels", "confidence", "observed"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).dtype == getattr(other, name).dtype
    for name in ("stamp_ns", "body_id", "image_size", "source"):
        assert getattr(one, name) == getattr(other, name)
    assert (one.root is None) == (other.root is None)
    if one.root is not None:
        np.testing.assert_array_equal(one.root, other.root)


def test_bytes_give_what_messages_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SkeletonReader, "_deserialized", lambda *_: pytest.fail("the slow way"))
    rooted = array(2, source="depth_camera")
    rooted.skeletons[1].root_valid, rooted.skeletons[1].root.z = True, 2.5
    unlocated = array(1, picture=False)
    renamed = array(1)
    renamed.skeletons[0].joints[3].name, renamed.skeletons[0].joints[4].name = (
        "he",
        "left_shoulder_",
    )
    messages = [
        array(0),
        array(1),
        array(1, "left"),
        array(3),
        rooted,
        unlocated,
        renamed,
        array(1),
    ]
    for found, expected in both(messages):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_equal(one, other)


def test_what_messages_are_refused_for_bytes_are_refused_for() -> None:
    strange = [array(2) for _ in range(7)]
    strange[0].skeletons[0].joints[5].position.x = math.nan
    strange[1].skeletons[1].joints[5].pixel_x = math.inf
    strange[2].skeletons[0].joints[5].confidence = 1.5
    strange[3].skeletons[0].joints.pop()
    strange[4].skeletons[1].joints[2].id = 3
    strange[5].skeletons[0].root_valid, strange[5].skeletons[0].root.y = True, 1e9
    strange[6].skeletons[1].body_id = 0
    assert [len(found) for found, _ in both(strange)] == [1] * 7
    with pytest.raises(ValueError, match="empty frame_id"):
        SkeletonReader(print).read(serialize_message(array(1, frame="")))


def test_a_message_that_was_cut_off_is_refused() -> None:
    data = serialize_message(array(1))
    reader = SkeletonReader(print)
    reader.read(data)
    for length in (12, 40, len(data) - 30):
        with pytest.raises(ValueError, match=r"damaged; expected a SkeletonArray"):
            reader.read(data[:length])


def test_bytes_that_are_written_equal_those_of_a_message() -> None:
    writer = SkeletonWriter("test")
    rng = np.random.default_rng(0)
    for number in range(12):
        people = [_somebody(rng, number, body_id) for body_id in range(1, 1 + number % 3)]
        stamp = header(number * 1_700_000_001, "left" if number % 4 else "camera")
        size = (640 + number, 480)
        expected = serialize_message(skeletons_to_msg(people, stamp, size, "test"))
        written = writer.write(people, stamp, size)
        assert len(written) == len(expected)  # bytes between the fields may differ
        assert _content(written) == _content(expected)


def _content(data: bytes) -> object:
    return message_to_dict(deserialize_message(data, SkeletonArray))


def _somebody(rng: np.random.Generator, number: int, body_id: int) -> Skeleton:
    pixels = rng.uniform(-50.0, 700.0, (20, 2))
    pixels[rng.random(20) < 0.2] = math.nan
    return replace(
        figure(7, body_id=body_id + number),
        positions=rng.normal(size=(20, 3)),
        pixels=pixels,
        confidence=rng.random(20),
        observed=rng.random(20) < 0.7,
        root=rng.normal(size=3) if number % 2 else None,
    )


def test_a_recording_is_read_as_its_messages_are() -> None:
    messages = [array(1, source="camera") for _ in range(150)]
    for number, message in enumerate(messages):
        message.header.stamp.nanosec = number
        message.skeletons[0].joints[4].position.x += 0.001 * number
    messages[20].skeletons[0].joints[5].confidence = 1.0000001
    messages[70].skeletons[0].source = "sensor"  # as long
    messages[90] = array(2)
    messages[100].skeletons[0].root_valid, messages[100].skeletons[0].root.z = True, 2.5
    messages[140].skeletons[0].joints[5].position.y = math.nan
    data = [serialize_message(each) for each in messages]
    cut_off = data[130][:-40]
    data.insert(130, cut_off)
    refused: list[str] = []
    reader = SkeletonReader(refused.append)
    expected = [reader.read(each) for each in data if each is not cut_off]
    frames, found_refused, dropped = all_at_once(data)
    assert ["damaged" in each for each in dropped] == [True]
    assert found_refused == refused
    assert ["NaN" in each for each in refused] == [True]
    assert [stamp_ns for stamp_ns, _ in frames] == [stamp_ns for stamp_ns, *_ in expected]
    for (_, found), (_, wanted, *_) in zip(frames, expected, strict=True):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            assert_equal(one, other)


def test_frames_before_the_damage_of_a_recording_are_read() -> None:
    def damaged() -> Iterator[bytes]:
        for _ in range(10):
            yield serialize_message(array(1))
        raise OSError("the disk is full of holes")

    frames = SkeletonReader(print).read_all(damaged(), print)
    assert len([next(frames) for _ in range(10)]) == 10
    with pytest.raises(OSError, match="holes"):
        next(frames)
