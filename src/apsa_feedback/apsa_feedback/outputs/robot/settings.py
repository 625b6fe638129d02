"""Settings of the robot output."""

from dataclasses import dataclass

from apsa_perception.model.settings import check, setting


@dataclass(frozen=True)
class RobotSettings:
    """Which robot it is, and how it is reached."""

    map: str = setting(
        "generic_arms", "joint map: a YAML file, or the name of an installed one in config/robot"
    )
    interface: str = setting(
        "topic",
        "topic: trajectory_msgs/JointTrajectory; action: control_msgs/FollowJointTrajectory",
        choices=("topic", "action"),
    )
    controller: str = setting("robot", "first part of the name of the controller's topic or action")
    joint_states: str = setting(
        "robot/joint_states", "topic with the positions of the robot's joints; required"
    )
    demonstrate_on: tuple[str, ...] = setting(
        ("",), "keys of cues on which the robot demonstrates the movement; [''] for none"
    )
    references_dir: str = setting("", "folder of recorded reference movements; empty: none")

    def __post_init__(self) -> None:
        check(self)
