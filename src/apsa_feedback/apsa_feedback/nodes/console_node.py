"""The terminal: one line per event, a summary at the end, and results as JSON lines."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from apsa_msgs.msg import Cue, Session
from rclpy.subscription import Subscription

from apsa_feedback.bringup.node_settings import ConsoleNodeSettings
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.session_cues import FAREWELLS
from apsa_feedback.coaching.translation import ENGLISH
from apsa_feedback.nodes.cue_conversion import cue_from_msg
from apsa_feedback.nodes.result_topics import RESULT_TOPICS
from apsa_feedback.stream.session_tracker import SessionTracker
from apsa_feedback.terminal.event_lines import EventLines, wants_colour
from apsa_feedback.terminal.results_file import ResultsFile
from apsa_feedback.terminal.summary import SessionSummary
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, ErrorScope
from apsa_perception.model.paths import path_or_none, share_dir
from apsa_perception.model.results import ErrorSet
from apsa_perception.programmes.definition import Programme
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.ros.conversion import message_to_dict, to_ns
from apsa_perception.ros.journal import Journal
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.process import run
from apsa_perception.ros.qos import EVERY_LATCHED, RESULTS, subscription

TOPICS: dict[str, tuple[type, Callable[[Any], Any]]] = {
    **RESULT_TOPICS,
    "cue": (Cue, cue_from_msg),
}


@cache
def _installed() -> ExerciseLibrary:
    """The installed exercises, read when they are needed first."""
    return ExerciseLibrary.load()


def _asked_measures(exercise: str) -> frozenset[str] | None:
    """Measures that an installed exercise asks for; None: it is another one."""
    known = _installed().known(exercise)
    return known.asked_measures if known else None


def _programme(name: str) -> Programme | None:
    """An installed programme; None: it is another one."""
    return ProgrammeLibrary.load(_installed(), None, None).known(name)


class ConsoleNode(CoachNode):
    """Prints what happens. Subscribes: session, repetitions, quality, holds, errors, cue."""

    NAME = "console_node"
    SETTINGS = ConsoleNodeSettings
    FINISHES = True
    settings: ConsoleNodeSettings

    def configure(self) -> None:
        path = path_or_none(self.settings.json)
        self._journal = Journal(
            path_or_none(self.settings.state_dir),
            self.NAME,
            {name: kind for name, (kind, _) in TOPICS.items()},
            self.diagnostics.drop,
        )
        past = self._journal.read()
        self._recorder = ResultsFile(path, tuple(TOPICS), append=bool(past)) if path else None
        words = CueBook.load(share_dir("apsa_feedback") / "config" / "cues", ENGLISH).words
        self._lines = EventLines(words, wants_colour(sys.stdout))
        self._summary = SessionSummary(words, _asked_measures, _programme)
        self._sessions = SessionTracker()
        self.said_farewell = False
        """Whether the cue for the end of the session has arrived: the last message."""
        self._live: frozenset[ErrorCode] | None = None
        for name, message in past:
            for each in self._sessions.mark(TOPICS[name][1](message)):
                self._summary.add(each)
                self._lines.lines(each)

    def begin(self) -> Sequence[Subscription]:
        return [
            subscription(
                self,
                kind,
                name,
                self._taker(name),
                EVERY_LATCHED if kind is Session else RESULTS,
            )
            for name, (kind, _) in TOPICS.items()
        ]

    def deactivate(self) -> None:
        with suppress(BrokenPipeError):  # nobody reads it; the results are still to be written
            print(f"\n{self._summary.text()}", flush=True)

    def cleanup(self) -> None:
        self._record(ResultsFile.close)
        self._journal.remove()

    def _changes_summary(self, event: object) -> bool:
        """Whether the summary needs the event: of live errors, those that differ from the last."""
        if not (isinstance(event, ErrorSet) and event.scope is ErrorScope.LIVE):
            return True
        before, self._live = self._live, frozenset(error.code for error in event.errors)
        return self._live != before

    def _record(self, write: Callable[[ResultsFile], None]) -> None:
        """Write to the results file, if there is one; a full disk ends it, not the coaching."""
        if self._recorder is None:
            return
        try:
            write(self._recorder)
        except OSError as error:
            self._recorder = None
            self.failure = (
                f"results can no longer be written to {self.settings.json} ({error.strerror}); "
                "the file is incomplete"
            )
            self.get_logger().error(self.failure)

    def _taker(self, name: str) -> Callable[[Any], None]:
        convert = TOPICS[name][1]

        def take(message: Any) -> None:
            try:
                event = convert(message)
            except ValueError as error:
                self.diagnostics.drop(name, f"a message on {name} is not usable: {error}")
                return
            if self._changes_summary(event):
                self._journal.add(name, message)
            self._record(ResultsFile.start)
            for each in self._sessions.mark(event):
                self._summary.add(each)
                for line in self._lines.lines(each):
                    print(line, flush=True)
            if isinstance(message, Cue):
                self.said_farewell = message.key in FAREWELLS
            topic = self.resolve_topic_name(name)
            stamp_ns = to_ns(message.header.stamp)
            self._record(lambda results: results.add(topic, stamp_ns, message_to_dict(message)))
            self.diagnostics.count(name)

        return take


def main() -> None:
    """Entry point."""
    sys.exit(run(ConsoleNode))
