"""What both sources have in common: pacing, lossless delivery, and the end of the session."""

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from apsa_msgs.msg import ExerciseErrorArray
from apsa_msgs.srv import StopSession
from rclpy.subscription import Subscription
from std_msgs.msg import Bool, Header

from apsa_perception.bringup.node_settings import SourceSettings
from apsa_perception.model.time import to_seconds
from apsa_perception.ros.conversion import to_ns
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.qos import LATCHED, RESULTS, subscription
from apsa_perception.ros.stamp_bytes import read_stamp
from apsa_perception.sources.errors import SourceError

ANSWER_LIMIT_S = 2.0
FIRST_FRAME_TRIES = 5
"""A best-effort subscriber may be known to this publisher before it knows the publisher."""
UNANSWERED_LIMIT = 3
"""After this many frames in a row without an answer, and without an assessment node in the graph,
frames are published without waiting."""
LONGEST_PAUSE_S = 1.0
"""Longest pause between two frames in seconds of the recording, also after a wrong stamp."""
LINGER_S = 0.5
"""Time for the last messages to reach their subscribers: a launch ends with its source."""
QUESTIONS_LIMIT_S = 120.0
"""Longest time for the answers about the last set: a page may be open with nobody before it."""


class _Frames:
    """Counts frames by their stamps; of those that follow each other with the same one, one."""

    def __init__(self) -> None:
        self.count = 0
        self._last_ns: int | None = None

    def add(self, stamp_ns: int) -> None:
        """Count a frame."""
        self.count += stamp_ns != self._last_ns
        self._last_ns = stamp_ns


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
        self._awaited_ns = 0
        self._has_answer = self._heard = False
        self._is_asking = False
        self._delivered = 0
        self._assessed, self._dropped = _Frames(), _Frames()
        self._missed = 0
        self._unanswered: tuple[int, Callable[[], None]] | None = None
        self._due: float | None = None
        self._paced_ns = 0
        self._answers = (
            subscription(
                self, ExerciseErrorArray, "errors", self._on_errors, RESULTS, serialized=True
            ),
            subscription(self, Header, "dropped", self._on_dropped, RESULTS),
            subscription(self, Bool, "asking", self._on_asking, LATCHED),
        )

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
        for each in self._answers:
            self.destroy_subscription(each)

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
        """Wait until a frame is due in real time, measured from the previous frame.

        A wrong stamp, or a long gap, costs at most ``LONGEST_PAUSE_S``.
        """
        rate = self.settings.rate
        now = time.monotonic()
        if self._due is None:
            self._due, self._paced_ns = now, stamp_ns
        if rate > 0.0:
            step_s = to_seconds(stamp_ns - self._paced_ns)
            self._due += min(max(0.0, step_s), LONGEST_PAUSE_S) / rate
            self._stopping.wait(max(0.0, self._due - now))
        self._paced_ns = stamp_ns

    def deliver(self, stamp_ns: int, publish: Callable[[], None]) -> None:
        """Publish a frame after the previous one was assessed or dropped.

        It waits first, so that a frame is read while the previous one is judged.
        """
        self._wait_for_answer()
        with self._answer:
            self._awaited_ns, self._has_answer = stamp_ns, False
        publish()
        self._delivered += 1
        self._unanswered = (stamp_ns, publish)

    def _wait_for_answer(self) -> None:
        alone = self._missed >= UNANSWERED_LIMIT and not self._is_assessed()
        if self._unanswered is None or not self.settings.lossless or alone:
            return
        stamp_ns, publish = self._unanswered
        self._unanswered = None
        asked = time.monotonic()
        tries = 1 if self._heard or self._missed else FIRST_FRAME_TRIES
        while not self._answered():
            tries -= 1
            if not tries:
                self._miss(stamp_ns, time.monotonic() - asked)
                return
            publish()

    def _is_assessed(self) -> bool:
        """Whether there is an assessment node, which answers or will do so again."""
        return self.count_publishers(self.resolve_topic_name("errors")) > 0

    def _miss(self, stamp_ns: int, waited_s: float) -> None:
        self._missed += 1
        if self._due is not None:
            # Frames that catch up would replace each other in the queue.
            self._due += waited_s
        there = self._is_assessed()
        then = "it is skipped" if there else "there is no assessment node; start one"
        self.get_logger().warning(
            f"the frame at {to_seconds(stamp_ns):.3f} s was not assessed within "
            f"{ANSWER_LIMIT_S:g} s; {then}"
        )

    def _answered(self) -> bool:
        with self._answer:
            return self._answer.wait_for(lambda: self._has_answer or self.stopping, ANSWER_LIMIT_S)

    def _on_errors(self, data: bytes) -> None:
        # Those of a repetition have the stamp of the frame that completes it: it is assessed, too.
        stamp_ns = read_stamp(data)
        self._assessed.add(stamp_ns)
        self._on_answer(stamp_ns)

    def _on_dropped(self, header: Header) -> None:
        stamp_ns = to_ns(header.stamp)
        self._dropped.add(stamp_ns)
        self.diagnostics.count("frames that were dropped")
        self._on_answer(stamp_ns)

    def _on_asking(self, message: Bool) -> None:
        with self._answer:
            self._is_asking = message.data
            self._answer.notify_all()

    def _on_answer(self, stamp_ns: int) -> None:
        with self._answer:
            self._heard, self._missed = True, 0
            if stamp_ns == self._awaited_ns:
                self._has_answer = True
                self._answer.notify_all()

    def _run(self) -> None:
        try:
            self.play()
            if self.settings.lossless:  # else what was dropped may not have been reported yet
                self._wait_for_answer()
                self._require_used()
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

    def _require_used(self) -> None:
        """Refuse a recording of which one frame at most could be used, such as one of depth images.

        Raises:
            SourceError: names it.
        """
        # A frame whose people were all refused is assessed and dropped.
        used = min(self._assessed.count, self._delivered - self._dropped.count)
        if self._dropped.count and used < 2 and not self.stopping:
            raise SourceError(
                f"{'only one' if used == 1 else 'no'} frame of {self.settings.source} could be "
                "used; the warnings above say why"
            )

    def _end_session(self) -> None:
        if not self._stop_session.service_is_ready():
            return
        done = threading.Event()
        future: Any = self._stop_session.call_async(StopSession.Request())
        future.add_done_callback(lambda _: done.set())
        done.wait(ANSWER_LIMIT_S)
        self._stopping.wait(LINGER_S)
        if self._is_asking:
            self._wait_for_person()
            self._stopping.wait(LINGER_S)

    def _wait_for_person(self) -> None:
        """Wait until the page has the answers about the last set, or is closed."""
        self.get_logger().info(
            "the page asks about pain and effort; the coach ends after the answer, when the page "
            f"is closed, or after {QUESTIONS_LIMIT_S:.0f} s"
        )
        with self._answer:
            self._answer.wait_for(lambda: not self._is_asking or self.stopping, QUESTIONS_LIMIT_S)
