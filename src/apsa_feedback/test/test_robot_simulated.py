"""Motions on a simulated robot with lag: limits, velocities, stops."""

import math

import numpy as np
import pytest

from apsa_feedback.outputs.robot.human_angles import ANGLES
from apsa_feedback.outputs.robot.joint_map import RobotMap
from apsa_feedback.outputs.robot.prescribed_movement import prescribed_movement
from apsa_feedback.outputs.robot.retargeter import STATE_TIMEOUT_S, Retargeter
from apsa_perception.model.codes import ExerciseSide
from apsa_perception.model.skeleton import Skeleton
from support.feedback_cases import ns
from support.robot_cases import (
    FORWARD,
    LIBRARY,
    MAP_FILE,
    TICK,
    UP,
    Scene,
    at_rate,
    flailing,
    posture,
    robot,
)


def least(scene: Scene, postures: list[Skeleton], start: float) -> dict[str, float]:
    """Lowest position of each joint during the time."""
    scene.track.clear()
    scene.follow(at_rate(postures, 25.0, start))
    return dict(zip(scene.names, np.array(scene.track).min(axis=0), strict=True))


@pytest.mark.parametrize("name", ["generic_arms", "nao", "pepper"])
@pytest.mark.parametrize("fps", [25.0, 10.0, 2.0])
def test_no_joint_ever_exceeds_its_limits_or_speed(name: str, fps: float) -> None:
    robot_map = RobotMap.load(MAP_FILE.with_name(f"{name}.yaml"))
    scene = Scene(robot_map)
    scene.tick(TICK)
    scene.follow(at_rate(flailing(40), fps))
    scene.send(scene.retargeter.stop())
    scene.tick(1.0)
    assert scene.robot.violations == []
    track = np.array(scene.track)
    assert np.ptp(track, axis=0).max() > 0.4
    speeds = np.abs(np.diff(track, axis=0)).max(axis=0) / TICK
    assert (speeds <= [joint.max_velocity * 1.001 for joint in robot_map.joints]).all()


def test_a_bag_that_is_replayed_fast_does_not_move_the_robot_fast() -> None:
    scene = Scene(robot())
    scene.tick(TICK)
    for at, skeleton in at_rate(flailing(40), 25.0):
        scene.tick(TICK)  # four times as fast as the stamps say
        scene.send(scene.retargeter.step(ns(at), skeleton))
    assert scene.robot.violations == []


def test_the_simulator_reports_what_is_too_fast_or_beyond_the_limits() -> None:
    scene = Scene(robot(), lag_s=0.0)
    joint = scene.names[0]
    scene.robot.command([joint], [(0.1, [-2.0])])
    scene.tick(0.2)
    assert "rad/s" in scene.robot.violations[0]
    scene.robot.command([joint], [(5.0, [9.0])])
    assert scene.robot.violations[-1] == f"{joint} to 9.000; limits: -2.6 to 0.6"
    with pytest.raises(ValueError, match="unknown joints tail"):
        scene.robot.command(["tail"], [(1.0, [0.0])])
    with pytest.raises(ValueError, match="each point needs one position"):
        scene.robot.command([joint], [(1.0, [0.0, 1.0])])


def test_a_stopped_robot_continues_from_its_position() -> None:
    scene = Scene(robot())
    scene.tick()
    scene.follow(at_rate([posture(left_arm=UP, right_arm=UP)] * 10, 10.0))
    scene.send(scene.retargeter.stop())
    scene.tick(0.3)
    stopped = list(scene.robot.positions.values())
    assert scene.robot.positions["left_shoulder_pitch_joint"] < -0.5
    scene.tick(5.0)
    assert np.allclose(list(scene.robot.positions.values()), stopped, atol=1e-3)
    scene.follow(at_rate([posture()] * 100, 10.0, start=20.0))
    assert scene.robot.violations == []
    assert scene.robot.positions["left_shoulder_pitch_joint"] == pytest.approx(0.0, abs=0.02)


def test_a_robot_with_joint_states_follows_from_its_position_at_once() -> None:
    retargeter = Retargeter(robot(mirror=False))
    place = {joint.name: joint.low for joint in robot().joints}
    retargeter.measured({**place, "wheel": 3.0})
    first = retargeter.step(ns(5.0), posture())
    assert first is not None
    assert first.points[0][1] == tuple(place.values())


def test_a_robot_beyond_its_limits_returns_slowly() -> None:
    retargeter = Retargeter(robot())
    retargeter.measured({joint.name: joint.high + 0.3 for joint in robot().joints})
    motion = retargeter.step(0, posture())
    assert motion is not None
    assert motion.points[0][1] == tuple(joint.high for joint in robot().joints)
    assert motion.duration_s == pytest.approx(0.3 / 1.5)
    assert retargeter.step(ns(0.1), posture()) is None


def test_the_return_into_the_limits_is_never_sudden() -> None:
    robot_map = robot()
    retargeter = Retargeter(robot_map)
    retargeter.measured({joint.name: joint.high + 1e-6 for joint in robot_map.joints})
    motion = retargeter.step(0, posture())
    assert motion is not None
    assert motion.duration_s >= robot_map.reach_s
    assert retargeter.step(ns(0.5 * robot_map.reach_s), posture()) is None


def in_the_middle_of_a_demonstration() -> Scene:
    """A robot that has been showing the exercise for two seconds."""
    scene = Scene(robot())
    shown = prescribed_movement(LIBRARY.get("arm_raise"))
    assert shown is not None
    scene.tick()
    scene.follow(at_rate([posture()] * 5, 25.0))
    scene.retargeter.demonstrate(shown)
    scene.follow(at_rate([posture()] * 50, 25.0, start=1.0))
    return scene


def test_a_robot_whose_joint_states_cease_is_not_moved() -> None:
    robot_map = robot()
    scene = Scene(robot_map)
    scene.tick()
    scene.follow(at_rate([posture(left_arm=UP, right_arm=UP)] * 10, 10.0))
    scene.tick(STATE_TIMEOUT_S - 2 * TICK, joint_states=False)
    assert scene.retargeter.unknown == []
    scene.tick(4 * TICK, joint_states=False)
    assert scene.retargeter.unknown == scene.names
    scene.send(scene.retargeter.step(ns(2.0), posture(left_arm=UP, right_arm=UP)))
    assert scene.retargeter.step(ns(2.1), posture(left_arm=UP, right_arm=UP)) is None
    assert scene.robot.violations == []
    elsewhere = dict.fromkeys(scene.names, 0.3)  # moved by hand in the meantime
    scene.retargeter.measured(elsewhere)
    motion = scene.retargeter.step(ns(2.2), posture(left_arm=UP, right_arm=UP))
    assert motion is not None
    ways = np.abs(np.subtract(motion.points[0][1], list(elsewhere.values())))
    fastest = [joint.max_velocity for joint in robot_map.joints]
    assert (ways <= np.multiply(fastest, motion.duration_s) + 1e-9).all()


def test_a_demonstration_without_joint_states_stops_within_the_velocity_limit() -> None:
    scene = in_the_middle_of_a_demonstration()
    scene.tick(STATE_TIMEOUT_S + TICK, joint_states=False)
    assert scene.retargeter.unknown == scene.names
    assert scene.robot.speeds["left_shoulder_pitch_joint"] < -0.1
    scene.send(scene.retargeter.stop())
    scene.tick(2.0, joint_states=False)
    assert scene.robot.speeds["left_shoulder_pitch_joint"] == pytest.approx(0.0, abs=1e-3)
    assert scene.robot.violations == []
    assert not scene.retargeter.demonstrating


@pytest.mark.parametrize("mirror", [True, False])
def test_the_exercise_is_shown_mirrored_or_as_from_behind(mirror: bool) -> None:
    scene = Scene(robot(mirror=mirror))
    shown = prescribed_movement(LIBRARY.get("shoulder_flexion_left"))
    assert shown is not None
    scene.tick()
    raised = [posture(left_arm=FORWARD, right_arm=UP)]
    scene.follow(at_rate(raised * 25, 25.0))
    scene.retargeter.demonstrate(shown)  # the person is not followed now
    scene.follow(at_rate(raised * 100, 25.0, start=1.0))
    lowest = least(scene, raised * 150, start=5.0)
    moved, other = ("right", "left") if mirror else ("left", "right")
    assert lowest[f"{moved}_shoulder_pitch_joint"] == pytest.approx(-math.radians(150), abs=0.05)
    assert lowest[f"{other}_shoulder_pitch_joint"] == pytest.approx(0.0, abs=0.05)
    assert scene.robot.violations == []
    assert scene.retargeter.demonstrating
    scene.follow(at_rate(raised * 100, 25.0, start=11.0))
    assert not scene.retargeter.demonstrating


def test_stopping_ends_a_demonstration() -> None:
    scene = in_the_middle_of_a_demonstration()
    assert scene.retargeter.demonstrating
    scene.send(scene.retargeter.stop())
    scene.tick(0.5)
    stopped = dict(scene.robot.positions)
    assert stopped["left_shoulder_pitch_joint"] < -0.05
    scene.tick(3.0)
    assert scene.robot.positions == pytest.approx(stopped, abs=1e-3)
    assert not scene.retargeter.demonstrating


@pytest.mark.parametrize("name", LIBRARY.names)
def test_every_exercise_is_shown_to_its_target_or_not_at_all(name: str) -> None:
    exercise = LIBRARY.get(name)
    shown = prescribed_movement(exercise)
    motion, both = exercise.motion, exercise.side is ExerciseSide.BOTH
    arms, legs = ("shoulder_elevation", "elbow_angle"), ("knee_angle",) if both else ()
    if motion is None or exercise.lying or motion.measure not in (*arms, *legs):
        assert shown is None
        return
    assert shown is not None
    assert set(shown.angles) <= set(ANGLES)
    assert shown.at(0.0) == pytest.approx(shown.at(shown.duration_s), abs=1e-3)
    target = math.radians(exercise.primary.target)
    rises_from_bent = exercise.primary.measure == "knee_angle" and exercise.primary.sign > 0
    if "abduction" not in name and not rises_from_bent:
        elevation = exercise.primary.measure == "shoulder_elevation"
        peak = max(values.max() for values in shown.angles.values())
        assert peak == pytest.approx(target if elevation else math.pi - target, abs=1e-3)


def test_the_arms_of_the_example_robots_hang_and_point_as_the_person_does() -> None:
    for name in ("nao", "pepper"):
        robot_map = RobotMap.load(MAP_FILE.with_name(f"{name}.yaml"))
        hanging = {joint.name: joint.follow(0.0) for joint in robot_map.joints}
        assert hanging["LShoulderPitch"] == hanging["RShoulderPitch"] == pytest.approx(1.5708)
        forward = {j.name: j.follow(math.pi / 2) for j in robot_map.joints if "Pitch" in j.name}
        assert list(forward.values()) == pytest.approx([0.0, 0.0], abs=1e-4)
