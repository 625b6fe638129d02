"""At the end of a programme terminal and page list all of its exercises."""

import re
from dataclasses import replace

import pytest

from apsa_feedback.coaching.programme_runs import ProgrammeRuns
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.terminal.summary import SessionSummary
from apsa_perception.model.codes import ExerciseKind, SessionState
from apsa_perception.model.results import QualityResult, SessionStatus
from apsa_perception.programmes.definition import PlannedSet, Programme
from apsa_perception.programmes.library import ProgrammeLibrary
from support.feedback_cases import CUE_FOLDER, book, live, repetition, session, with_boundaries
from support.runs import EXERCISES

SQUATS = PlannedSet("squat", "Squat", 1, 1, 2, repetitions=3)
MINE = Programme(
    "mine",
    "Mine",
    "",
    (
        SQUATS,
        replace(SQUATS, set_number=2),
        PlannedSet("wall_sit", "Wall sit", 2, 1, 1, seconds=30.0),
        PlannedSet("lunge", "Lunge", 3, 1, 2, repetitions=3),
    ),
)
PROGRAMMES = ProgrammeLibrary(EXERCISES, CUE_FOLDER.parent / "programmes")


def of_set(planned: PlannedSet, start_s: float, count: int, *scores: float) -> list[OutputEvent]:
    """The results of a set; in a hold there is one of 20 seconds."""
    name = f"s{planned.exercise_number}{planned.set_number}"
    place = {"session_id": name, "exercise_number": planned.exercise_number,
             "set_number": planned.set_number}  # fmt: skip
    hold = {"exercise_kind": ExerciseKind.HOLD, "holds": 1, "held_total_s": 20.0}
    running = replace(
        session(start_s, session_id=name), programme="mine", programme_run_id="s11",
        exercise=planned.exercise, title=planned.title, exercise_number=planned.exercise_number,
        exercise_count=3, set_number=planned.set_number, set_count=planned.set_count,
        **(hold if planned.seconds else {"repetitions": count}),
    )  # fmt: skip
    found: list[OutputEvent] = [running, live(start_s)]
    for index, score in enumerate(scores, 1):
        for event in repetition(start_s + 2.0 * index, index):
            if isinstance(event, QualityResult):
                found.append(replace(event, score=score, exercise=planned.exercise, **place))
    return found


def run() -> list[OutputEvent]:
    """Two sets of squats and a hold; the lunges were not begun."""
    first, second, hold, _ = MINE.sets
    events = [*of_set(first, 0.0, 3, 0.9, 0.7), *of_set(second, 20.0, 2, 0.5),
              *of_set(hold, 40.0, 1)]  # fmt: skip
    last = next(each for each in reversed(events) if hasattr(each, "programme_run_id"))
    return [*events, replace(last, state=SessionState.CLOSED)]


@pytest.mark.parametrize("known", [MINE, None])
def test_the_terminal_lists_every_exercise_of_the_programme(known: Programme | None) -> None:
    summary = SessionSummary(book().words, programme=lambda name: known if name == "mine" else None)
    for event in with_boundaries(run()):
        summary.add(event)
    listed = summary.text().partition("Programme summary: ")[2].splitlines()
    assert listed[:2] == ["Mine" if known else "mine", ""]
    assert [re.split(" {2,}", line.strip()) for line in listed[2:]] == [
        ["Exercise", "Sets", "Counted", "Quality"],
        ["Squat", "2 of 2", "5", "70"],
        ["Wall sit", "1 of 1", "20 s held", "-"],
        *([["Lunge", "0 of 2", "-", "-"]] if known else []),
    ]


def test_an_exercise_without_a_programme_has_no_summary_of_one() -> None:
    summary = SessionSummary(book().words)
    for event in with_boundaries([session(), live(0.0), *repetition(4.0, 1)]):
        summary.add(event)
    assert "Programme summary" not in summary.text()


def test_the_page_lists_every_exercise_once_the_programme_has_ended() -> None:
    content = ScreenContent(book("de"), EXERCISES, PROGRAMMES)
    *under_way, end = with_boundaries(run())
    for event in under_way:
        content.on_event(event)
    assert content.state()["results"] == []
    content.on_event(end)
    assert content.state()["results"] == [
        ["Kniebeuge", "2 / 2", "5", "70"],
        ["Wandsitz", "1 / 1", "20 s", "–"],
    ]
    chosen = replace(session(90.0, SessionState.CLOSED, ""), programme="knee")
    for following in (chosen, session(95.0, session_id="s9")):
        content.on_event(following)
        assert content.state()["results"] == []


@pytest.mark.parametrize("only_current", [False, True])
def test_where_one_run_is_shown_the_earlier_ones_are_dropped(only_current: bool) -> None:
    runs = ProgrammeRuns(only_current)
    for event in run():
        runs.add(event)
    first = runs.last_states[-1]
    for start_s, name in ((100.0, "a"), (120.0, "b")):
        for event in of_set(SQUATS, start_s, 1, 0.2):
            if isinstance(event, SessionStatus | QualityResult):
                event = replace(event, session_id=name)
            if isinstance(event, SessionStatus):
                event = replace(event, programme_run_id="a")
            runs.add(event)
    last = runs.last_states[-1]
    assert (last.programme_run_id, last.session_id) == ("a", "b")
    (squats,) = runs.rows(last, None)
    assert (squats.counted, squats.score) == (2, pytest.approx(0.2))
    assert [row.counted for row in runs.rows(first, None)] == ([] if only_current else [5, 1])
    assert runs.last_states == ((last,) if only_current else (first, last))
