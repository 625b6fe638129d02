"""The robot follows the person within its limits."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsa_feedback.outputs.robot.human_angles import ANGLES, posture_angles
from apsa_feedback.outputs.robot.joint_map import RobotMap
from apsa_feedback.outputs.robot.retargeter import Motion, Retargeter
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import Skeleton
from support.feedback_cases import ns
from support.robot_cases import (
    FORWARD,
    LEFT,
    MAP_FILE,
    UP,
    Scene,
    arm,
    at_rate,
    content,
    hide,
    position,
    posture,
    robot,
)


def turned(skeleton: Skeleton, degrees: float) -> Skeleton:
    """The person rotated about the vertical axis, seen by a tilted camera."""
    a, b = math.radians(degrees), 0.2
    about_y = np.array([[math.cos(a), 0, math.sin(a)], [0, 1, 0], [-math.sin(a), 0, math.cos(a)]])
    tilt = np.array([[1, 0, 0], [0, math.cos(b), -math.sin(b)], [0, math.sin(b), math.cos(b)]])
    return replace(skeleton, positions=skeleton.positions @ (tilt @ about_y).T)


@pytest.mark.parametrize("view", [0.0, 50.0, 180.0])
@pytest.mark.parametrize(
    ("arm", "pitch", "roll", "elevation"),
    [
        (-UP, 0.0, 0.0, 0.0),
        (FORWARD, 90.0, 0.0, 90.0),
        (UP, 180.0, 0.0, 180.0),
        ((LEFT - UP) / math.sqrt(2), 0.0, 45.0, 45.0),
        ((LEFT + FORWARD) / math.sqrt(2), 90.0, 45.0, 90.0),
    ],
)
def test_shoulder_angles_do_not_depend_on_the_camera(
    view: float, arm: Any, pitch: float, roll: float, elevation: float
) -> None:
    angles = posture_angles(turned(posture(left_arm=arm), view))
    assert math.degrees(angles["left_shoulder_pitch"]) == pytest.approx(pitch, abs=1e-3)
    assert math.degrees(angles["left_shoulder_roll"]) == pytest.approx(roll, abs=1e-3)
    assert math.degrees(angles["left_shoulder_elevation"]) == pytest.approx(elevation, abs=1e-3)


def test_an_arm_that_sways_overhead_has_a_continuous_pitch() -> None:
    for degrees in (-80.0, 0.0, 175.0, 185.0, 260.0):
        angles = posture_angles(posture(left_arm=arm(degrees, FORWARD)))
        assert math.degrees(angles["left_shoulder_pitch"]) == pytest.approx(degrees)


def test_both_arms_out_have_the_same_roll_and_no_pitch() -> None:
    angles = posture_angles(posture(left_arm=LEFT, right_arm=-LEFT))
    assert angles["left_shoulder_roll"] == pytest.approx(math.pi / 2)
    assert angles["right_shoulder_roll"] == pytest.approx(math.pi / 2)
    assert "left_shoulder_pitch" not in angles


def test_straight_limbs_have_no_flexion_and_every_angle() -> None:
    angles = posture_angles(posture())
    assert set(angles) == set(ANGLES)
    assert angles["left_knee_flexion"] == pytest.approx(0.0, abs=1e-6)
    assert angles["right_elbow_flexion"] == pytest.approx(0.0, abs=1e-6)


def test_hidden_joints_give_no_angle() -> None:
    angles = posture_angles(hide(posture(), Joint.LEFT_WRIST, Joint.RIGHT_HIP))
    assert "left_elbow_flexion" not in angles
    assert "left_shoulder_pitch" not in angles
    assert "right_knee_flexion" not in angles
    assert "right_elbow_flexion" in angles


def at_home(robot_map: RobotMap) -> Retargeter:
    """A retargeter whose robot starts at home and reaches every position immediately."""
    retargeter = Retargeter(robot_map)
    retargeter.measured({joint.name: joint.home for joint in robot_map.joints})
    return retargeter


def follow(robot_map: RobotMap, *postures: Skeleton, rate: float = 30.0) -> list[Motion]:
    """Motions of a robot that starts at home and reaches every position."""
    retargeter = at_home(robot_map)
    motions = []
    for i, each in enumerate(postures):
        motion = retargeter.step(ns(i / rate), each)
        assert motion is not None
        names = [joint.name for joint in robot_map.joints]
        retargeter.measured(dict(zip(names, motion.points[0][1], strict=True)))
        motions.append(motion)
    return motions


def test_a_robot_without_joint_states_is_not_moved() -> None:
    robot_map = robot()
    retargeter = Retargeter(robot_map)
    *known, last = (joint.name for joint in robot_map.joints)
    retargeter.measured(dict.fromkeys(known, 0.0))
    assert retargeter.step(0, posture()) is None
    assert retargeter.unknown == [last]
    assert retargeter.stop() is None
    retargeter.measured({last: 0.0, "wheel": 3.0})
    assert retargeter.unknown == []
    assert retargeter.step(ns(0.1), posture()) is not None


def test_limits_and_speeds_are_never_exceeded() -> None:
    noise = np.random.default_rng(7)
    arms = [vector / np.linalg.norm(vector) for vector in noise.normal(size=(40, 3))]
    postures = [posture(left_arm=arm, right_arm=-arm) for arm in arms for _ in range(20)]
    robot_map = robot()
    track = np.array([motion.points[0][1] for motion in follow(robot_map, *postures)])
    low = np.array([joint.low for joint in robot_map.joints])
    high = np.array([joint.high for joint in robot_map.joints])
    speed = np.array([joint.max_velocity for joint in robot_map.joints])
    assert len(track) > 700
    assert (track >= low).all()
    assert (track <= high).all()
    assert (np.abs(np.diff(track, axis=0)) * 30.0 <= speed + 1e-6).all()
    assert (track == low).any()
    assert (track == high).any()


def test_after_a_gap_in_the_stamps_the_robot_does_not_jump() -> None:
    robot_map = robot()
    retargeter = at_home(robot_map)
    before = retargeter.step(0, posture())
    after = retargeter.step(ns(60.0), posture(left_arm=UP, right_arm=UP))
    assert before is not None
    assert after is not None
    way = np.abs(np.subtract(after.points[0][1], before.points[0][1]))
    assert way.max() <= robot_map.reach_s * max(j.max_velocity for j in robot_map.joints) + 1e-9


@pytest.mark.parametrize(("mirror", "moved"), [(True, "right"), (False, "left")])
def test_facing_the_person_the_robot_moves_as_a_mirror_image(mirror: bool, moved: str) -> None:
    robot_map = robot(mirror=mirror)
    last = follow(robot_map, *[posture(left_arm=FORWARD)] * 90)[-1]
    for side in ("left", "right"):
        pitch = position(robot_map, last, f"{side}_shoulder_pitch_joint")
        assert pitch == pytest.approx(-math.pi / 2 if side == moved else 0.0, abs=1e-3)


def test_a_joint_whose_angle_is_not_observed_keeps_its_position() -> None:
    robot_map = robot(mirror=False)
    raised = [posture(left_arm=FORWARD)] * 90
    hidden = [hide(posture(), Joint.LEFT_ELBOW)] * 60
    last = follow(robot_map, *raised, *hidden)[-1]
    assert position(robot_map, last, "left_shoulder_pitch_joint") == pytest.approx(-math.pi / 2)


def test_stopping_holds_the_robot_at_its_position_once() -> None:
    robot_map = robot()
    retargeter = at_home(robot_map)
    assert retargeter.stop() is None
    retargeter.step(0, posture(left_arm=UP))
    retargeter.step(ns(0.1), posture(left_arm=UP))
    place = {joint.name: joint.home + 0.01 for joint in robot_map.joints}
    retargeter.measured(place)
    held = retargeter.stop()
    assert held is not None
    assert held.points[0][1] == pytest.approx(tuple(place.values()))
    assert retargeter.stop() is None


def test_a_gesture_follows_its_cue_and_then_ends() -> None:
    scene = Scene(robot())
    scene.tick()
    scene.follow(at_rate([posture()] * 30, 30.0))
    scene.retargeter.gesture("praise_corrected")
    scene.track.clear()
    scene.follow(at_rate([posture()] * 300, 30.0, start=1.0))
    pitches = np.array(scene.track)[:, scene.names.index("left_shoulder_pitch_joint")]
    assert pitches.min() < -1.0
    assert pitches[-1] == pytest.approx(0.0, abs=0.02)


def _spoil(**changes: Any) -> Any:
    data = content()
    data["joints"]["left_elbow_joint"].update(changes)
    return data


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (_spoil(angle="left_toe"), "left_elbow_joint.angle"),
        (_spoil(sign=2), "left_elbow_joint.sign"),
        (_spoil(min=1.0), "left_elbow_joint.min"),
        (_spoil(max_velocity=0), "left_elbow_joint.max_velocity"),
        (_spoil(home=9.0), "left_elbow_joint.home"),
        (_spoil(offset=float("nan")), "left_elbow_joint.offset"),
        (_spoil(speed=1), "speed"),
        ({**content(), "joints": {}}, "at least one joint"),
        ({**content(), "mirror": "yes"}, "mirror"),
        ({**content(), "gestures": {"wave": {"hold_s": 1, "posture": {}}}}, "gestures.wave"),
        (
            {**content(), "gestures": {"count": {"hold_s": 1, "posture": {"tail": 1.0}}}},
            "tail",
        ),
        ([], "expected a mapping"),
    ],
)
def test_an_invalid_map_is_refused_in_one_line(data: Any, named: str) -> None:
    with pytest.raises(ValueError, match=named) as caught:
        RobotMap.from_mapping(data)
    assert "\n" not in str(caught.value)


def test_an_error_in_a_map_is_reported_with_file_and_line(tmp_path: Path) -> None:
    lines = MAP_FILE.read_text(encoding="utf-8").replace("sign: -1", "sign: 2", 1).splitlines()
    line = next(i for i, each in enumerate(lines, 1) if "sign: 2" in each)
    (tmp_path / "arms.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"arms\.yaml:{line}: .*sign is 2"):
        RobotMap.load(tmp_path / "arms.yaml")
