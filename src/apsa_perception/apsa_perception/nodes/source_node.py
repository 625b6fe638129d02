"""What both sources have in common: pacing, lossless delivery, and the end of the session."""

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from apsa_msgs.msg import ExerciseErrorArray
from apsa_msgs.srv import StopSession
from rclpy.subscription import Subscription

from apsa_perception.bringup.node_settings import SourceSettings
from apsa_perception.ros.conversion import to_ns
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.qos import RESULTS, subscription

ANSWER_LIMIT_S = 2.0
FIRST_FRAME_TRIES = 5
"""A best-effort subscriber may be known to this publisher before it knows the publisher."""
UNANSWERED_LIMIT = 3
"""This many frames in a row without an answer mean that no assessment runs."""
LINGER_S = 0.5
"""Time for the last messages to reach their subscribers: a launch ends with its source."""


class SourceNode(CoachNode):
    """Publishes recorded frames from its own thread, then ends the session.

    A subclass implements ``play``, which calls ``pace`` and ``deliver`` for each frame and returns
    at the end of the recording.
    """

    settings: SourceSettings

    def configure(self) -> None:
        self._stopping = threading.Event()
        self._answer = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stop_session = self.create_client(StopSession, "stop_session")

    def activate(self) -> None:
        self._stopping.clear()
        self.done = False
        self._answered_ns = -1
        self._missed = 0
        self._unanswered: tuple[int, Callable[[], None]] | None = None
        self._start: tuple[float, int] | None = None
        self._errors = subscription(self, ExerciseErrorArray, "errors", self._on_errors, RESULTS)

    def begin(self) -> Sequence[Subscription]:
        self._thread = threading.Thread(target=self._run, name=self.NAME, daemon=True)
        self._thread.start()
        return ()

    def deactivate(self) -> None:
        self._stopping.set()
        with self._answer:
            self._answer.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=ANSWER_LIMIT_S + 1.0)
        self.destroy_subscription(self._errors)

    def cleanup(self) -> None:
        self.destroy_client(self._stop_session)

    def play(self) -> None:
        """Publish the recording once."""
        raise NotImplementedError

    @property
    def stopping(self) -> bool:
        """Whether the node was asked to stop."""
        return self._stopping.is_set()

    def pace(self, stamp_ns: int) -> None:
        """Wait until a frame is due in real time, measured from the first frame."""
        rate = self.settings.rate
        now = time.monotonic()
        if self._start is None:
            self._start = (now, stamp_ns)
        if rate > 0.0:
            due = self._start[0] + (stamp_ns - self._start[1]) * 1e-9 / rate
            self._stopping.wait(max(0.0, due - now))

    def deliver(self, stamp_ns: int, publish: Callable[[], None]) -> None:
        """Publish a frame after the errors of the previous one were published.

        It waits first, so that a frame is read while the previous one is judged.
        """
        self._wait_for_answer()
        publish()
        self._unanswered = (stamp_ns, publish)

    def _wait_for_answer(self) -> None:
        heard = self._missed < UNANSWERED_LIMIT
        if self._unanswered is None or not self.settings.lossless or not heard:
            return
        stamp_ns, publish = self._unanswered
        asked = time.monotonic()
        tries = FIRST_FRAME_TRIES if self._answered_ns < 0 and not self._missed else 1
        while not self._answered(stamp_ns):
            tries -= 1
            if not tries:
                self._miss(stamp_ns, time.monotonic() - asked)
                return
            publish()
        self._unanswered = None

    def _miss(self, stamp_ns: int, waited_s: float) -> None:
        self._missed += 1
        if self._start is not None:
            # Frames that catch up would replace each other in the queue.
            self._start = (self._start[0] + waited_s, self._start[1])
        last = self._missed == UNANSWERED_LIMIT
        then = "from now on frames are published without waiting" if last else "it is skipped"
        self.get_logger().warning(
            f"the frame at {stamp_ns * 1e-9:.3f} s was not assessed within "
            f"{ANSWER_LIMIT_S:g} s; {then}"
        )

    def _answered(self, stamp_ns: int) -> bool:
        with self._answer:
            return self._answer.wait_for(
                lambda: self._answered_ns == stamp_ns or self.stopping, ANSWER_LIMIT_S
            )

    def _on_errors(self, message: ExerciseErrorArray) -> None:
        if message.scope != ExerciseErrorArray.LIVE:
            return
        with self._answer:
            self._answered_ns = to_ns(message.header.stamp)
            self._missed = 0
            self._answer.notify_all()

    def _run(self) -> None:
        try:
            self.play()
            while self.settings.loop and not self.stopping:
                self.play()
            self._wait_for_answer()
        except ValueError as error:
            self.failure = str(error)
            self.get_logger().error(self.failure)
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"
            self.get_logger().error(traceback.format_exc())
        if not self.stopping:
            self._end_session()
            self.done = True

    def _end_session(self) -> None:
        if not self._stop_session.service_is_ready():
            return
        done = threading.Event()
        future: Any = self._stop_session.call_async(StopSession.Request())
        future.add_done_callback(lambda _: done.set())
        done.wait(ANSWER_LIMIT_S)
        self._stopping.wait(LINGER_S)
