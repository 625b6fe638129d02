"""The robot as it moves: a simulated one with lag shows what the commands lead to."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from feedback_cases import CUE_FOLDER, ns
from test_robot import FORWARD, MAP_FILE, UP, posture, robot

from apsa_feedback.robot.angles import ANGLES
from apsa_feedback.robot.demonstration import demonstration
from apsa_feedback.robot.joint_map import RobotMap
from apsa_feedback.robot.retarget import Motion, Retargeter
from apsa_feedback.robot.simulator import SimulatedRobot
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.skeleton.types import Skeleton

LIBRARY = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
TICK = 0.01


class Scene:
    """A retargeter and the robot it moves; the robot tells where it is unless it is mute."""

    def __init__(self, robot_map: RobotMap, mute: bool = False, lag_s: float = 0.05) -> None:
        self.robot = SimulatedRobot(robot_map, lag_s)
        self.retargeter = Retargeter(robot_map)
        self.mute = mute
        self.names = [joint.name for joint in robot_map.joints]
        self.track: list[list[float]] = []

    def send(self, motion: Motion | None) -> None:
        if motion is not None:
            points = [(motion.reach_s, motion.positions)] if motion.positions else []
            self.robot.command(self.names, points)

    def tick(self, seconds: float = TICK) -> None:
        for _ in range(round(seconds / TICK)):
            self.robot.step(TICK)
            self.track.append(list(self.robot.positions.values()))
        if not self.mute:
            self.retargeter.measured(self.robot.positions)

    def follow(self, frames: Iterator[tuple[float, Skeleton]]) -> None:
        """Show the frames at their times."""
        last = None
        for at, skeleton in frames:
            self.tick(0.0 if last is None else at - last)
            last = at
            self.send(self.retargeter.step(ns(at), skeleton))


def at_rate(postures: list[Skeleton], fps: float, start: float = 0.0) -> Iterator[tuple]:
    return ((start + i / fps, each) for i, each in enumerate(postures))


def flailing(count: int) -> list[Skeleton]:
    noise = np.random.default_rng(3)
    arms = [vector / np.linalg.norm(vector) for vector in noise.normal(size=(count, 3))]
    return [posture(left_arm=arm, right_arm=-arm) for arm in arms for _ in range(7)]


@pytest.mark.parametrize("name", ["generic_arms", "nao", "pepper"])
@pytest.mark.parametrize("fps", [25.0, 10.0, 2.0])
@pytest.mark.parametrize("mute", [True, False])
def test_no_joint_ever_exceeds_its_limits_or_speed(name: str, fps: float, mute: bool) -> None:
    robot_map = RobotMap.load(MAP_FILE.with_name(f"{name}.yaml"))
    scene = Scene(robot_map, mute)
    scene.tick(TICK)
    scene.follow(at_rate(flailing(40), fps))
    scene.send(scene.retargeter.stop())
    scene.tick(1.0)
    assert scene.robot.violations == []
    track = np.array(scene.track)
    assert np.ptp(track, axis=0).max() > 0.4
    speeds = np.abs(np.diff(track, axis=0)).max(axis=0) / TICK
    assert (speeds <= [joint.max_velocity * 1.001 for joint in robot_map.joints]).all()


def test_a_recording_that_is_played_fast_does_not_drive_the_robot_fast() -> None:
    scene = Scene(robot())
    scene.tick(TICK)
    for at, skeleton in at_rate(flailing(40), 25.0):
        scene.tick(TICK)  # four times as fast as the stamps say
        scene.send(scene.retargeter.step(ns(at), skeleton))
    assert scene.robot.violations == []


def test_the_simulator_does_notice_what_is_too_fast_or_too_far() -> None:
    scene = Scene(robot(), lag_s=0.0)
    joint = scene.names[0]
    scene.robot.command([joint], [(0.1, [-2.0])])
    scene.tick(0.2)
    assert "rad/s" in scene.robot.violations[0]
    scene.robot.command([joint], [(5.0, [9.0])])
    assert scene.robot.violations[-1] == f"{joint} to 9.000; allowed are -2.6 to 0.6"
    with pytest.raises(ValueError, match="unknown joints tail"):
        scene.robot.command(["tail"], [(1.0, [0.0])])
    with pytest.raises(ValueError, match="each point needs a position"):
        scene.robot.command([joint], [(1.0, [0.0, 1.0])])


@pytest.mark.parametrize("mute", [True, False])
def test_stopping_stops_the_robot_also_on_its_way_home(mute: bool) -> None:
    scene = Scene(robot(), mute)
    away = {name: joint.low for name, joint in zip(scene.names, robot().joints, strict=True)}
    scene.robot.command(list(away), [(3.0, list(away.values()))])
    scene.tick(4.0)
    scene.follow(at_rate([posture()] * 10, 10.0))
    scene.send(scene.retargeter.stop())
    scene.tick(0.3)
    stopped = list(scene.robot.positions.values())
    scene.tick(5.0)
    home = [joint.home for joint in robot().joints]
    assert np.allclose(list(scene.robot.positions.values()), stopped, atol=1e-3)
    assert not np.allclose(stopped, home, atol=0.05)
    scene.follow(at_rate([posture()] * 100, 10.0, start=20.0))
    assert scene.robot.violations == []
    assert scene.robot.positions["left_elbow_joint"] == pytest.approx(0.0, abs=0.02)


def test_a_robot_whose_place_is_known_follows_at_once_from_there() -> None:
    retargeter = Retargeter(robot(mirror=False))
    place = {joint.name: joint.low for joint in robot().joints}
    retargeter.measured({**place, "wheel": 3.0})
    first = retargeter.step(ns(5.0), posture())
    assert first is not None
    assert first.positions == tuple(place.values())


def test_a_robot_beyond_its_limits_is_led_back_slowly() -> None:
    retargeter = Retargeter(robot())
    retargeter.measured({joint.name: joint.high + 0.3 for joint in robot().joints})
    motion = retargeter.step(0, posture())
    assert motion is not None
    assert motion.positions == tuple(joint.high for joint in robot().joints)
    assert motion.reach_s == pytest.approx(0.3 / 1.5)
    assert retargeter.step(ns(0.1), posture()) is None


@pytest.mark.parametrize("mirror", [True, False])
def test_the_exercise_is_shown_mirrored_or_as_from_behind(mirror: bool) -> None:
    scene = Scene(robot(mirror=mirror))
    shown = demonstration(LIBRARY.get("shoulder_flexion_left"), 1.5)
    assert shown is not None
    scene.tick(TICK)
    scene.follow(at_rate([posture()] * 10, 25.0))
    scene.retargeter.demonstrate(shown)
    raised = posture(left_arm=FORWARD, right_arm=UP)  # what the person does is not followed now
    scene.track.clear()
    scene.follow(at_rate([raised] * round(25 * shown.duration_s), 25.0, start=1.0))
    lowest = dict(zip(scene.names, np.array(scene.track).min(axis=0), strict=True))
    moved, other = ("right", "left") if mirror else ("left", "right")
    assert lowest[f"{moved}_shoulder_pitch_joint"] == pytest.approx(-math.radians(150), abs=0.15)
    assert lowest[f"{other}_shoulder_pitch_joint"] == pytest.approx(0.0, abs=0.05)
    assert scene.robot.violations == []
    assert scene.retargeter.demonstrating
    scene.follow(at_rate([posture()] * 50, 25.0, start=40.0))
    assert not scene.retargeter.demonstrating


def test_stopping_ends_a_demonstration() -> None:
    retargeter = Retargeter(robot())
    shown = demonstration(LIBRARY.get("arm_raise"), 1.5)
    assert shown is not None
    retargeter.demonstrate(shown)
    retargeter.stop()
    assert not retargeter.demonstrating


@pytest.mark.parametrize("name", LIBRARY.names)
def test_every_exercise_is_shown_to_its_target_or_not_at_all(name: str) -> None:
    exercise = LIBRARY.get(name)
    shown = demonstration(exercise, 2.0)
    if exercise.primary.measure not in ("shoulder_elevation", "elbow_angle", "knee_angle"):
        assert shown is None
        return
    assert shown is not None
    assert set(shown.peak) <= set(ANGLES)
    times = np.linspace(0.0, shown.duration_s, 500)
    path = np.array([list(shown.at(t).values()) for t in times])
    assert np.allclose(path[0], path[-1])
    assert np.abs(np.diff(path, axis=0)).max() / (times[1]) <= 1.0  # half of the allowed
    target = math.radians(exercise.primary.target)
    if "abduction" not in name and not shown.seated:
        elevation = exercise.primary.measure == "shoulder_elevation"
        assert path.max() == pytest.approx(target if elevation else math.pi - target, abs=1e-3)


def test_the_arms_of_the_example_robots_hang_and_point_as_the_person_does() -> None:
    for name in ("nao", "pepper"):
        robot_map = RobotMap.load(MAP_FILE.with_name(f"{name}.yaml"))
        hanging = {joint.name: joint.follow(0.0) for joint in robot_map.joints}
        assert hanging["LShoulderPitch"] == hanging["RShoulderPitch"] == pytest.approx(1.5708)
        forward = {j.name: j.follow(math.pi / 2) for j in robot_map.joints if "Pitch" in j.name}
        assert list(forward.values()) == pytest.approx([0.0, 0.0], abs=1e-4)
