"""Requests to a session: start and end it, choose exercise, programme and person."""

from dataclasses import replace

from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.session_parts import SessionParts
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.subject_chooser import Selection
from apsa_perception.model.codes import SessionEvent, SessionState
from apsa_perception.model.results import SessionStatus, SetRating
from apsa_perception.programmes.definition import Programme, target_of

DEFAULT_CALIBRATION_S = 2.0


class SessionRequests(SessionParts):
    """What may be asked of a session of one exerciser.

    A request that is not allowed raises ``RequestError`` and changes nothing.
    """

    def start(self, exercise: str = "") -> SessionStatus:
        """Start a session or resume a paused one; a running one continues.

        One that waits for the person waits no longer.

        Args:
            exercise: its name; empty: the one chosen before.

        Raises:
            RequestError: no exercise is chosen, or there is none of that name.
        """
        exercise = self._named(exercise).name if exercise else ""  # it may be an alias
        chosen = self._session.exercise.name if self._session.exercise else ""
        under_way = self._session.is_under_way
        goes_on = under_way and exercise in ("", chosen)
        waits = self._session.state is SessionState.PREPARING and not self._session.calibrates
        if goes_on and waits:
            self.plan.start_now()
            return self.take_status()
        if self.plan.programme and not exercise:
            if not under_way:
                known = self._programmes
                self.plan.restart(known.get(self.plan.programme) if known else None)
        elif (wanted := exercise or chosen) and not goes_on:
            if self._session.is_paused:
                self.stop()  # else the new exercise would be reported as the paused one
            self._choose(wanted)  # also the same one: its file may have been edited
        self._start()
        return self.take_status()

    def set_programme(self, programme: Programme) -> SessionStatus:
        """Choose a programme, which begins with its first set; a session under way ends.

        Raises:
            RequestError: the file of its first exercise has a mistake.
        """
        if self._session.is_under_way:
            self.stop()
        self.plan.follow(programme)
        self._begin_set(programme.sets[0])
        return self.take_status()

    def start_programme(self, programme: Programme) -> SessionStatus:
        """Start a programme; raises as ``set_programme``."""
        note = self._recorder.reset()
        self.set_programme(programme)
        self._start()
        self._session.add_note(note)
        return self.take_status()

    def skip_set(self) -> SessionStatus:
        """End the present set or rest of the programme.

        Raises:
            RequestError: no programme is under way.
        """
        self.plan.skip()
        return self.take_status()

    def repeat_set(self) -> SessionStatus:
        """Begin the present set of the programme again, after its end the last one.

        Raises:
            RequestError: no programme is under way or has ended.
        """
        self.plan.repeat()
        return self.take_status()

    def stop(self) -> SessionStatus:
        """End the session and a hold in progress; its counts stay readable until the next start."""
        self._session.stop()
        self._calibrator.cancel()
        self._interrupt()
        self._ratings.end_set()
        self._session.add_note(self._recorder.reset())
        return self.take_status()

    def rate_set(self, answer: SetRating) -> SessionStatus:
        """Take pain and effort of the last set; pain at its limit pauses a session under way.

        Raises:
            RequestError: a value is not allowed, or the set is not the last one that ended.
        """
        own = self.plan.run.programme.pain_limit if self.plan.run else None
        limit = self._settings.pain_limit if own is None else own
        self._ratings.rate(answer, limit)
        return self.take_status()

    def set_exercise(self, name: str) -> SessionStatus:
        """Choose the exercise; counting restarts at 0.

        Raises:
            RequestError: there is none of that name, or its file has a mistake.
        """
        self._choose(name)
        return self.take_status()

    def calibrate(self, duration_s: float = DEFAULT_CALIBRATION_S) -> SessionStatus:
        """Measure the person's own upright posture while they stand still.

        Raises:
            RequestError: the duration is out of range, or a calibration is in progress.
        """
        self._calibrator.begin(duration_s, self._settings)
        self.plan.prepare()
        self._interrupt()
        return self.take_status()

    def record_reference(self, name: str, title: str, repetitions: int) -> SessionStatus:
        """Make an exercise from what the person does; the first thing shown is rest.

        Args:
            name: name of the new exercise and its file.
            title: title for people; empty: derived from the name.
            repetitions: how many of the next repetitions to record, which a later message of the
                session confirms; 0: use those of the last half minute of the running session.

        Raises:
            RequestError: the session is not under way, or the recorder refuses.
        """
        self._session.require_under_way("record")
        if repetitions:
            news = self._recorder.record_next(name, title, repetitions)
        else:
            news = self._recorder.record_past(name, title)
        self._session.report(*news)
        return self.take_status()

    def select_person(self, selection: Selection) -> SessionStatus:
        """Take a person as the exerciser until another selection; or choose them automatically.

        Raises:
            RequestError: nobody in view is meant.
        """
        self._session.note_selection(self._subject.select(selection))
        return self.take_status()

    def assessed_ranges(self, known: PersonalRanges) -> PersonalRanges:
        """Return the person's ranges with that of the judged repetitions of this session.

        Args:
            known: the person's ranges of other exercises.

        Raises:
            RequestError: too few repetitions.
        """
        return known.with_assessment(self._judged)

    def use_ranges(self, ranges: PersonalRanges) -> SessionStatus:
        """Judge by ranges that include that of this session from now on."""
        self._tracked.use_ranges(ranges)
        self._session.report(
            SessionEvent.RANGE_ADOPTED, "the range of this session is now your personal range"
        )
        return self.take_status()

    def use_limits(self, limits: PersonalLimits) -> SessionStatus:
        """Judge by limits that were set for the person, from the next repetition or hold on."""
        self._tracked.use_ranges(replace(self._ranges, own=limits))
        return self.take_status()

    def note_ranges_deleted(self) -> SessionStatus:
        """Report that the personal ranges were deleted."""
        self._session.report(SessionEvent.RANGES_DELETED, "the personal ranges are deleted")
        return self.take_status()

    def use_settings(self, settings: AssessmentSettings) -> None:
        """Use other settings from the next frame on."""
        self._settings = settings
        self._subject.keep_s = settings.keep_body_s
        self._postures.use_settings(settings)
        self.plan.waits = settings.wait_until_ready
        self._ratings.asks = settings.ask_ratings
        changed = settings.target_repetitions != self._session.target_repetitions
        self._session.target_repetitions = settings.target_repetitions
        if self._session.exercise is not None and changed:  # a goal has a target of its own
            self.plan.use_target(target_of(self._session.exercise, settings.target_repetitions))
        self._tracked.use_settings(settings)

    def _start(self) -> None:
        """Start or resume the session; the person must be ready first, if anybody waits."""
        before = self._session.state
        self._session.start()
        if before is not self._session.state is SessionState.RUNNING:
            self.plan.prepare()
