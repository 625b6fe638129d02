"""The report of a session, written when it ends."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.base import Output, OutputContext
from apsa_feedback.outputs.guide import Guides
from apsa_feedback.outputs.report import files
from apsa_feedback.outputs.report.plan import planned_part
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_files import delete_reports
from apsa_feedback.outputs.report.stored_record import report_of_session
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.assessment.personal_ranges import check_pseudonym
from apsa_perception.model.codes import ErrorScope, RatingState, SessionState
from apsa_perception.model.paths import path_of
from apsa_perception.model.results import (
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
    SetRating,
)

_RECORDED_FROM = (SessionState.RUNNING, SessionState.PAUSED)
"""States in which a record begins: nothing has been done yet in a preparation or a rest."""


class ReportOutput(Output):
    """Writes HTML, CSV and JSON when a session ends; its own thread waits for the disk."""

    SETTINGS = ReportSettings

    def __init__(self, context: OutputContext) -> None:
        settings: ReportSettings = context.settings
        if not settings.dir:
            raise ValueError("report.dir is empty; expected a folder for the output 'report'")
        self._folder = path_of(settings.dir)
        self._person = settings.person
        if self._person:
            try:
                check_pseudonym(self._person)
            except ValueError as error:
                raise ValueError(f"report.person: {error}") from None
        files.prepare(self._folder)
        self._book = context.book
        self._log, self._lost = context.log, context.lost
        self._least = settings.min_repetitions
        self._programmes = context.programmes
        self._guides = Guides(context.exercises)
        self._exercises = context.exercises
        self._limits = PersonalLimits()
        self._record: SessionRecord | None = None
        self._tried: SessionRecord | None = None
        """The last session without a report, which a rating of it still gets."""
        self._rated = SetRating()
        self._deleted_id = ""
        """The session during which the data of the person was deleted."""
        self._session: SessionStatus | None = None
        self._rated_person = self._person
        """The person of the last session, whom its rating is about."""
        self._closed_ns: int | None = None
        self._writer = ThreadPoolExecutor(1, "report")

    @classmethod
    def open(cls, context: OutputContext) -> "ReportOutput":
        """Make the folder ready."""
        return cls(context)

    def show_cue(self, cue: CueResult) -> None:
        """Add the cue. The cue after the end completes the report."""
        if self._record is not None:
            self._record.add_cue(cue)
        if self._closed_ns is not None:
            self._finish()

    def show_event(self, event: OutputEvent) -> None:
        """Add a result; results with the stamp of the end still belong to the session."""
        if self._closed_ns is not None and event.stamp_ns > self._closed_ns:
            self._finish()
        if isinstance(event, NewSession):
            self._finish()
        elif isinstance(event, SessionStatus):
            self._on_session(event)
        elif self._record is not None and event.exercise == self._record.exercise:
            self._add(self._record, event)

    def restore(self, past: Sequence[OutputEvent | CueResult]) -> None:
        """Collect the session again; of the curve, what was before the crash is missing."""
        for each in past:
            if isinstance(each, CueResult):
                self.show_cue(each)
            else:
                self.show_event(each)

    def use_book(self, book: CueBook) -> None:
        """Use another language from now on."""
        self._book = book

    def use_person(self, person: str) -> None:
        """Write the next session under another pseudonym."""
        self._person = person

    def use_limits(self, limits: PersonalLimits) -> None:
        """Note the limits of the person in the report of the session."""
        self._limits = limits
        if self._record is not None and self._closed_ns is None:
            self._note_limits(self._record)

    def delete_person(self, person: str) -> None:
        """Delete the reports of a person; the session in progress gets none."""
        self._deleted_id = self._session.session_id if self._session else ""
        self._record = self._tried = self._closed_ns = None
        self._writer.submit(delete_reports, self._folder, person).result()

    def stop(self) -> None:
        """Write the report: no more results will arrive."""
        self._finish()

    def close(self) -> None:
        """Write the report, and wait until it is on disk."""
        self._finish()
        self._writer.shutdown()

    def _on_session(self, status: SessionStatus) -> None:
        self._session = status
        deleted = status.session_id and status.session_id == self._deleted_id
        if self._record is None and status.state in _RECORDED_FROM and not deleted:
            self._record = SessionRecord(
                self._person, status.exercise, status.title, status.exercise_kind
            )
            self._note_limits(self._record)
        if self._record is not None and status.started_ns:
            self._record.begin(status.started_ns)
        if self._record is not None:
            self._note(self._record, status)
        if status.rating.state is RatingState.ANSWERED and status.rating != self._rated:
            self._rated = status.rating
            self._rate(status.rating)
        if status.state is SessionState.CLOSED and self._record is not None:
            self._closed_ns = status.stamp_ns

    def _note(self, record: SessionRecord, status: SessionStatus) -> None:
        """Note which session it is, and its place in a programme."""
        record.session_id = record.session_id or status.session_id
        record.family = status.exercise_family or record.family
        if record.session_id == status.session_id:
            record.course = (status.speed_loss, status.score_change)
            record.counted = status.repetitions
        if record.plan is None and status.programme:
            known = self._programmes
            record.plan = planned_part(status, known.known(status.programme) if known else None)
        if record.plan is not None:
            record.plan.note_end(status)

    def _note_limits(self, record: SessionRecord) -> None:
        """Note the limits of the person; those of the last change hold at the end."""
        known = self._exercises.known(record.exercise) if self._exercises else None
        record.limits = self._limits.changed(known) if known else ()

    def _rate(self, rating: SetRating) -> None:
        """Add a rating to its session, whose report may be written."""
        if self._record is not None and self._record.session_id == rating.session_id:
            self._record.add_rating(rating)
        elif self._tried is not None and self._tried.add_rating(rating):
            self._writer.submit(self._write, self._tried, self._book)
            self._tried = None
        else:
            self._writer.submit(self._rewrite, rating, self._rated_person, self._book)

    def _add(
        self,
        record: SessionRecord,
        event: RepetitionResult | QualityResult | HoldResult | ErrorSet,
    ) -> None:
        match event:
            case RepetitionResult():
                record.add_repetition(event)
            case QualityResult():
                record.add_quality(event)
            case HoldResult():
                record.add_hold(event)
            case ErrorSet() if event.scope is ErrorScope.REPETITION:
                record.add_errors(event)
            case ErrorSet() if event.scope is ErrorScope.HOLD:
                record.add_hold_errors(event)
            case ErrorSet() if self._running:
                record.add_live(event)

    @property
    def _running(self) -> bool:
        return self._session is not None and self._session.state is SessionState.RUNNING

    def _finish(self) -> None:
        record, self._record, self._closed_ns = self._record, None, None
        if record is None or record.empty:
            return
        self._rated_person = record.person
        if record.is_tried_only(self._least):
            self._tried = record
        else:
            self._writer.submit(self._write, record, self._book)

    def _write(self, record: SessionRecord, book: CueBook) -> None:
        self._log_path(
            lambda: files.write(
                self._folder, record, book, datetime.now().astimezone(), self._guides
            )
        )

    def _rewrite(self, rating: SetRating, person: str, book: CueBook) -> None:
        def rewritten() -> Path | None:
            name = person or files.UNNAMED
            stored = report_of_session(self._folder, name, rating.session_id)
            if stored is None or not stored.record.add_rating(rating):
                return None
            return files.rewrite(stored, book, self._guides)

        self._log_path(rewritten)

    def _log_path(self, write: Callable[[], Path | None]) -> None:
        try:
            path = write()
        except Exception as error:  # the exception of the future would be lost
            self._lost(f"report: writing failed: {type(error).__name__}: {error}")
        else:
            if path is not None:
                self._log(f"report: {path}")
