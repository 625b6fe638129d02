"""Errors, quality and repetitions in; cues out, to a topic and to the outputs."""

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from apsa_msgs.msg import Cue
from rclpy.clock import Clock, ClockType
from rclpy.parameter import Parameter
from rclpy.subscription import Subscription

from apsa_feedback.bringup.node_settings import FeedbackNodeSettings
from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook, languages
from apsa_feedback.coaching.policy import CuePolicy
from apsa_feedback.nodes.coached_person import CoachedPerson, check
from apsa_feedback.nodes.cue_conversion import cue_to_msg
from apsa_feedback.nodes.event_receiver import EventReceiver
from apsa_feedback.nodes.last_questions import LastQuestions
from apsa_feedback.nodes.markers import Markers
from apsa_feedback.nodes.plan_commands import PlanCommands
from apsa_feedback.nodes.restoration import JOURNALED, restore_session
from apsa_feedback.nodes.session_commands import SessionCommands
from apsa_feedback.outputs import base
from apsa_feedback.outputs.group import OutputGroup
from apsa_feedback.outputs.report.stored_pages import stored_pages
from apsa_feedback.outputs.report.stored_plan import stored_plan
from apsa_feedback.stream.events import EventGroup, Received, ReorderBuffer, SkeletonFrame, is_live
from apsa_feedback.stream.views import ViewAssembler
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import path_of, path_or_none, share_dir
from apsa_perception.model.results import ErrorSet, SessionStatus
from apsa_perception.model.time import to_nanoseconds
from apsa_perception.programmes.library import ProgrammeLibrary
from apsa_perception.ros.conversion import to_ns
from apsa_perception.ros.image_conversion import decode
from apsa_perception.ros.images_on_demand import ImagesOnDemand
from apsa_perception.ros.journal import Journal
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.process import run
from apsa_perception.ros.qos import RESULTS, publisher

_HOUSEKEEPING_S = 0.1
_IDLE_S = 0.25
"""After this long without a message, held results will not be completed any more."""


class FeedbackNode(CoachNode):
    """Chooses what the coach says, and delivers it.

    Subscribes: skeletons, errors, quality, repetitions, holds, session; image while an output
    needs it.
    Publishes: cue; spoken, each cue that was spoken to its end, stamped with the time at which it
    began by the node's clock; markers, while there are subscribers; asking (latched), whether a
    page asks about the last set after the end.
    Calls: start_session, pause_session, stop_session, calibrate, set_exercise, start_programme,
    skip_set, repeat_set, rate_set, delete_person, assess_range, record_reference, and the
    parameters of the assessment node, when an output requests it; its limits of the person in each
    session.

    The language belongs to the session: when it changes on one output it changes on all, so that
    voice, screen and topic have the same sentence.
    """

    NAME = "feedback_node"
    SETTINGS = FeedbackNodeSettings
    FINISHES = True
    settings: FeedbackNodeSettings

    def configure(self) -> None:
        self._outputs = OutputGroup({}, self._output_failed)
        self._person = CoachedPerson(
            self,
            path_or_none(self.settings.report.dir),
            path_of(self.settings.ranges_dir),
            self._delete_person,
        )
        settings = self.settings
        share = share_dir("apsa_feedback")
        self._locale = settings.locale
        self._cues_dir = path_or_none(settings.cues_dir) or share / "config" / "cues"
        book = CueBook.load(self._cues_dir, settings.locale)
        self._exercises = ExerciseLibrary.load(
            path_or_none(settings.exercises_dir), path_or_none(settings.own_exercises_dir)
        )
        self._programmes = ProgrammeLibrary.load(
            self._exercises,
            path_or_none(settings.programmes_dir),
            path_or_none(settings.own_programmes_dir),
        )
        self._policy = CuePolicy(settings.policy, book, self._exercises, self._programmes)
        self._buffer = ReorderBuffer()
        self._views = ViewAssembler()
        self._heard_at = self._viewed_at = time.monotonic()
        self._cues = publisher(self, Cue, "cue", RESULTS)
        self._spoken = publisher(self, Cue, "spoken", RESULTS)
        self._markers = Markers(self)
        self._questions = LastQuestions(
            self, lambda: self._outputs.can_answer, bool(settings.report.dir)
        )
        self._frame_id = ""
        self._commands = SessionCommands(
            self,
            set_language=self._set_language,
            person=self._person,
            plans=PlanCommands(
                path_or_none(settings.report.dir), lambda: self._person.name, self._programmes
            ),
            # The outputs are looked up at each call: they are opened after the commands.
            answer=lambda answer: self._outputs.show_answer(answer),
            take_limits=lambda limits: self._outputs.use_limits(limits),
            take_hand_signal=lambda on: self._outputs.use_hand_signal(on),
        )
        self._limits_of: tuple[str, str] | None = None
        self._journal = Journal(
            path_or_none(settings.state_dir), self.NAME, JOURNALED, self.diagnostics.drop
        )
        self._events = EventReceiver(self, self._journal, self._take)
        past = self._journal.read()
        try:
            self._outputs = self._open_outputs(book)
        except BaseException:
            self.cleanup()
            raise
        self._restore(past)

    def activate(self) -> None:
        self._images = ImagesOnDemand(self, self.settings.image_transport, self._on_image)
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self.create_timer(_HOUSEKEEPING_S, self._housekeeping, clock=steady)

    def begin(self) -> Sequence[Subscription]:
        return self._events.subscribe()

    def deactivate(self) -> None:
        self._process(self._buffer.flush())
        self._outputs.stop()
        self.destroy_timer(self._timer)
        self._images.want(False)

    def cleanup(self) -> None:
        self._outputs.close()
        self._commands.close()
        self._markers.close()
        self._questions.close()
        self.destroy_lifecycle_publisher(self._cues)
        self.destroy_lifecycle_publisher(self._spoken)
        self._journal.remove()
        self._person.close()

    def check_settings(self, settings: FeedbackNodeSettings) -> None:
        check(settings.report.person)
        if settings.locale != self._locale:
            CueBook.load(self._cues_dir, settings.locale)

    def reconfigure(self) -> None:
        self._policy.use_settings(self.settings.policy)
        if self.settings.locale != self._locale:
            self._locale = self.settings.locale
            book = CueBook.load(self._cues_dir, self._locale)
            self._policy.use_book(book)
            self._outputs.use_book(book)
        if self.settings.report.person != self._person.name:
            self._person.keep(self.settings.report.person)
            self._outputs.use_person(self._person.name)
        for name, before in self._output_settings.items():
            settings = self.declared(f"{name}.")
            if settings != before:
                self._output_settings[name] = settings
                self._outputs.use_settings(name, settings)

    def _restore(self, past: Sequence[tuple[str, Any]]) -> None:
        """Continue the session of a process that crashed; ``past`` is its journal."""
        session = restore_session(past, self._buffer)
        self._policy.restore(session.status, session.cues)
        self._outputs.restore(session.shown)

    def _set_language(self, locale: str) -> None:
        (outcome,) = self.set_parameters([Parameter("locale", value=locale)])
        if not outcome.successful:
            raise ValueError(outcome.reason)

    def _delete_person(self, person: str) -> bool:
        deleted = self._outputs.delete_person(person)
        if deleted:
            self._journal.remove()  # after a crash it would give back the session in progress
        return deleted

    def _open_outputs(self, book: CueBook) -> OutputGroup:
        report = ["report"] if self.settings.report.dir else []
        self._output_settings: dict[str, Any] = {}
        return OutputGroup.open(
            [*self.settings.outputs, *report],
            lambda name, kind: self._output_context(name, kind, book),
            self._output_failed,
        )

    def _output_context(
        self, name: str, kind: type[base.Output], book: CueBook
    ) -> base.OutputContext:
        settings: Any = self.declare(kind.SETTINGS, f"{name}.")
        self._output_settings[name] = settings
        return base.OutputContext(
            book=book,
            settings=settings,
            languages=languages(self._cues_dir),
            spoken=lambda cue, began: self._publish_spoken(name, cue, began),
            log=self.get_logger().info,
            lost=self._data_lost,
            commands=self._commands.by_name,
            exercises=self._exercises,
            programmes=self._programmes,
            node=self,
            person=self._person.name,
            pages=stored_pages(
                self.settings.report,
                lambda: self._person.name,
                lambda: CueBook.load(self._cues_dir, self._locale),
                self._programmes.titles,
            ),
            plan=stored_plan(
                self.settings.report, lambda: self._person.name, self._programmes.titles
            ),
            people=self._person.people,
        )

    def _publish_spoken(self, output: str, cue: CueResult, began: float) -> None:
        now = self.get_clock().now().nanoseconds
        began_ns = now - to_nanoseconds(time.monotonic() - began)
        said = replace(cue, stamp_ns=began_ns, outputs=(output,))
        self._spoken.publish(cue_to_msg(said, self._frame_id))

    def _output_failed(self, name: str, error: Exception) -> None:
        self.diagnostics.drop(f"output {name}", f"output {name}: {type(error).__name__}: {error}")

    def _data_lost(self, why: str) -> None:
        self.lost_data = True
        self.get_logger().error(why)

    def _take(self, event: Received, frame_id: str) -> None:
        self._frame_id = frame_id or self._frame_id
        self._heard_at = time.monotonic()
        self._show_view(event)
        if isinstance(event, SessionStatus):
            self._questions.take(event)
        self._process(self._buffer.add(event))

    def _show_view(self, event: Received) -> None:
        if isinstance(event, SkeletonFrame):
            self._views.add_frame(event)
        if not (isinstance(event, ErrorSet) and is_live(event)):
            return
        try:
            view = self._views.view(event)
        except ValueError as error:
            self.diagnostics.drop("image", str(error))
            return
        if view is not None:
            self._viewed_at = time.monotonic()
            self._outputs.show_view(view)
            self._markers.show(view, self._frame_id)

    def _process(self, groups: list[EventGroup]) -> None:
        for group in groups:
            for event in group.events:
                if not isinstance(event, SkeletonFrame):
                    self._outputs.show_event(event)
                if isinstance(event, SessionStatus):
                    self._ask_limits(event)
            cue = self._policy.step(group)
            if cue is not None:
                cue = replace(cue, outputs=self._outputs.names)
                self._outputs.show_cue(cue)
                message = cue_to_msg(cue, self._frame_id)
                self._cues.publish(message)
                self._journal.add("cue", message)
                self.diagnostics.count("cues")

    def _ask_limits(self, session: SessionStatus) -> None:
        """Read the limits of the person, and the option of the hand, once in each session."""
        key = (session.exercise, session.session_id)
        if key != self._limits_of:
            self._limits_of = key
            self._commands.read_limits()
            self._commands.hand_signal.read()

    def _housekeeping(self) -> None:
        self._images.want(self._outputs.wants_picture)
        self._commands.hand_signal.read_first()
        self._questions.update()
        if time.monotonic() - self._heard_at > _IDLE_S:
            self._process(self._buffer.flush_idle())
        if time.monotonic() - self._viewed_at > base.VIEW_LOST_S:
            self._outputs.lose_view()
        self.diagnostics.show("late results", self._buffer.dropped)

    def _on_image(self, message: Any) -> None:
        limit = self.settings.max_megapixels
        self._views.add_picture(to_ns(message.header.stamp), lambda: decode(message, limit))


def main() -> None:
    """Entry point."""
    sys.exit(run(FeedbackNode))
