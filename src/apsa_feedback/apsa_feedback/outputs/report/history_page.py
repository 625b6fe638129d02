"""The page over all sessions of a person: one file that needs nothing else."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.report import history_charts as charts
from apsa_feedback.outputs.report.history import (
    ExerciseHistory,
    Series,
    exercises_of,
    range_by_side,
    ratings_of,
    runs_of,
)
from apsa_feedback.outputs.report.page import PACKAGE, environment
from apsa_feedback.outputs.report.plan_section import PlanSection
from apsa_feedback.outputs.report.stored_record import StoredRecord
from apsa_feedback.outputs.report.svg import Element
from apsa_feedback.outputs.report.time_axis import day_of, span_of

_TEMPLATE = "history.html.jinja"
_SIGNS = {"left": "━ ●", "right": "╍ ■", "pain": "━ ●", "effort": "╍ ■"}


def history_page(
    person: str,
    reports: Sequence[StoredRecord],
    book: CueBook,
    plan: PlanSection | None = None,
) -> str:
    """Return the page as HTML; it links to the pages of the reports, which lie beside it.

    Args:
        person: the pseudonym.
        reports: the person's reports, oldest first.
        book: the words of the language.
        plan: the weekly plan and how it was kept; None: there is none.
    """
    words = book.words
    span = span_of([day_of(each.written) for each in reports]) if reports else (0.0, 1.0)
    runs = runs_of(reports)
    followed = {"": [(day_of(r.begun), r.share) for r in reversed(runs) if r.share is not None]}
    ratings = ratings_of(reports)
    return (
        environment(words)
        .get_template(_TEMPLATE)
        .render(
            locale=book.locale,
            words=words,
            style=(files(PACKAGE) / "style.css").read_text(encoding="utf-8"),
            person=person,
            book=book,
            reports=[(each, range_by_side(each.record)) for each in reversed(reports)],
            weekly=plan,
            runs=runs,
            plan=charts.over_time(followed, span, "%", words["history_plan"], 100.0),
            ratings=charts.over_time(ratings, span, "", words["rating_pain"], 10.0),
            ratings_key=_key(ratings, {name: words[f"rating_{name}"] for name in ratings}),
            exercises=[
                (_heading(each, book), _charts(each, span, words)) for each in exercises_of(reports)
            ],
        )
    )


def _heading(exercise: ExerciseHistory, book: CueBook) -> str:
    return " / ".join(book.title(name, title) for name, title in exercise.titles.items())


def _charts(
    exercise: ExerciseHistory, span: tuple[float, float], words: Mapping[str, str]
) -> list[tuple[str, Element, str]]:
    """Heading, chart and key of each part of an exercise."""
    weekly = words["history_week_sets"]
    shown = [(weekly, charts.per_week(exercise.sets, span, weekly), "")]
    for title, series, unit, full in (
        (words["report_range"], exercise.ranges, exercise.unit, 0.0),
        (words["quality"], exercise.qualities, "", 100.0),
        (words["best"], exercise.holds, "s", 0.0),
    ):
        chart = charts.over_time(_sorted(series), span, unit, title, full)
        if chart is not None:
            shown.append((title, chart, _key(series, words)))
    return shown


def _sorted(series: Series) -> Series:
    """The series with left before right, as in the key."""
    return dict(sorted(series.items()))


def _key(series: Series, words: Mapping[str, str]) -> str:
    return "   ".join(f"{_SIGNS[name]} {words[name]}" for name in sorted(series) if name in _SIGNS)
