"""People as REP-155 has them: ids, places in the picture, frames."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("hri_msgs", reason="hri_msgs is not installed")
pytest.importorskip("tf2_msgs", reason="tf2_msgs is not installed")

from apsa_msgs.msg import SkeletonArray
from geometry_msgs.msg import Quaternion, TransformStamped
from hri_msgs.msg import IdsList, NormalizedRegionOfInterest2D, Skeleton2D
from sensor_msgs.msg import Image
from tf2_msgs.msg import TFMessage

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.nodes.humans_node import HumansNode
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.humans_conversion import (
    PARTS,
    body_axes,
    frames_of,
    points_to_msg,
    quaternion,
    region_to_msg,
)
from apsa_perception.ros.image_conversion import image_to_msg
from apsa_perception.ros.qos import IMAGES, RESULTS
from support.bench import Bench
from support.figures import SIZE, figure

STAMP = header(7, "camera")
ROOT = np.array([0.4, -0.1, 2.5])


def rotated(turn: Quaternion, vector: FloatArray) -> FloatArray:
    axis = np.array([turn.x, turn.y, turn.z])
    return vector + 2.0 * np.cross(axis, np.cross(axis, vector) + turn.w * vector)


def place(frame: TransformStamped) -> FloatArray:
    move = frame.transform.translation
    return np.array([move.x, move.y, move.z])


@pytest.mark.parametrize(
    ("turn_deg", "forward", "left"),
    [(0, (0, 0, -1), (1, 0, 0)), (90, (-1, 0, 0), (0, 0, -1)), (180, (0, 0, 1), (-1, 0, 0))],
)
def test_the_body_looks_forward_along_x_and_up_along_z(
    turn_deg: float, forward: tuple[float, ...], left: tuple[float, ...]
) -> None:
    axes = body_axes(figure(turn_deg=turn_deg).positions)
    assert axes is not None
    np.testing.assert_allclose(axes.T, [forward, left, (0, -1, 0)], atol=1e-6)
    turn = quaternion(axes)
    for axis, expected in zip(np.eye(3), axes.T, strict=True):
        np.testing.assert_allclose(rotated(turn, axis), expected, atol=1e-6)


def test_frames_give_the_places_of_the_joints() -> None:
    body = replace(
        figure(knee_deg=(90, 120), lean_forward_deg=20, turn_deg=35, body_id=3), root=ROOT
    )
    trunk, *parts = frames_of(body, STAMP)
    assert (trunk.header.frame_id, trunk.child_frame_id) == ("camera", "body_p3")
    np.testing.assert_allclose(place(trunk), ROOT)
    assert [each.child_frame_id for each in parts] == [f"{name}_p3" for name in PARTS]
    for frame, joint in zip(parts, PARTS.values(), strict=True):
        assert frame.header.frame_id == "body_p3"
        found = place(trunk) + rotated(trunk.transform.rotation, place(frame))
        np.testing.assert_allclose(found, ROOT + body.positions[joint], atol=1e-9)


def test_what_is_not_known_has_no_frame() -> None:
    assert frames_of(figure(), STAMP) == []
    hidden = replace(figure(hidden=[Joint.LEFT_WRIST]), root=ROOT)
    assert "l_wrist_p1" not in {each.child_frame_id for each in frames_of(hidden, STAMP)}
    flat = replace(figure(), positions=np.zeros((20, 3)), root=ROOT)
    assert frames_of(flat, STAMP) == []


def test_places_in_the_picture_are_shares_of_it() -> None:
    body = figure(hidden=[Joint.RIGHT_KNEE])
    message = points_to_msg(body, STAMP)
    ankle = message.skeleton[Skeleton2D.LEFT_ANKLE]
    np.testing.assert_allclose([ankle.x, ankle.y], body.pixels[Joint.LEFT_ANKLE] / SIZE, atol=1e-6)
    assert ankle.c == pytest.approx(body.confidence[Joint.LEFT_ANKLE])
    assert {message.skeleton[index].c for index in (Skeleton2D.RIGHT_KNEE, Skeleton2D.NOSE)} == {0}
    region = region_to_msg(body, STAMP)
    assert region is not None
    seen = body.pixels[body.observed] / SIZE
    np.testing.assert_allclose([region.xmin, region.ymin], seen.min(axis=0), atol=1e-6)
    np.testing.assert_allclose([region.xmax, region.ymax], seen.max(axis=0), atol=1e-6)
    assert region_to_msg(figure(picture=False), STAMP) is None


def test_bodies_are_published_and_forgotten(bench: Bench) -> None:
    bench.start(HumansNode)
    tracked: list[IdsList] = []
    frames: list[TFMessage] = []
    regions: list[NormalizedRegionOfInterest2D] = []
    cropped: list[Image] = []
    peer = bench.peer
    peer.create_subscription(IdsList, "/humans/bodies/tracked", tracked.append, RESULTS)
    peer.create_subscription(TFMessage, "/tf", frames.append, RESULTS)
    peer.create_subscription(
        NormalizedRegionOfInterest2D, "/humans/bodies/p1/roi", regions.append, RESULTS
    )
    peer.create_subscription(Image, "/humans/bodies/p1/cropped", cropped.append, IMAGES)
    skeletons = peer.create_publisher(SkeletonArray, "skeletons", RESULTS)
    images = peer.create_publisher(Image, "image", IMAGES)
    bench.spin_until(lambda: skeletons.get_subscription_count() == 1)

    def send(second: int, *people: Skeleton) -> None:
        stamp = header(second * 1_000_000_000, "camera")
        images.publish(image_to_msg(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), stamp))
        bench.spin_for(0.1)
        skeletons.publish(skeletons_to_msg(people, stamp, SIZE, "test"))
        count = len(tracked)
        bench.spin_until(lambda: len(tracked) > count)

    people = replace(figure(), root=ROOT), figure(body_id=2, offset_px=100)
    send(1, *people)
    assert tracked[-1].ids == ["p1", "p2"]
    bench.spin_until(lambda: images.get_subscription_count() == 1)
    bench.spin_until(lambda: peer.count_publishers("/humans/bodies/p1/roi") == 1)
    send(2, *people)
    bench.spin_until(lambda: bool(regions and frames and cropped))
    assert {each.child_frame_id[-3:] for each in frames[-1].transforms} == {"_p1"}
    width = (regions[-1].xmax - regions[-1].xmin) * SIZE[0]
    assert cropped[-1].width == pytest.approx(width, abs=2)
    send(3)
    assert tracked[-1].ids == []
    assert peer.count_publishers("/humans/bodies/p1/roi") == 1
    send(13, people[1])
    assert tracked[-1].ids == ["p2"]
    bench.spin_until(lambda: peer.count_publishers("/humans/bodies/p1/roi") == 0)
    bench.spin_until(lambda: images.get_subscription_count() == 0)
