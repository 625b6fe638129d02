"""Joints agree with the picture and bones keep their lengths."""

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.pose import skeleton_correction
from apsa_perception.pose.bone_lengths import BONE_VECTORS, BONES, BoneLengths
from apsa_perception.pose.estimator import CORRECTED, PoseEstimator
from apsa_perception.pose.skeleton_correction import SkeletonCorrection, assumed_intrinsics
from support.pose_bodies import INTRINSICS, PERIOD_NS, PICTURE, ScriptedBackend, pose, standing

RunClip = Callable[..., Any]
BODY = [
    Joint[f"{side}_{part}"]
    for side in ("LEFT", "RIGHT")
    for part in ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")
]
ANGLES = (("HIP", "KNEE", "ANKLE"), ("SHOULDER", "ELBOW", "WRIST"), ("HIP", "SHOULDER", "ELBOW"))


def corrected(
    poses: Iterable[CanonicalPose], intrinsics: FloatArray = INTRINSICS, period_ns: int = PERIOD_NS
) -> FloatArray:
    """``(T, 20, 3)``."""
    correction = SkeletonCorrection()
    return np.stack(
        [
            correction.correct(each, (i + 1) * period_ns, intrinsics).positions
            for i, each in enumerate(poses)
        ]
    )


def lengths(positions: FloatArray) -> FloatArray:
    """``(..., len(BONES))`` metres."""
    return np.asarray(np.linalg.norm(BONE_VECTORS @ positions, axis=-1))


def test_a_body_that_agrees_with_its_picture_stays_as_it_is() -> None:
    found = corrected([pose(standing(), (0.5, 0.1, 3.0))] * 60)
    np.testing.assert_allclose(found, np.broadcast_to(standing(), found.shape), atol=1e-6)


def test_a_joint_moves_to_where_the_picture_shows_it() -> None:
    true = pose(standing())
    wrong = true.positions.copy()
    wrong[Joint.LEFT_ELBOW, 0] -= 0.08
    found = corrected([true._replace(positions=wrong)] * 60)
    before = np.linalg.norm(wrong - standing(), axis=1)[Joint.LEFT_ELBOW]
    after = np.linalg.norm(found[-1] - standing(), axis=1)
    assert before == pytest.approx(0.08)
    assert after.max() < 0.015
    first = np.linalg.norm(found[0] - standing(), axis=1)
    assert first.max() < 0.015, "whoever appears is corrected at once"


def test_bones_keep_their_lengths_where_the_depth_drifts() -> None:
    phase = np.random.default_rng(0).uniform(0.0, 2.0 * np.pi, 20)
    noise = 0.1 * np.sin(np.arange(200)[:, None] * PERIOD_NS / 1e9 * 2.0 + phase)
    noise[:, :4] = 0.0
    seen = [
        pose(standing())._replace(positions=standing() + [[0.0, 0.0, 1.0]] * each[:, None])
        for each in noise
    ]
    raw, found = np.stack([one.positions for one in seen])[50:], corrected(seen)[50:]
    limbs = [i for i, bone in enumerate(BONES) if "KNEE" in bone[1].name or "ELBOW" in bone[1].name]
    spread = [lengths(each)[:, limbs].std(axis=0).mean() for each in (raw, found)]
    assert spread[1] < 0.75 * spread[0]


def test_an_inferred_joint_does_not_follow_its_place_in_the_picture() -> None:
    true = pose(standing())
    true.pixels[Joint.LEFT_WRIST] += 200.0
    true.observed[Joint.LEFT_WRIST] = False
    found = corrected([true] * 40)
    np.testing.assert_allclose(found[-1], standing(), atol=1e-6)
    true.pixels[Joint.LEFT_WRIST] = np.nan
    np.testing.assert_allclose(corrected([true] * 40)[-1], standing(), atol=1e-6)


def test_too_few_joints_are_left_as_they_are() -> None:
    few = pose(standing())
    few.observed[5:] = False
    few.pixels[:5] += 30.0 * np.arange(5)[:, None]
    np.testing.assert_array_equal(corrected([few] * 20)[-1], standing())


def test_a_correction_fades_in_and_out_without_a_jump() -> None:
    """The picture suddenly shows the arm elsewhere, as after an exchange of two limbs."""
    true = pose(standing())
    moved = true._replace(pixels=true.pixels.copy())
    moved.pixels[Joint.LEFT_WRIST] += 20.0  # 14 cm
    found = corrected([true] * 30 + [moved] * 30 + [true] * 30)
    steps = np.linalg.norm(np.diff(found, axis=0), axis=-1).max(axis=1)
    assert steps.max() < 0.05
    assert np.linalg.norm(found[59] - standing(), axis=1)[Joint.LEFT_WRIST] > 0.06
    np.testing.assert_allclose(found[-1], standing(), atol=0.005)


def test_lengths_are_those_of_both_sides_and_unknown_where_nothing_was_seen() -> None:
    known = BoneLengths()
    body = standing()
    body[Joint.LEFT_ANKLE, 1] += 0.1
    observed = np.ones(20, np.bool_)
    observed[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = False
    for i in range(9):
        known.add(body, observed, i * 100_000_000)
        assert known.median is None
        known.add(10.0 * body, observed, i * 100_000_000 + 50_000_000)  # too soon to count
    known.add(body, observed, 900_000_000)
    median = known.median
    assert median is not None
    shank = BONES.index((Joint.LEFT_KNEE, Joint.LEFT_ANKLE))
    other = BONES.index((Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE))
    assert median[shank] == median[other] == pytest.approx(lengths(body)[[shank, other]].min())
    forearm = BONES.index((Joint.LEFT_ELBOW, Joint.LEFT_WRIST))
    assert np.isnan(median[forearm])
    assert median[BONES.index((Joint.LEFT_HIP, Joint.RIGHT_HIP))] == pytest.approx(0.2)


@pytest.mark.faults
def test_whoever_comes_back_keeps_the_lengths_of_their_bones() -> None:
    """Lost for a second, then seen with a forearm that is too long in depth."""
    forearm = BONES.index((Joint.LEFT_ELBOW, Joint.LEFT_WRIST))
    true_m = lengths(standing())[forearm]
    wrong = standing()
    wrong[Joint.LEFT_WRIST, 2] -= 0.2
    later = pose(standing())._replace(positions=wrong)
    script = [[pose(standing())]] * 75 + [[]] * 25 + [[later]] * 45
    estimator = PoseEstimator(ScriptedBackend(script))
    found = [estimator.process(PICTURE, (i + 1) * PERIOD_NS) for i in range(len(script))]
    back = [people for people in found[100:] if people]
    assert back
    assert {one.body_id for people in found for one in people} == {1}
    off_m = lengths(back[0][0].positions)[forearm] - true_m
    assert off_m < 0.6 * (lengths(wrong)[forearm] - true_m)


def test_the_source_says_whether_skeletons_are_corrected() -> None:
    wrong = pose(standing())
    wrong.pixels[Joint.LEFT_WRIST] += 20.0
    found = {}
    for on in (False, True):
        estimator = PoseEstimator(ScriptedBackend([[wrong]] * 40), corrected=on)
        for i in range(40):
            people = estimator.process(PICTURE, (i + 1) * PERIOD_NS)
        found[on] = people[0]
    assert (found[False].source, found[True].source) == ("scripted", "scripted" + CORRECTED)
    moved = np.linalg.norm(found[True].positions - found[False].positions, axis=1)
    assert moved[Joint.LEFT_WRIST] > 0.05
    assert np.delete(moved, Joint.LEFT_WRIST).max() < moved[Joint.LEFT_WRIST]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["squat_front.mp4", "lunge_side.mp4", "glute_bridge_floor.mp4", "wall_pushup_upper_body.mp4"],
)
def test_bones_of_real_people_vary_less_and_joints_do_not_jump_more(
    name: str, run_clip: RunClip
) -> None:
    bodies = [frame[0] for frame in run_clip(name).skeletons if frame]
    poses = CanonicalPose(
        *(np.stack([getattr(one, each) for one in bodies]) for each in CanonicalPose._fields)
    )
    raw, observed = poses.positions, poses.observed
    found = skeleton_correction.corrected(
        poses, [one.stamp_ns for one in bodies], bodies[0].image_size
    )
    seen = np.abs(BONE_VECTORS).astype(bool)
    usable = [i for i, ends in enumerate(seen) if observed[:, ends].all(axis=1).mean() > 0.9]
    variation = [
        (lengths(each)[:, usable].std(axis=0) / lengths(each)[:, usable].mean(axis=0)).mean()
        for each in (raw, found)
    ]
    assert variation[1] < 0.9 * variation[0]
    always = observed.all(axis=0)
    jumps = [
        np.percentile(np.linalg.norm(np.diff(each[:, always], axis=0), axis=-1), 99.5)
        for each in (raw, found)
    ]
    assert jumps[1] < jumps[0] + 0.003


@pytest.mark.slow
def test_a_real_person_in_four_cameras_is_nearer_to_the_reference(
    clip: Callable[[str], Path], run_clip: RunClip
) -> None:
    errors: dict[str, list[FloatArray]] = {"joint": [], "angle": []}
    for camera in ("cam01", "cam02", "cam03", "cam04"):
        name = f"balance_4cam/{camera}.mp4"
        folder = clip(name).parent
        calibration = json.loads((folder / "cameras.json").read_text())["cameras"][camera]
        with (folder / "reference_3d.csv").open() as file:
            rows = list(csv.DictReader(file))
        rotation = np.array(calibration["R_world_to_camera"])
        correction, each = SkeletonCorrection(), []
        for row, people in zip(rows, run_clip(name).skeletons, strict=False):
            if not people:
                continue
            truth = np.full((20, 3), np.nan)
            for joint in BODY:
                place = [float(row[f"{joint.name.lower()}_{axis}"]) for axis in "xyz"]
                truth[joint] = rotation @ place
            one = people[0]
            given = CanonicalPose(one.positions, one.pixels, one.confidence, one.observed)
            moved = correction.correct(
                given, one.stamp_ns + 1, assumed_intrinsics(one.image_size)
            ).positions
            each.append([_errors(joints, truth) for joints in (one.positions, moved)])
        means = np.mean(each, axis=0)
        errors["joint"].append(means[:, 0])
        errors["angle"].append(means[:, 1])
    joint, angle = (np.array(errors[name]) for name in ("joint", "angle"))
    assert (joint[:, 1] < joint[:, 0]).all()
    assert angle[:, 1].mean() < 0.85 * angle[:, 0].mean()


def _errors(joints: FloatArray, truth: FloatArray) -> tuple[float, float]:
    """Mean error of joints in metres and of angles in degrees."""
    hips = [Joint.LEFT_HIP, Joint.RIGHT_HIP]
    difference = joints - joints[hips].mean(axis=0) - truth + truth[hips].mean(axis=0)
    angles = [
        abs(_angle(joints, side, *names) - _angle(truth, side, *names))
        for side in ("LEFT", "RIGHT")
        for names in ANGLES
    ]
    return float(np.linalg.norm(difference[BODY], axis=1).mean()), float(np.mean(angles))


def _angle(joints: FloatArray, side: str, start: str, middle: str, end: str) -> float:
    one, other = (
        joints[Joint[f"{side}_{name}"]] - joints[Joint[f"{side}_{middle}"]] for name in (start, end)
    )
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
