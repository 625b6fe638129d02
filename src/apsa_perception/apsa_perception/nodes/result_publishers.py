"""The topics on which the assessment node publishes its results."""

from apsa_msgs.msg import ExerciseErrorArray, ExerciseQuality, Hold, Repetition, Session
from std_msgs.msg import Header

from apsa_perception.model.results import (
    AssessmentResult,
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.ros.conversion import header
from apsa_perception.ros.hold_conversion import hold_to_msg
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.qos import LATCHED, RESULTS, publisher
from apsa_perception.ros.result_conversion import errors_to_msg, quality_to_msg, repetition_to_msg
from apsa_perception.ros.session_conversion import session_to_msg


class ResultPublishers:
    """Publishes each result on its topic.

    Args:
        node: the node.
    """

    def __init__(self, node: CoachNode) -> None:
        self._node = node
        self._dropped = publisher(node, Header, "dropped", RESULTS)
        self._errors = publisher(node, ExerciseErrorArray, "errors", RESULTS)
        self._quality = publisher(node, ExerciseQuality, "quality", RESULTS)
        self._repetitions = publisher(node, Repetition, "repetitions", RESULTS)
        self._holds = publisher(node, Hold, "holds", RESULTS)
        self._session = publisher(node, Session, "session", LATCHED)

    def publish(self, result: AssessmentResult, frame_id: str) -> None:
        """Publish a result; its frame is that of the images it follows from."""
        match result:
            case RepetitionResult():
                self._repetitions.publish(repetition_to_msg(result, frame_id))
            case HoldResult():
                self._holds.publish(hold_to_msg(result, frame_id))
            case QualityResult():
                self._quality.publish(quality_to_msg(result, frame_id))
            case ErrorSet():
                self._errors.publish(errors_to_msg(result, frame_id))
            case SessionStatus():
                self._session.publish(session_to_msg(result, frame_id))

    def drop(self, stamp_ns: int, frame_id: str) -> None:
        """Publish that the frame of this stamp could not be used."""
        self._dropped.publish(header(stamp_ns, frame_id))

    def close(self) -> None:
        """Destroy the publishers."""
        results = (self._errors, self._quality, self._repetitions, self._holds, self._session)
        for endpoint in (*results, self._dropped):
            self._node.destroy_lifecycle_publisher(endpoint)
