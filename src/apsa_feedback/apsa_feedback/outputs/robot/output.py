"""The robot: follows or demonstrates the movement, adds gestures to cues, gets their text."""

import math
from pathlib import Path

from rclpy.exceptions import InvalidTopicNameException
from rclpy.validate_topic_name import validate_topic_name
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from std_srvs.srv import Trigger

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_keys import PLACEHOLDERS
from apsa_feedback.outputs.base import VIEW_LOST_S, Output, OutputContext
from apsa_feedback.outputs.robot.joint_map import RobotMap
from apsa_feedback.outputs.robot.link import LINKS, TOPIC, Link
from apsa_feedback.outputs.robot.movement_chooser import MovementChooser
from apsa_feedback.outputs.robot.once_logger import OnceLogger
from apsa_feedback.outputs.robot.retargeter import STATE_TIMEOUT_S, Retargeter
from apsa_feedback.outputs.robot.settings import RobotSettings
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.views import View
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import SessionState
from apsa_perception.model.paths import path_of, path_or_none, share_dir
from apsa_perception.model.results import SessionStatus
from apsa_perception.model.time import to_nanoseconds
from apsa_perception.ros.qos import IMAGES


class RobotOutput(Output):
    """Sends joint trajectories; publishes ``robot/speech`` and ``robot/gesture``.

    Robots with their own voice or animations take the text and the key of each cue from these.

    The robot moves only while the session runs, a person is seen, and joint states arrive for all
    its joints. It stops after ``STATE_TIMEOUT_S`` without joint states, and after ``VIEW_LOST_S``
    without a person.

    The service ``robot/demonstrate`` (std_srvs/Trigger), or a cue named in ``demonstrate_on``,
    makes the robot show a movement once before it continues to follow the person: the last
    repetition without its errors, or the reference. The response says which.
    """

    SETTINGS = RobotSettings

    def __init__(self, context: OutputContext) -> None:
        settings: RobotSettings = context.settings
        _check(settings)
        self._node = node = context.node
        self._robot = RobotMap.load(map_file(settings.map))
        self._retargeter = Retargeter(self._robot)
        self._chooser = MovementChooser(
            self._retargeter.followed,
            context.exercises or ExerciseLibrary(),
            path_or_none(settings.references_dir),
        )
        self._log = context.log
        self._unknown = OnceLogger(self._log)
        self._demonstrate_on = settings.demonstrate_on
        self._session: SessionStatus | None = None
        self._seen_ns = 0
        self._sees_person = False
        joints = [joint.name for joint in self._robot.joints]
        self._link: Link = LINKS[settings.interface](node, settings.controller, joints, self._log)
        # Not a lifecycle publisher: the last cue must also be sent while the node deactivates.
        self._speech = node.create_publisher(String, "robot/speech", 10)
        self._gesture = node.create_publisher(String, "robot/gesture", 10)
        self._states = node.create_subscription(
            JointState, settings.joint_states, self._on_joint_states, IMAGES
        )
        self._service = node.create_service(Trigger, "robot/demonstrate", self._on_demonstrate)

    @classmethod
    def open(cls, context: OutputContext) -> "RobotOutput":
        """Read the joint map and connect to the robot."""
        return cls(context)

    def show_cue(self, cue: CueResult) -> None:
        """Send text and key of the cue, make its gesture, and demonstrate if it asks for that."""
        self._speech.publish(String(data=cue.text))
        self._gesture.publish(String(data=cue.key))
        self._retargeter.gesture(cue.key)
        if cue.key in self._demonstrate_on:
            try:
                self._log(f"robot: {self._demonstrate()}")
            except ValueError as error:
                self._log(f"robot: {error}")

    def show_view(self, view: View) -> None:
        """Follow the person who is judged."""
        body_id = view.live.body_id if view.live else 0
        person = next((s for s in view.skeletons if s.body_id == body_id), None)
        self._sees_person = person is not None
        if person is None or not self._running:
            unseen_ns = view.stamp_ns - self._seen_ns
            if not self._running or not 0 <= unseen_ns < to_nanoseconds(VIEW_LOST_S):
                self.stop()
            return
        self._seen_ns = view.stamp_ns
        self._chooser.add_posture(view.stamp_ns, person)
        unknown = self._unknown_sentence()
        self._unknown.update(unknown)
        if unknown:
            self.stop()
            return
        motion = self._retargeter.step(view.stamp_ns, person)
        if motion is not None:
            self._link.send(motion)

    def lose_view(self) -> None:
        """Stop: the person is no longer seen."""
        self._sees_person = False
        self.stop()

    def show_event(self, event: OutputEvent) -> None:
        """Take an event; stop when the session stops."""
        self._chooser.show_event(event)
        if isinstance(event, SessionStatus):
            self._session = event
            if not self._running:
                self.stop()

    def stop(self) -> None:
        """Hold the robot at its present position."""
        motion = self._retargeter.stop()
        if motion is not None:
            self._link.stop(motion)

    def close(self) -> None:
        """Stop, and destroy publishers, subscriptions and services."""
        self.stop()
        self._link.close()
        self._node.destroy_publisher(self._speech)
        self._node.destroy_publisher(self._gesture)
        self._node.destroy_subscription(self._states)
        self._node.destroy_service(self._service)

    @property
    def _running(self) -> bool:
        return self._session is not None and self._session.state is SessionState.RUNNING

    def _demonstrate(self) -> str:
        """Start a demonstration and return its description; ``ValueError`` says why not."""
        if not self._running or self._session is None:
            raise ValueError("the session is not running; start it first")
        unknown = self._unknown_sentence()
        if unknown:
            raise ValueError(unknown)
        if not self._sees_person:
            raise ValueError("nobody is seen; step into view of the camera first")
        movement, what = self._chooser.choose(self._session.exercise)
        self._retargeter.demonstrate(movement)
        return f"showing {what}"

    def _unknown_sentence(self) -> str:
        """Return which joint states are missing; empty if there are none."""
        joints = ", ".join(self._retargeter.unknown)
        return joints and (
            f"it does not move without joint states on {self._states.topic_name} at least every "
            f"{STATE_TIMEOUT_S:g} s; missing: {joints}"
        )

    def _on_demonstrate(self, _: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        try:
            response.message = self._demonstrate()
            response.success = True
        except ValueError as error:
            response.success, response.message = False, str(error)
        return response

    def _on_joint_states(self, message: JointState) -> None:
        pairs = zip(message.name, message.position, strict=False)
        self._retargeter.measured({name: at for name, at in pairs if math.isfinite(at)})


def _check(settings: RobotSettings) -> None:
    """Check the settings before publishers are created.

    Raises:
        ValueError: one sentence says which parameter is wrong and what is allowed.
    """
    for key in settings.demonstrate_on:
        if key and key not in PLACEHOLDERS:
            raise ValueError(
                f"robot.demonstrate_on has '{key}'; expected keys of cues: "
                f"{', '.join(PLACEHOLDERS)}"
            )
    for name, value, ending in (
        ("joint_states", settings.joint_states, ""),
        ("controller", settings.controller, f"/{TOPIC}"),
    ):
        try:
            validate_topic_name(f"{value}{ending}")
        except InvalidTopicNameException:
            raise ValueError(
                f"robot.{name} is '{value}', which is not a valid topic name; expected "
                "letters, digits and '_' in parts that do not start with a digit, joined by '/'"
            ) from None


def map_file(name: str) -> Path:
    """Return the path of a joint map: the given file, or the installed map of that name."""
    installed = share_dir("apsa_feedback") / "config" / "robot"
    for path in (path_of(name), installed / f"{name}.yaml"):
        if name and path.is_file():
            return path
    known = ", ".join(sorted(path.stem for path in installed.glob("*.yaml")))
    raise ValueError(f"there is no robot map '{name}'; expected a YAML file or one of {known}")
