"""A person, a simulated robot and movements for the tests of the robot output."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import yaml

from apsa_feedback.outputs.robot.joint_map import RobotMap
from apsa_feedback.outputs.robot.retargeter import Motion, Retargeter
from apsa_feedback.outputs.robot.simulator import SimulatedRobot
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.results import RepetitionResult
from apsa_perception.model.skeleton import FloatArray, Skeleton
from support.feedback_cases import CUE_FOLDER, ns, repetition
from support.paths import ROOT

TICK = 0.01
FPS = 25.0
OUT_S = 1.5
EXERCISE = "shoulder_forward_elevation"
LIBRARY = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
MAP_FILE = ROOT / "config" / "robot" / "generic_arms.yaml"

# A person who faces the camera, in its optical axes: x right, y down, z away.
FORWARD, LEFT, UP = np.array([0.0, 0, -1]), np.array([1.0, 0, 0]), np.array([0.0, -1, 0])


def posture(**arms: Any) -> Skeleton:
    """A standing person; ``left_arm`` and ``right_arm`` are unit vectors, elbows straight."""
    at = np.zeros((JOINT_COUNT, 3))
    at[Joint.SPINE], at[Joint.NECK], at[Joint.HEAD] = 0.25 * UP, 0.5 * UP, 0.7 * UP
    for side, out in (("LEFT", LEFT), ("RIGHT", -LEFT)):
        arm = np.asarray(arms.get(f"{side.lower()}_arm", -UP))
        at[Joint[f"{side}_SHOULDER"]] = 0.5 * UP + 0.2 * out
        at[Joint[f"{side}_ELBOW"]] = at[Joint[f"{side}_SHOULDER"]] + 0.3 * arm
        at[Joint[f"{side}_WRIST"]] = at[Joint[f"{side}_ELBOW"]] + 0.3 * arm
        at[Joint[f"{side}_HAND"]] = at[Joint[f"{side}_WRIST"]] + 0.1 * arm
        at[Joint[f"{side}_HIP"]] = 0.1 * out
        at[Joint[f"{side}_KNEE"]] = 0.1 * out - 0.4 * UP
        at[Joint[f"{side}_ANKLE"]] = 0.1 * out - 0.8 * UP
        at[Joint[f"{side}_FOOT"]] = 0.1 * out - 0.8 * UP + 0.2 * FORWARD
    return Skeleton(
        0,
        1,
        at,
        np.full((JOINT_COUNT, 2), np.nan),
        np.ones(JOINT_COUNT),
        np.ones(JOINT_COUNT, bool),
    )


def hide(skeleton: Skeleton, *joints: Joint) -> Skeleton:
    observed = skeleton.observed.copy()
    observed[list(joints)] = False
    return replace(skeleton, observed=observed)


def content() -> Any:
    return yaml.safe_load(MAP_FILE.read_text(encoding="utf-8"))


def robot(**changes: Any) -> RobotMap:
    return RobotMap.from_mapping({**content(), **changes})


def position(robot_map: RobotMap, motion: Motion | None, joint: str) -> float:
    assert motion is not None
    return motion.points[0][1][[each.name for each in robot_map.joints].index(joint)]


class Scene:
    """A retargeter and the simulated robot that it moves."""

    def __init__(self, robot_map: RobotMap, lag_s: float = 0.05) -> None:
        self.robot = SimulatedRobot(robot_map, lag_s)
        self.now_s = 0.0
        self.retargeter = Retargeter(robot_map, lambda: self.now_s)
        self.names = [joint.name for joint in robot_map.joints]
        self.track: list[list[float]] = []

    def send(self, motion: Motion | None) -> None:
        if motion is not None:
            self.robot.command(self.names, motion.points)

    def tick(self, seconds: float = TICK, *, joint_states: bool = True) -> None:
        for _ in range(round(seconds / TICK)):
            self.robot.step(TICK)
            self.now_s += TICK
            self.track.append(list(self.robot.positions.values()))
        if joint_states:
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


def arm(degrees: float, plane: FloatArray) -> FloatArray:
    """An upper arm raised so far in the plane of a direction."""
    return math.sin(math.radians(degrees)) * plane - math.cos(math.radians(degrees)) * UP


def raises(left: float, right: float, plane: FloatArray = FORWARD) -> list[Skeleton]:
    """Arms go up by so many degrees in the sagittal plane or another, and come down again."""
    share = np.sin(np.linspace(0.0, math.pi, round(2 * OUT_S * FPS))) ** 2
    other = plane * np.array([-1.0, 1.0, 1.0])
    return [
        posture(left_arm=arm(left * each, plane), right_arm=arm(right * each, other))
        for each in share
    ]


def done(target: float = 150.0, side: Side = Side.BOTH) -> RepetitionResult:
    """A repetition from 0 s to the end of a raise."""
    first = repetition(2 * OUT_S, 1)[0]
    assert isinstance(first, RepetitionResult)
    return replace(
        first, exercise=EXERCISE, start_ns=0, measure="shoulder_elevation", side=side,
        target_value=target,
    )  # fmt: skip
