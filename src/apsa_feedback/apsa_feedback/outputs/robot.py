"""The robot: follows the person's posture, underlines cues by gestures, and gets their text."""

from pathlib import Path

from builtin_interfaces.msg import Duration
from std_msgs.msg import String
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from apsa_feedback.cue import CueResult
from apsa_feedback.outputs.base import Output, OutputContext, View
from apsa_feedback.robot.joint_map import RobotMap
from apsa_feedback.robot.retarget import Motion, Retargeter
from apsa_perception.codes import SessionState
from apsa_perception.nodes.parameters import share_dir
from apsa_perception.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus


class RobotOutput(Output):
    """Publishes ``robot/joint_trajectory`` and ``robot/speech``.

    The robot moves only while the session runs and somebody is seen. Points carry no velocities:
    a controller then goes straight to the position in the time given, while a spline to rest
    would exceed the mean speed by half.

    Parameters: ``map`` (a file, or the name of an installed one).
    """

    def __init__(self, context: OutputContext) -> None:
        self._robot = RobotMap.load(_map_file(str(context.parameters["map"])))
        self._retargeter = Retargeter(self._robot)
        self._running = False
        # Not lifecycle publishers: the command to stop must get through at the very end, too.
        self._trajectories = context.node.create_publisher(
            JointTrajectory, "robot/joint_trajectory", 10
        )
        self._speech = context.node.create_publisher(String, "robot/speech", 10)
        self._node = context.node

    @classmethod
    def open(cls, context: OutputContext) -> "RobotOutput":
        """Read the joint map and create the publishers."""
        return cls(context)

    def show_cue(self, cue: CueResult) -> None:
        """Send the text and take the gesture of the cue."""
        self._speech.publish(String(data=cue.text))
        self._retargeter.gesture(cue.key)

    def show_view(self, view: View) -> None:
        """Follow the person who is judged."""
        body_id = view.live.body_id if view.live else 0
        person = next((s for s in view.skeletons if s.body_id == body_id), None)
        if person is None or not self._running:
            self.stop()
        else:
            self._publish(self._retargeter.step(view.stamp_ns, person))

    def show_event(
        self, event: RepetitionResult | QualityResult | ErrorSet | SessionStatus
    ) -> None:
        """Stop when the session does."""
        if isinstance(event, SessionStatus):
            self._running = event.state is SessionState.RUNNING
            if not self._running:
                self.stop()

    def stop(self) -> None:
        """Hold the robot where it is."""
        self._publish(self._retargeter.stop())

    def close(self) -> None:
        """Stop and destroy the publishers."""
        self.stop()
        self._node.destroy_publisher(self._trajectories)
        self._node.destroy_publisher(self._speech)

    def _publish(self, motion: Motion | None) -> None:
        if motion is None:
            return
        nanoseconds = round(motion.reach_s * 1e9)
        point = JointTrajectoryPoint(
            positions=list(motion.positions),
            time_from_start=Duration(sec=nanoseconds // 10**9, nanosec=nanoseconds % 10**9),
        )
        # An empty stamp asks the controller to begin at once.
        self._trajectories.publish(
            JointTrajectory(joint_names=[j.name for j in self._robot.joints], points=[point])
        )


def _map_file(name: str) -> Path:
    """Return the file given, or the installed one of that name."""
    installed = share_dir("apsa_feedback") / "config" / "robot"
    for path in (Path(name), installed / f"{name}.yaml"):
        if name and path.is_file():
            return path
    known = ", ".join(sorted(path.stem for path in installed.glob("*.yaml")))
    raise ValueError(f"there is no robot map '{name}'; allowed are a YAML file and {known}")
