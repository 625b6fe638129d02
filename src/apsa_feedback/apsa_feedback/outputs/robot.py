"""The robot: follows or shows the movement, underlines cues by gestures, and gets their text."""

import math
from pathlib import Path

from sensor_msgs.msg import JointState
from std_msgs.msg import String
from std_srvs.srv import Trigger

from apsa_feedback.cue import CueResult
from apsa_feedback.outputs.base import Output, OutputContext, View
from apsa_feedback.outputs.robot_link import LINKS, Link
from apsa_feedback.robot.demonstration import demonstration
from apsa_feedback.robot.joint_map import RobotMap
from apsa_feedback.robot.retarget import Motion, Retargeter
from apsa_perception.codes import SessionState
from apsa_perception.nodes.parameters import share_dir
from apsa_perception.nodes.qos import IMAGES
from apsa_perception.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus


class RobotOutput(Output):
    """Sends joint trajectories and publishes ``robot/speech``; listens to ``robot/joint_states``.

    The robot moves only while the session runs and somebody is seen. Where it stands is taken
    from the joint states. Without them it goes home first, slowly; a stop on that way is a
    trajectory without points (or a cancelled goal), because there is no place known to hold.

    The service ``robot/demonstrate`` (std_srvs/Trigger), or a cue named in ``demonstrate_on``,
    has the robot show the exercise once, before it goes on following.

    Parameters: ``map`` (a file, or the name of an installed one), ``interface`` (topic, action),
    ``demonstrate_on`` (keys of cues).
    """

    def __init__(self, context: OutputContext) -> None:
        values = context.parameters
        self._robot = RobotMap.load(map_file(str(values["map"])))
        self._retargeter = Retargeter(self._robot)
        self._exercises = context.exercises
        self._demonstrate_on = [str(key) for key in values["demonstrate_on"]]  # type: ignore[union-attr]
        self._session: SessionStatus | None = None
        self._node = node = context.node
        joints = [joint.name for joint in self._robot.joints]
        self._link: Link = LINKS[str(values["interface"])](node, joints)
        # Not a lifecycle publisher: what is said when the node stops must get through, too.
        self._speech = node.create_publisher(String, "robot/speech", 10)
        self._states = node.create_subscription(
            JointState, "robot/joint_states", self._on_joint_states, IMAGES
        )
        self._service = node.create_service(Trigger, "robot/demonstrate", self._on_demonstrate)

    @classmethod
    def open(cls, context: OutputContext) -> "RobotOutput":
        """Read the joint map and connect to the robot."""
        return cls(context)

    def show_cue(self, cue: CueResult) -> None:
        """Send the text, take the gesture of the cue, and show the exercise if it asks for it."""
        self._speech.publish(String(data=cue.text))
        self._retargeter.gesture(cue.key)
        if cue.key in self._demonstrate_on:
            self._demonstrate()

    def show_view(self, view: View) -> None:
        """Follow the person who is judged."""
        body_id = view.live.body_id if view.live else 0
        person = next((s for s in view.skeletons if s.body_id == body_id), None)
        if person is None or not self._running:
            self.stop()
        else:
            self._send(self._retargeter.step(view.stamp_ns, person))

    def show_event(
        self, event: RepetitionResult | QualityResult | ErrorSet | SessionStatus
    ) -> None:
        """Stop when the session does."""
        if isinstance(event, SessionStatus):
            self._session = event
            if not self._running:
                self.stop()

    def stop(self) -> None:
        """Hold the robot where it is."""
        self._send(self._retargeter.stop())

    def close(self) -> None:
        """Stop and destroy what belongs to the node."""
        self.stop()
        self._link.close()
        self._node.destroy_publisher(self._speech)
        self._node.destroy_subscription(self._states)
        self._node.destroy_service(self._service)

    @property
    def _running(self) -> bool:
        return self._session is not None and self._session.state is SessionState.RUNNING

    def _demonstrate(self) -> str:
        """Begin to show the exercise; return why not, or nothing."""
        name = self._session.exercise if self._session else ""
        if not self._running:
            return "the session does not run; start it first"
        exercise = self._exercises.known(name) if self._exercises else None
        if exercise is None:
            return f"the exercise '{name}' is not known here"
        slowest = min(joint.max_velocity for joint in self._robot.joints)
        shown = demonstration(exercise, slowest)
        if shown is None:
            return f"the exercise '{name}' cannot be shown by a robot"
        self._retargeter.demonstrate(shown)
        return ""

    def _on_demonstrate(self, _: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        response.message = self._demonstrate()
        response.success = not response.message
        return response

    def _on_joint_states(self, message: JointState) -> None:
        pairs = zip(message.name, message.position, strict=False)
        self._retargeter.measured({name: at for name, at in pairs if math.isfinite(at)})

    def _send(self, motion: Motion | None) -> None:
        if motion is not None:
            self._link.send(motion)


def map_file(name: str) -> Path:
    """Return the file given, or the installed one of that name."""
    installed = share_dir("apsa_feedback") / "config" / "robot"
    for path in (Path(name), installed / f"{name}.yaml"):
        if name and path.is_file():
            return path
    known = ", ".join(sorted(path.stem for path in installed.glob("*.yaml")))
    raise ValueError(f"there is no robot map '{name}'; allowed are a YAML file and {known}")
