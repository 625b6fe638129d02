"""The feedback node on a bench, and a peer that plays the assessment and listens."""

from typing import Any

from apsa_msgs.msg import (
    Cue,
    ExerciseErrorArray,
    ExerciseQuality,
    Repetition,
    Session,
    SkeletonArray,
)

from apsa_feedback.nodes.feedback_node import FeedbackNode
from apsa_feedback.stream.events import Event, SkeletonFrame
from apsa_perception.model.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.qos import LATCHED, RESULTS
from apsa_perception.ros.result_conversion import (
    errors_to_msg,
    quality_to_msg,
    repetition_to_msg,
)
from apsa_perception.ros.session_conversion import session_to_msg
from support.bench import Bench

FRAME = "camera_optical_frame"
TOPICS = {
    "skeletons": SkeletonArray,
    "errors": ExerciseErrorArray,
    "quality": ExerciseQuality,
    "repetitions": Repetition,
    "session": Session,
}


class Stage:
    """Publishes results as the assessment does, and collects the cues.

    Args:
        bench: where the nodes spin.
        parameters: of the feedback node; the output is ``lamp`` unless they say otherwise.
    """

    def __init__(self, bench: Bench, **parameters: Any) -> None:
        self.bench, self.peer = bench, bench.peer
        self.spin_until, self.spin_for = bench.spin_until, bench.spin_for
        self.node = bench.add(
            FeedbackNode, **{"outputs": ["lamp"], "robot.map": "generic_arms", **parameters}
        )
        self.cues: list[Cue] = []
        self.peer.create_subscription(Cue, "cue", self.cues.append, RESULTS)
        self.publishers = {
            topic: self.peer.create_publisher(
                kind, topic, LATCHED if topic == "session" else RESULTS
            )
            for topic, kind in TOPICS.items()
        }

    def start(self) -> Any:
        """Activate the node, wait for the match, return the lamp."""
        self.node.start()
        self.spin_until(
            lambda: (
                self.peer.count_publishers("cue") > 0
                and all(p.get_subscription_count() for p in self.publishers.values())
            )
        )
        lamps = __import__("lamp_output").LampOutput.opened
        return lamps[-1] if lamps else None

    def publish(self, event: Event) -> None:
        """Publish a result as its message."""
        match event:
            case SkeletonFrame():
                stamp = header(event.stamp_ns, FRAME)
                message = skeletons_to_msg(event.skeletons, stamp, (640, 480), "test")
                self.publishers["skeletons"].publish(message)
            case ErrorSet():
                self.publishers["errors"].publish(errors_to_msg(event, FRAME))
            case QualityResult():
                self.publishers["quality"].publish(quality_to_msg(event, FRAME))
            case RepetitionResult():
                self.publishers["repetitions"].publish(repetition_to_msg(event, FRAME))
            case SessionStatus():
                self.publishers["session"].publish(session_to_msg(event, FRAME))

    def play(self, *events: Event) -> None:
        """Publish results in turn, the node running meanwhile."""
        for event in events:
            self.publish(event)
            self.spin_for(0.01)

    def said(self) -> list[str]:
        """Keys of the cues so far."""
        return [cue.key for cue in self.cues]
