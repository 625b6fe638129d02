"""The course of a programme as JSON values for the page."""

from collections.abc import Sequence
from typing import Any

from apsa_feedback.coaching.camera_cues import waits_upside_down
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.planned_sets import PlannedSets
from apsa_feedback.coaching.programme_runs import ProgrammeRuns
from apsa_feedback.stream.formatting import points
from apsa_feedback.stream.tempo import Phases, mean_phases
from apsa_perception.model.codes import SessionState
from apsa_perception.model.results import SessionStatus

_NOTHING = "–"


def course(session: SessionStatus | None, planned: PlannedSets, book: CueBook) -> dict[str, Any]:
    """Return where the person is in a programme, and what is missing before a start.

    Args:
        session: the session; None: there is none yet.
        planned: what its programme plans.
        book: titles and descriptions in the language of the page.
    """
    if session is None:
        return {
            "programme": "",
            "seconds_left": 0,
            "missing": "nothing",
            "next": "",
            "next_exercise": "",
        }
    return {
        "programme": session.programme,
        "exercise_number": session.exercise_number,
        "exercise_count": session.exercise_count,
        "set_number": session.set_number,
        "set_count": session.set_count,
        "seconds_left": session.seconds_left,
        "missing": "upside_down" if waits_upside_down(session) else session.missing.name.lower(),
        "next": book.title(session.next_exercise, session.next_title),
        "next_exercise": session.next_exercise,
        "tempo": session.tempo,
        "warm_up": planned.is_warm_up(session),
        "description": _description(session, planned, book),
    }


def programme_results(
    session: SessionStatus | None, runs: ProgrammeRuns, planned: PlannedSets, book: CueBook
) -> list[list[str]]:
    """Return a row for each exercise of a programme that has ended; else none.

    A row has title, sets, what was counted and the mean score, as people read them.
    """
    if session is None or session.state is not SessionState.CLOSED:
        return []
    return [
        [
            book.title(row.exercise, row.title),
            f"{row.sets} / {row.set_count}",
            f"{row.held_s:.0f} s" if row.is_hold else str(row.counted),
            _NOTHING if row.score is None else str(points(row.score)),
        ]
        for row in runs.rows(session, planned.programme(session))
    ]


def tempo_measured(
    session: SessionStatus | None, repetitions: Sequence[Phases], book: CueBook
) -> dict[str, str] | None:
    """Return the phases of the last repetition, after the set their mean, with the tempo asked for.

    None without a tempo, or before the first repetition.

    Args:
        session: the session; None: there is none yet.
        repetitions: the phases of the repetitions of the set.
        book: the words of the page.
    """
    if session is None or not repetitions:
        return None
    ended = session.state in (SessionState.RESTING, SessionState.CLOSED)
    shown = mean_phases(repetitions) if ended else repetitions[-1]
    label = book.words["tempo_average" if ended else "tempo_last"]
    text = shown.against(session.tempo, book.words) if shown else ""
    return {"label": label, "text": text} if text else None


def _description(session: SessionStatus, planned: PlannedSets, book: CueBook) -> str:
    """What is done in the programme, while its first set is prepared; otherwise empty."""
    programme = planned.programme(session)
    first = session.exercise_number == session.set_number == 1
    if programme is None or session.state is not SessionState.PREPARING or not first:
        return ""
    return book.programme_description(programme.name, programme.description)
