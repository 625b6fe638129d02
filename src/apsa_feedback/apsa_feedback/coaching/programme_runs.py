"""What was done of each exercise of a programme, as terminal and page list it at the end."""

import statistics
from dataclasses import dataclass

from apsa_feedback.stream.events import OutputEvent
from apsa_perception.model.codes import ExerciseKind, Grade
from apsa_perception.model.results import QualityResult, SessionStatus
from apsa_perception.programmes.definition import Programme


@dataclass(frozen=True)
class ExerciseRow:
    """An exercise of a programme.

    Attributes:
        exercise: its name.
        title: its title, with the side that is asked for.
        sets: how many of its sets have a repetition or a hold.
        set_count: how many it has.
        is_hold: whether holds are timed.
        counted: repetitions or holds of all its sets.
        held_s: seconds of all holds.
        score: mean 0..1 of the judged repetitions; None: none was judged.
    """

    exercise: str
    title: str
    sets: int
    set_count: int
    is_hold: bool
    counted: int
    held_s: float
    score: float | None


_Place = tuple[int, str, str]
"""Position in the programme, name and title: those of two sides differ in their titles."""


class ProgrammeRuns:
    """Collects the sets of the runs of programmes.

    Args:
        only_current: whether a run is dropped when the next one begins.
    """

    def __init__(self, only_current: bool = False) -> None:
        self._only_current = only_current
        self._sets: dict[str, dict[str, SessionStatus]] = {}
        self._scores: dict[str, list[float]] = {}

    def add(self, event: OutputEvent) -> None:
        """Take an event of the session."""
        match event:
            case SessionStatus():
                if event.programme_run_id and event.session_id:
                    if self._only_current and event.programme_run_id not in self._sets:
                        self._sets.clear()
                        self._scores.clear()
                    self._sets.setdefault(event.programme_run_id, {})[event.session_id] = event
            case QualityResult():
                if event.exercise_number and event.grade is not Grade.NOT_JUDGED:
                    self._scores.setdefault(event.session_id, []).append(event.score)

    @property
    def last_states(self) -> tuple[SessionStatus, ...]:
        """The last state of each run, in their order."""
        return tuple(list(sets.values())[-1] for sets in self._sets.values())

    def rows(self, status: SessionStatus, programme: Programme | None) -> tuple[ExerciseRow, ...]:
        """Return the exercises of the run of a session in their order.

        None before its first frame, and none for a programme of a single set.

        Args:
            status: a state of the session.
            programme: its programme; None: it is not known, and what has not begun is left out.
        """
        found: dict[_Place, list[SessionStatus]] = {}
        counts: dict[_Place, int] = {}
        for each in programme.sets if programme else ():
            place = (each.exercise_number, each.exercise, each.title)
            found[place], counts[place] = [], each.set_count
        begun = self._sets.get(status.programme_run_id, {})
        for done in begun.values():
            place = (done.exercise_number, done.exercise, done.title)
            found.setdefault(place, []).append(done)
            counts.setdefault(place, done.set_count)
        if not begun or sum(counts.values()) < 2:
            return ()
        return tuple(self._row(place, sets, counts[place]) for place, sets in found.items())

    def _row(self, place: _Place, sets: list[SessionStatus], set_count: int) -> ExerciseRow:
        scores = [score for each in sets for score in self._scores.get(each.session_id, ())]
        return ExerciseRow(
            exercise=place[1],
            title=place[2],
            sets=len({each.set_number for each in sets if each.repetitions or each.holds}),
            set_count=set_count,
            is_hold=any(each.exercise_kind is ExerciseKind.HOLD for each in sets),
            counted=sum(each.repetitions or each.holds for each in sets),
            held_s=sum(each.held_total_s for each in sets),
            score=statistics.fmean(scores) if scores else None,
        )
