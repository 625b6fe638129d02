"""A peer of the assessment node: publishes skeletons, calls its services and hears its results."""

from typing import Any

from apsa_msgs.msg import ExerciseErrorArray, Repetition, Session, SkeletonArray

from apsa_perception.ros.qos import LATCHED, RESULTS
from support.bench import Bench


class Peer:
    """Publishes skeletons and collects what the node says."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.errors: list[ExerciseErrorArray] = []
        self.repetitions: list[Repetition] = []
        self.sessions: list[Session] = []
        node = bench.peer
        self.skeletons = node.create_publisher(SkeletonArray, "skeletons", RESULTS)
        node.create_subscription(ExerciseErrorArray, "errors", self.errors.append, RESULTS)
        node.create_subscription(Repetition, "repetitions", self.repetitions.append, RESULTS)
        node.create_subscription(Session, "session", self.sessions.append, LATCHED)
        bench.spin_until(lambda: self.skeletons.get_subscription_count() == 1)

    def live(self) -> list[ExerciseErrorArray]:
        """Error sets of frames."""
        return [message for message in self.errors if message.scope == ExerciseErrorArray.LIVE]

    def play(self, messages: list[SkeletonArray]) -> None:
        """Publish messages, each after the answer to the one before."""
        for message in messages:
            known = len(self.live())
            self.skeletons.publish(message)
            self._bench.spin_until(lambda known=known: len(self.live()) > known)

    def call(self, kind: Any, name: str, /, **request: Any) -> Any:
        """Call a service."""
        client = self._bench.peer.create_client(kind, name)
        self._bench.spin_until(client.service_is_ready)
        future = client.call_async(kind.Request(**request))
        self._bench.spin_until(future.done)
        return future.result()
