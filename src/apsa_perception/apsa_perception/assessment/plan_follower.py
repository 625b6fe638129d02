"""Takes the session through its programme: preparation, sets and rests."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from apsa_perception.assessment.readiness import Preparation
from apsa_perception.assessment.session import Session
from apsa_perception.assessment.tracker import Tracker
from apsa_perception.model.codes import (
    Grade,
    Missing,
    RequestError,
    RequestErrorCode,
    SessionEvent,
    SessionState,
    SetEnd,
)
from apsa_perception.model.results import QualityResult, RepetitionResult, SessionStatus
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.time import to_nanoseconds
from apsa_perception.programmes.definition import PlannedSet, Programme
from apsa_perception.programmes.plain_run import plain_programme, plain_run, run_of
from apsa_perception.programmes.run import ProgrammeRun, SetProgress, Stage

_REASONS = {
    SetEnd.COUNT: "the set is complete",
    SetEnd.TIME: "the time is over",
    SetEnd.FORM: "the set ended because the form was lost",
    SetEnd.FATIGUE: "the set ended because the repetitions became slow",
    SetEnd.SKIPPED: "the set was skipped",
}


class PlanFollower:
    """Follows the programme of a session; a session of one exercise is a programme of one set.

    A set ends with the first frame after the one that reached its end, so that all results of its
    last repetition belong to it.

    Args:
        session: whose states it changes.
        begin: chooses the exercise of a set, with counts at 0; returns a note of a lost recording.
        interrupt: drops the repetition in progress.
        discard: discards a recording in progress; returns a note of it.
        tracker: the one of the present set, if any.
        ended: called when a set has ended, while its counts are still those of the session.
        waits: whether the person must be ready before a start.
    """

    def __init__(
        self,
        session: Session,
        begin: Callable[[PlannedSet], str],
        interrupt: Callable[[], None],
        discard: Callable[[], str],
        tracker: Callable[[], Tracker | None],
        ended: Callable[[], None],
        waits: bool,
    ) -> None:
        self.waits = waits
        self._session = session
        self._begin = begin
        self._interrupt = interrupt
        self._discard = discard
        self._tracker = tracker
        self._ended = ended
        self._run: ProgrammeRun | None = None
        self._plain: dict[str, Any] | None = None
        self._preparation: Preparation | None = None
        self._set_end = SetEnd.NONE

    @property
    def programme(self) -> str:
        """Name of the programme; empty: one exercise only."""
        return self._run.programme.name if self._run else ""

    @property
    def run(self) -> ProgrammeRun | None:
        """The present run; another one whenever an exercise or a programme is chosen."""
        return self._run

    @property
    def watches(self) -> bool:
        """Whether ``update`` needs to know if the person is ready."""
        preparing = (SessionState.PREPARING, SessionState.RESTING)
        return self.waits and self._session.state in preparing

    def follow(self, programme: Programme) -> None:
        """Follow a programme from its first set."""
        self._run, self._plain = ProgrammeRun(programme), None
        waiting = self._session.state is SessionState.PREPARING
        self._preparation = Preparation() if waiting else None
        self._set_end = SetEnd.NONE

    def restart(self, edited: Programme | None) -> None:
        """Go back to the first set of the programme, as it is now if it is known."""
        if self._run is not None:
            programme = edited or self._run.programme
            self.follow(programme)
            self._begin(programme.sets[0])

    def use_target(self, repetitions: int) -> None:
        """End a session of one exercise after other repetitions; 0: never."""
        run = self._run
        if run is not None and not run.programme.name:
            (only,) = run.programme.sets
            sets = (replace(only, repetitions=repetitions),)
            run.programme, self._plain = replace(run.programme, sets=sets), None

    def prepare(self) -> None:
        """Wait until the person is ready, unless the session does not run or nobody waits."""
        if self.waits and self._session.state in (SessionState.RUNNING, SessionState.CALIBRATING):
            self._session.prepare()
            self._preparation = Preparation()

    def start_now(self) -> None:
        """Wait no longer."""
        if self._session.state is SessionState.PREPARING:
            self._preparation = None
            self._session.end_preparation()

    def add(self, repetition: RepetitionResult, quality: QualityResult) -> None:
        """Add a repetition of the present set."""
        if self._run is not None:
            self._run.add(repetition, quality)

    def skip(self) -> None:
        """End the present set or rest.

        Raises:
            RequestError: no programme is under way.
        """
        run = self._required("skip a set")
        if run.stage is Stage.SET:
            self._end_set(run, SetEnd.SKIPPED, Missing.PERSON)
        else:
            self._begin_next(run, Missing.PERSON)

    def repeat(self) -> None:
        """Begin the present set again, in a rest the one before, after the end the last one.

        Raises:
            RequestError: no programme is under way or has ended.
        """
        run = self._required("repeat a set", ended=True)
        run.begin_again()
        self._start_set(run, "the set starts again")
        self.prepare()

    def update(self, stamp_ns: int, missing: Missing) -> None:
        """Advance to a frame, before it is assessed.

        Args:
            stamp_ns: its stamp.
            missing: what the person lacks to be ready; used only if ``watches``.
        """
        state = self._session.state
        if state is not SessionState.PREPARING:
            self._preparation = None
        elif self._preparation is not None and self._preparation.update(stamp_ns, missing):
            self.start_now()
        run = self._run
        if run is None:
            return
        has_gap = self._pass_time(run, stamp_ns, state)
        if has_gap and self.waits and state is SessionState.RUNNING:
            # The person may have left to look after the camera.
            self._interrupt()
            self._session.report(SessionEvent.RESUMED, "the session continues")
            self.prepare()
        elif state is SessionState.RUNNING and (end := run.set_end()) is not SetEnd.NONE:
            self._end_set(run, end, Missing.NOTHING)
        elif state is SessionState.RESTING and run.rest_is_over():
            self._begin_next(run, missing)

    def fields(self) -> dict[str, Any]:
        """Return the fields of the session's status that the programme determines."""
        preparation = self._preparation
        counted: dict[str, Any] = {
            "missing": preparation.missing if preparation else Missing.NOTHING,
            "seconds_left": preparation.seconds_left if preparation else 0,
        }
        run = self._run
        if run is None:
            return counted
        if preparation is None:
            counted["seconds_left"] = run.seconds_left
        current, following = run.current, run.following
        counted |= {
            "set_end": self._set_end,
            "target_repetitions": current.repetitions,
            "speed_loss": run.progress.speed_loss,
            "score_change": run.progress.score_change,
        }
        if not run.programme.name:
            return counted
        return {
            **counted,
            "programme": run.programme.name,
            "exercise_number": current.exercise_number,
            "exercise_count": run.programme.exercise_count,
            "set_number": current.set_number,
            "set_count": current.set_count,
            "next_exercise": following.exercise if following else "",
            "next_title": following.title if following else "",
            "tempo": current.tempo,
        }

    def saved(self) -> dict[str, Any] | None:
        """Return what ``resume`` needs as plain values."""
        run = self._run
        if run is None:
            return None
        if self._plain is None:
            self._plain = plain_programme(run.programme)
        return {**plain_run(run, self._plain), "set_end": int(self._set_end)}

    def resume(self, saved: dict[str, Any], status: SessionStatus) -> None:
        """Continue what was saved: in the same set, at its count.

        Raises:
            ValueError: it is something else.
        """
        try:
            # Files of earlier versions have no progress.
            progress = asdict(SetProgress(repetitions=status.repetitions))
            run = run_of({"progress": progress, **saved})
            set_end = SetEnd(saved["set_end"])
            self._begin(run.current)
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(f"it is not a saved programme: {error!r}") from None
        self._run, self._plain, self._set_end = run, None, set_end
        if status.state is SessionState.PREPARING:
            self._preparation = Preparation()

    @property
    def is_resting(self) -> bool:
        """Whether the present stage is a rest, also while it is paused."""
        return self._run is not None and self._run.stage is Stage.REST

    def _pass_time(self, run: ProgrammeRun, stamp_ns: int, state: SessionState) -> bool:
        """Advance the time of a set or rest, in a hold to that held; return whether a gap ends."""
        resting = run.stage is Stage.REST
        tracker = self._tracker()
        held_s = None if resting or tracker is None else tracker.held_s
        counts = state is (SessionState.RESTING if resting else SessionState.RUNNING)
        has_gap = run.pass_time(stamp_ns, counts and held_s is None)
        if held_s is not None:
            run.elapsed_ns = to_nanoseconds(self._session.held_s + held_s)
        return has_gap

    def _end_set(self, run: ProgrammeRun, end: SetEnd, missing: Missing) -> None:
        tracker = self._tracker()
        unfinished = tracker is not None and tracker.is_past_halfway
        if end is SetEnd.TIME and run.current.count_unfinished and unfinished:
            self._session.count_repetition(Grade.NOT_JUDGED)
        self._set_end = end
        self._preparation = None
        self._interrupt()
        self._ended()
        message = f"{_REASONS[end]}: {self._session.summary}"
        run.end_set()
        if run.stage is Stage.DONE:
            done = SessionEvent.PROGRAMME_DONE if run.programme.name else SessionEvent.CLOSED
            self._session.finish(done, message)
            self._session.add_note(self._discard())
        elif run.current.rest_s:
            self._session.rest(message)
        else:
            self._begin_next(run, missing)

    def _begin_next(self, run: ProgrammeRun, missing: Missing) -> None:
        run.begin_next()
        plan = run.current
        place = "warm-up" if plan.warm_up else f"set {plan.set_number} of {plan.set_count}"
        self._start_set(run, f"{plan.title}, {place}")
        if missing not in (Missing.NOTHING, Missing.STILLNESS):
            self.prepare()

    def _start_set(self, run: ProgrammeRun, message: str) -> None:
        self._set_end = SetEnd.NONE
        self._preparation = None
        note = self._begin(run.current)
        self._session.begin_set(message)
        self._session.add_note(note)

    def _required(self, verb: str, *, ended: bool = False) -> ProgrammeRun:
        """Return the run of the programme under way; ``ended``: also one that has ended."""
        run = self._run
        session = self._session
        fits = session.is_under_way or (ended and session.has_ended)
        if run is None or not run.programme.name or not fits:
            raise RequestError(
                RequestErrorCode.SESSION_STATE, Sentence.NO_PROGRAMME.text(verb=verb)
            )
        if self._session.calibrates:
            raise RequestError(RequestErrorCode.BUSY, Sentence.CALIBRATES.text(verb=verb))
        return run
