"""Summary of the sessions for the terminal."""

from collections import Counter
from collections.abc import Callable, Container, Mapping
from statistics import fmean

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_keys import CueKey
from apsa_feedback.coaching.programme_runs import ProgrammeRuns
from apsa_feedback.stream.events import Event, SkeletonFrame
from apsa_feedback.stream.formatting import points, printable
from apsa_feedback.stream.new_errors import NewErrors
from apsa_feedback.stream.session_tracker import NewSession
from apsa_feedback.stream.set_course import course_of
from apsa_feedback.terminal.phrases import measure_name, set_title
from apsa_feedback.terminal.programme_lines import programme_lines
from apsa_perception.exercises.auto import AUTO
from apsa_perception.model.codes import ErrorScope, ExerciseKind, Grade, SessionState
from apsa_perception.model.results import (
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.programmes.definition import Programme

_ROWS = 8
_COUNTED = (
    CueKey.COUNT,
    CueKey.COUNTDOWN,
    CueKey.TIME_LEFT,
    CueKey.HOLD_COUNT,
    CueKey.HOLD_LEFT,
)
"""Cues that only count, of which a summary has nothing to tell."""

Asked = Callable[[str], Container[str] | None]
"""Names of the measures that an exercise asks for."""


class SessionSummary:
    """Collects results and summarises each session, in the order of the sessions.

    A session has one exercise: another exercise, or a restart, gets a summary of its own, as on
    the screen and in the reports.

    Args:
        words: those of the page, in English.
        asked: names of the measures that an exercise asks for, by its name; the others are not
            missed. None for an unknown exercise: all are.
        programme: a programme by its name, of which the exercises that have not begun are listed,
            too. None for an unknown one: they are not.
    """

    def __init__(
        self,
        words: Mapping[str, str],
        asked: Asked = lambda exercise: None,
        programme: Callable[[str], Programme | None] = lambda name: None,
    ) -> None:
        self._words = words
        self._asked = asked
        self._programme = programme
        self._sessions = [_OneSession(words, asked)]
        self._runs = ProgrammeRuns()

    def add(self, event: Event | CueResult) -> None:
        """Take one event."""
        if isinstance(event, NewSession):
            self._sessions.append(_OneSession(self._words, self._asked))
        else:
            if not isinstance(event, CueResult | SkeletonFrame):
                self._runs.add(event)
            self._session_of(event).add(event)

    def text(self) -> str:
        """Return plain text, at most about 30 lines for each session in which a person was seen.

        The exercises of each programme follow.
        """
        seen = [each for each in self._sessions if each.seen and each.exercise != AUTO]
        sessions = seen or self._sessions[-1:]
        runs = [
            programme_lines(self._runs, status, self._programme(status.programme))
            for status in self._runs.last_states
        ]
        return "\n\n".join(filter(None, (*(each.text() for each in sessions), *runs)))

    def _session_of(self, event: Event | CueResult) -> "_OneSession":
        """The session of an event; a result may arrive after the next session has started."""
        if isinstance(event, RepetitionResult | QualityResult | HoldResult | ErrorSet):
            for session in reversed(self._sessions):
                if session.exercise == event.exercise:
                    return session
        return self._sessions[-1]


class _OneSession:
    """The results of one session; ``seen`` if it ran while frames were assessed."""

    def __init__(self, words: Mapping[str, str], asked: Asked) -> None:
        self._words = words
        self._asked = asked
        self.exercise = ""
        self.seen = False
        self._running = False
        self._new_errors = NewErrors()
        self._title = ""
        self._kind = ExerciseKind.REPETITIONS
        self._durations_s: list[float] = []
        self._counted = 0
        self._held_s: dict[int, float] = {}
        self._scores: list[float] = []
        self._grades: Counter[Grade] = Counter()
        self._reasons: Counter[str] = Counter()
        self._measures: Counter[tuple[str, str]] = Counter()
        self._errors: Counter[str] = Counter()
        self._error_repetitions: Counter[str] = Counter()
        self._cues: Counter[str] = Counter()
        self._speed_loss = self._score_change = 0.0

    def add(self, event: Event | CueResult) -> None:
        match event:
            case SessionStatus():
                self.exercise = event.exercise
                self._running = event.state is SessionState.RUNNING
                self._title = set_title(event)
                self._kind = event.exercise_kind
                self._speed_loss, self._score_change = event.speed_loss, event.score_change
                self._counted = max(self._counted, event.repetitions)
            case RepetitionResult():
                self._durations_s.append(event.duration_s)
            case HoldResult():
                self._held_s[event.index] = event.held_s
            case QualityResult():
                self._grades[event.grade] += 1
                if event.grade is Grade.NOT_JUDGED:
                    self._reasons[event.reason] += 1
                else:
                    self._scores.append(event.score)
            case ErrorSet():
                self.seen |= self._running
                self._errors.update(error.name for error in self._new_errors.update(event))
                if event.scope is not ErrorScope.LIVE:
                    self._error_repetitions.update({error.name for error in event.errors})
                    unseen = ((m.name, m.reason) for m in event.measures if not m.judged)
                    self._measures.update(dict.fromkeys(unseen).keys())  # of two sides once
            case CueResult() if event.key not in _COUNTED:
                self._cues[event.text] += 1

    def text(self) -> str:
        hold = self._kind is ExerciseKind.HOLD
        # An unfinished repetition may count, of which there is no result.
        count = len(self._held_s) if hold else max(self._counted, len(self._durations_s))
        rows = [f"Session summary{': ' if self._title else ''}{self._title}", ""]
        if hold:
            rows.append(_row("Holds", self._holds()))
        else:
            rows.append(_row("Repetitions", self._repetitions(count)))
            rows.append(_row("Quality", self._quality()))
            if course := self._course():
                rows.append(_row("At the end", course))
        errors = [(self._errors[e], self._error(e, count)) for e in _frequent(self._errors)]
        rows += _block("Errors", errors)
        rows += _block("Not judged", self._not_judged())
        rows += _block("Cues", [(self._cues[cue], cue) for cue in _frequent(self._cues)])
        return "\n".join(printable(row) for row in rows)

    def _repetitions(self, count: int) -> str:
        if not count:
            return "none"
        if not self._durations_s:
            return str(count)
        mean_s = sum(self._durations_s) / len(self._durations_s)
        return f"{count}, {mean_s:.1f} s each on average"

    def _course(self) -> str:
        """How the last two repetitions differ from the fastest one and the first two."""
        course = course_of(self._speed_loss, self._score_change)
        slower, change = course.slower_percent, course.score_change
        speed = "" if slower is None else f"{slower}% slower than the fastest"
        score = "" if change is None else f"score {change:+d} against the beginning"
        return ", ".join(filter(None, (speed, score)))

    def _holds(self) -> str:
        held = list(self._held_s.values())
        if not held:
            return "none"
        return f"{len(held)}, best {max(held):.1f} s, {sum(held):.1f} s in total"

    def _quality(self) -> str:
        if not self._scores:
            return "not judged"
        grades = ", ".join(
            f"{self._grades[grade]} {grade.name.lower()}"
            for grade in (Grade.GOOD, Grade.FAIR, Grade.POOR)
            if self._grades[grade]
        )
        return f"{points(fmean(self._scores))} on average ({grades})"

    def _error(self, name: str, count: int) -> str:
        in_repetitions = self._error_repetitions[name]
        if not in_repetitions:
            return self._words[name]
        what = "hold" if self._kind is ExerciseKind.HOLD else "repetition"
        return f"{self._words[name]}, in {in_repetitions} of {count} {what}{'s' * (count != 1)}"

    def _not_judged(self) -> list[tuple[int, str]]:
        rows = [(self._reasons[r], f"repetition: {r}") for r in _frequent(self._reasons)]
        asked = self._asked(self.exercise) if self._measures else None
        missed: Counter[str] = Counter()
        for (name, reason), count in self._measures.items():
            if asked is None or name in asked:
                why = reason.removeprefix("not judged: ")
                missed[f"{measure_name(name, self._words)}: {why}"] += count
        return rows + [(missed[each], each) for each in _frequent(missed)]


def _row(label: str, text: str) -> str:
    return f"  {label:<12}  {text}"


def _block(label: str, counted: list[tuple[int, str]]) -> list[str]:
    shown = counted[:_ROWS]
    width = max((len(str(count)) for count, _ in shown), default=0)
    texts = [f"{count:{width}d} x {text}" for count, text in shown] or ["none"]
    if len(counted) > _ROWS:
        texts.append(f"and {len(counted) - _ROWS} more")
    return [_row(label if index == 0 else "", text) for index, text in enumerate(texts)]


def _frequent(counts: Counter[str]) -> list[str]:
    """The most frequent first, then in the order in which they came."""
    return sorted(counts, key=lambda name: -counts[name])
