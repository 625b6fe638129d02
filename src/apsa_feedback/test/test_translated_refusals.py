"""What a therapist is refused about limits and plans is shown in the language of the page."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from apsa_feedback.coaching.translation import translated
from apsa_feedback.nodes.plan_commands import PlanCommands
from apsa_feedback.outputs.report.weekly_plan import PlannedProgramme, WeeklyPlan
from apsa_feedback.outputs.report.weekly_plan_file import plan_path, read_plan, write_plan
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.programmes.library import ProgrammeLibrary
from support.feedback_cases import CUE_FOLDER, book
from support.history_cases import PERSON

EXERCISES = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
PROGRAMMES = ProgrammeLibrary(EXERCISES, CUE_FOLDER.parent / "programmes")
LOCALES = ["de", "es", "zh"]
LEAN = "trunk_lean_forward:trunk_lean_forward"
DEPTH = "insufficient_depth:peak"
VALGUS = "knee_valgus:knee_separation_ratio"
RAISE = "shoulder_abduction_left"
RANGE = "insufficient_range:peak"
MOST = 100
"""Programmes that a plan can have."""


def sentence(ask: Callable[[], object]) -> str:
    with pytest.raises(ValueError, match=r".") as refused:
        ask()
    return str(refused.value)


def refused_limit(exercise: str, key: str, limit: float) -> str:
    limits = PersonalLimits({(exercise, key): limit})
    return sentence(lambda: limits.check(EXERCISES, PersonalLimits()))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("exercise", "key", "limit", "values"),
    [
        ("squat", LEAN, 500.0, ("500°", "-180°", "180°")),
        ("squat", "too_fast:duration", -1.5, ("-1.5 s", "0 s", "60 s")),
        ("squat", VALGUS, 20.5, ("20.5", "-20", "20")),
        ("squat", DEPTH, 85.0, ("85", "90")),
        (RAISE, RANGE, 175.0, ("175", f"{EXERCISES.get(RAISE).primary.target:g}")),
    ],
)
def test_a_limit_that_cannot_be_is_explained_in_the_language(
    locale: str, exercise: str, key: str, limit: float, values: tuple[str, ...]
) -> None:
    words = book(locale).words
    shown = translated(refused_limit(exercise, key, limit), book(locale))
    assert shown.locale == locale
    assert words[key.partition(":")[0]] in shown.text
    for value in values:
        assert value.replace(".", words["decimal_mark"]) in shown.text
    assert not re.search(f"expected|deg|{key}", shown.text)


@pytest.mark.parametrize("locale", LOCALES)
def test_an_error_that_the_exercise_no_longer_has_is_named(locale: str) -> None:
    shown = translated(refused_limit("squat", "knee_valgus:depth", 1.0), book(locale))
    assert shown.locale == locale
    assert book(locale).exercises["squat"] in shown.text
    assert book(locale).words["knee_valgus"] in shown.text
    assert "squat has no error" not in shown.text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_plan_that_cannot_be_changed_says_why_in_the_language(
    tmp_path: Path, locale: str
) -> None:
    entry = '{"programme": "knee", "start": "2026-11-02"}'
    nobody = PlanCommands(tmp_path, lambda: "", PROGRAMMES)
    anybody = PlanCommands(tmp_path, lambda: PERSON, PROGRAMMES)
    for ask, part in (
        (lambda: nobody.remove(entry), "report.person"),
        (lambda: anybody.remove(entry), "2026-11-02"),  # another page has removed it
    ):
        shown = translated(sentence(ask), book(locale))
        assert shown.locale == locale
        assert part in shown.text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_plan_that_could_not_be_read_again_is_not_written(tmp_path: Path, locale: str) -> None:
    start = date(2026, 1, 5)
    entries = [
        PlannedProgramme("knee", start + timedelta(days=7 * week), 1, 3) for week in range(MOST)
    ]
    write_plan(tmp_path, PERSON, WeeklyPlan.of(entries))
    before = plan_path(tmp_path, PERSON).read_text()
    one_more = '{"programme": "shoulder", "days_per_week": 3, "start": "2026-01-05", "weeks": 1}'
    commands = PlanCommands(tmp_path, lambda: PERSON, PROGRAMMES)
    shown = translated(sentence(lambda: commands.set(one_more)), book(locale))
    assert shown.locale == locale
    assert re.findall(r"\d+", shown.text) == ["101", "100"]
    assert plan_path(tmp_path, PERSON).read_text() == before
    assert len(read_plan(tmp_path, PERSON).programmes) == MOST
