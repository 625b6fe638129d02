"""The report of a session, written when it ends."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.base import Output, OutputContext
from apsa_feedback.outputs.report import files
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.assessment.personal_ranges import check_pseudonym
from apsa_perception.model.codes import ErrorScope, SessionState
from apsa_perception.model.paths import path_of
from apsa_perception.model.results import (
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)

_UNDER_WAY = (SessionState.RUNNING, SessionState.PAUSED)


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
        self._record: SessionRecord | None = None
        self._session: SessionStatus | None = None
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

    def stop(self) -> None:
        """Write the report: no more results will arrive."""
        self._finish()

    def close(self) -> None:
        """Write the report, and wait until it is on disk."""
        self._finish()
        self._writer.shutdown()

    def _on_session(self, status: SessionStatus) -> None:
        self._session = status
        if self._record is None and status.state in _UNDER_WAY:
            self._record = SessionRecord(
                self._person, status.exercise, status.title, status.exercise_kind
            )
        if self._record is not None and status.started_ns:
            self._record.begin(status.started_ns)
        if status.state is SessionState.CLOSED and self._record is not None:
            self._closed_ns = status.stamp_ns

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
        if record is not None and not record.empty:
            self._writer.submit(self._write, record, self._book)

    def _write(self, record: SessionRecord, book: CueBook) -> None:
        try:
            path = files.write(self._folder, record, book, datetime.now().astimezone())
        except Exception as error:  # the exception of the future would be lost
            self._lost(f"report: writing failed: {type(error).__name__}: {error}")
        else:
            self._log(f"report: {path}")
