"""A body follows recorded joints: angles recorded, lengths the body's, feet on the floor."""

from collections.abc import Callable

import numpy as np
import pytest

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.axes import frames, shortest_rotation, to_laboratory, to_optical, unit
from apsa_training.camera.body import Body, Segment
from apsa_training.camera.furniture import chair_of
from apsa_training.camera.posing import Motion, follow, skin
from apsa_training.data.sequences import MotionSequence
from support.fitness import SEATED, SUPINE
from support.poses import KNEELING, PLANK, Pose

RAISE = "102_18_6_7_1_chair.txt"
STANDING = "206_18_3_11_2_stand.txt"
LIMBS = [
    (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
]


def angle(joints: FloatArray, start: Joint, middle: Joint, end: Joint) -> FloatArray:
    upper, lower = joints[:, start] - joints[:, middle], joints[:, end] - joints[:, middle]
    return np.degrees(np.arccos((unit(upper) * unit(lower)).sum(axis=1)))


@pytest.fixture
def motion(body: Body, recording: Callable[[str], MotionSequence]) -> Motion:
    return follow(body, to_laboratory(recording(RAISE).positions))


def test_axes_turn_there_and_back() -> None:
    points = np.random.default_rng(1).normal(size=(5, 3))
    assert np.allclose(to_optical(to_laboratory(points)), points)
    away_from_camera = np.array([0.0, 0.0, 1.0])
    assert to_laboratory(away_from_camera).tolist() == [-1.0, 0.0, 0.0]


def test_rotations_are_proper_and_take_one_direction_to_the_other() -> None:
    random = np.random.default_rng(2)
    start, end = random.normal(size=(2, 7, 3))
    turn = shortest_rotation(start, end)
    assert np.allclose(np.linalg.det(turn), 1.0)
    assert np.allclose(np.einsum("nij,nj->ni", turn, unit(start)), unit(end))
    assert np.allclose(np.linalg.det(frames(start, end)), 1.0)


@pytest.mark.parametrize("limb", LIMBS, ids=lambda limb: limb[1].name.lower())
def test_joint_angles_are_those_of_the_recording(
    limb: tuple[Joint, Joint, Joint], motion: Motion, recording: Callable[[str], MotionSequence]
) -> None:
    recorded = to_laboratory(recording(RAISE).positions)
    assert angle(motion.joints, *limb) == pytest.approx(angle(recorded, *limb), abs=1e-6)


def test_bone_lengths_are_those_of_the_body(body: Body, motion: Motion) -> None:
    for start, middle, end in LIMBS:
        for one, other in ((start, middle), (middle, end)):
            expected = np.linalg.norm(body.joints[one] - body.joints[other])
            found = np.linalg.norm(motion.joints[:, one] - motion.joints[:, other], axis=1)
            assert found == pytest.approx(expected)


def test_the_lower_foot_stays_where_it_is(
    body: Body, recording: Callable[[str], MotionSequence]
) -> None:
    motion = follow(body, to_laboratory(recording(STANDING).positions))
    ankles = motion.joints[:, [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]]
    lower = ankles[np.arange(len(ankles)), ankles[..., 2].argmin(axis=1)]
    assert np.abs(lower[:, 2] - body.joints[Joint.LEFT_ANKLE, 2]).max() < 0.02
    assert ankles[..., :2].std(axis=0).max() < 0.03


def test_the_mesh_follows_its_segments(body: Body, motion: Motion) -> None:
    frame = len(motion.joints) // 2
    vertices = skin(body, motion, frame)
    for segment, joint in (
        (Segment.LEFT_FOREARM, Joint.LEFT_ELBOW),
        (Segment.HEAD, Joint.NECK),
        (Segment.RIGHT_SHANK, Joint.RIGHT_KNEE),
    ):
        rigid = body.weights[:, segment] > 0.999
        assert rigid.any()
        at_rest = np.linalg.norm(body.vertices[rigid] - body.joints[joint], axis=1)
        posed = np.linalg.norm(vertices[rigid] - motion.joints[frame, joint], axis=1)
        assert posed == pytest.approx(at_rest, abs=2e-3)


@pytest.mark.parametrize("pose", [PLANK, SUPINE])
def test_who_begins_lying_rests_on_the_floor_with_feet_that_follow_the_shanks(
    body: Body, pose: Pose
) -> None:
    lying = follow(body, np.stack([pose.joints()] * 5))
    assert lying.joints[..., 2].min() == pytest.approx(0.09, abs=0.01)
    for side in ("LEFT", "RIGHT"):
        foot, shank = Segment[f"{side}_FOOT"], Segment[f"{side}_SHANK"]
        assert np.allclose(lying.rotations[:, foot], lying.rotations[:, shank])


@pytest.mark.parametrize(
    ("pose", "sits"), [(SEATED, True), (SUPINE, False), (KNEELING, False), (Pose(), False)]
)
def test_only_who_sits_upright_gets_a_chair(body: Body, pose: Pose, sits: bool) -> None:
    still = follow(body, np.stack([pose.joints()] * 5))
    assert (chair_of(body, still) is not None) is sits
