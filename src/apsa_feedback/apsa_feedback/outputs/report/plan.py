"""The place of a session in a programme, and what was planned for it."""

from dataclasses import dataclass

from apsa_perception.model.codes import SetEnd
from apsa_perception.model.results import SessionStatus
from apsa_perception.model.time import to_seconds
from apsa_perception.programmes.definition import Programme

_COMPLETE = (SetEnd.COUNT, SetEnd.TIME)
_ENDED_AS_PLANNED = (*_COMPLETE, SetEnd.FORM, SetEnd.FATIGUE)
_TIME_TOLERANCE_S = 1.0
"""The first and the last frame of a timed set are within its time."""


@dataclass(slots=True)
class PlannedPart:
    """A set of a programme.

    Attributes:
        programme: name of the programme.
        title: its title for people.
        run: the same in all sets of a run of the programme.
        sets: sets of the whole programme.
        exercise_number: position of the exercise, from 1.
        set_number: set of the exercise, from 1.
        repetitions: planned repetitions; 0: no number.
        seconds: planned time, of a hold that in the position; 0: none.
        ended: whether an end that the programme provides for was reached.
        warm_up: whether it is a warm-up, which averages leave out.
        took_s: time until its repetitions were done or its time was over, with one decimal as the
            coach says it; 0: it did not end that way.
        tempo: asked for, such as 3-1-2; empty: none.
    """

    programme: str
    title: str
    run: str
    sets: int
    exercise_number: int
    set_number: int
    repetitions: int
    seconds: float
    ended: bool = False
    warm_up: bool = False
    took_s: float = 0.0
    tempo: str = ""

    def note_end(self, status: SessionStatus) -> None:
        """Note why and after which time the set has ended; the first status of the end counts."""
        self.ended = self.ended or status.set_end in _ENDED_AS_PLANNED
        if status.set_end in _COMPLETE and status.started_ns and not self.took_s:
            self.took_s = round(to_seconds(status.stamp_ns - status.started_ns), 1)

    def is_done(self, repetitions: int, held_s: float | None, duration_s: float) -> bool:
        """Whether the set was done as planned.

        Args:
            repetitions: repetitions done.
            held_s: time in the position; None: it is no hold.
            duration_s: time of the whole set.
        """
        took_s = duration_s if held_s is None else held_s
        timed = self.seconds > 0 and took_s >= self.seconds - _TIME_TOLERANCE_S
        return self.ended or 0 < self.repetitions <= repetitions or timed


def planned_part(status: SessionStatus, programme: Programme | None) -> PlannedPart | None:
    """Return the plan of a session; None without a programme, or before it has begun.

    Args:
        status: the session.
        programme: its programme, if it is known.
    """
    if not status.programme or not status.programme_run_id:
        return None
    place = (status.exercise, status.exercise_number, status.set_number)
    planned = programme.set_at(*place) if programme else None
    return PlannedPart(
        programme=status.programme,
        title=programme.title if programme else status.programme,
        run=status.programme_run_id,
        sets=len(programme.sets) if programme else 0,
        exercise_number=status.exercise_number,
        set_number=status.set_number,
        repetitions=status.target_repetitions,
        seconds=planned.seconds if planned else status.target_hold_s,
        warm_up=planned is not None and planned.warm_up,
        tempo=status.tempo,
    )
