"""The page of a report: one file that needs nothing else, for screen and paper."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from statistics import fmean
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.translation import reason_words
from apsa_feedback.outputs.report import charts, hold_charts
from apsa_feedback.outputs.report.adherence import PlannedWeek
from apsa_feedback.outputs.report.figure import drawings
from apsa_feedback.outputs.report.history import by_day
from apsa_feedback.outputs.report.history_charts import over_time
from apsa_feedback.outputs.report.records import HoldRecord, Past, RepetitionRecord
from apsa_feedback.outputs.report.score_sentences import score_sentences
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.svg import Element, markup
from apsa_feedback.outputs.report.time_axis import day_of, span_of
from apsa_feedback.stream.formatting import amount, localised, points
from apsa_feedback.stream.set_course import course_of
from apsa_feedback.stream.tempo import mean_phases
from apsa_perception.model.codes import Severity

PACKAGE = "apsa_feedback.outputs.report"
_TEMPLATE = "report.html.jinja"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNKNOWN = "–"


def page(
    record: SessionRecord,
    book: CueBook,
    written: str,
    past: Sequence[Past] = (),
    guide: Mapping[str, Any] | None = None,
    week: PlannedWeek | None = None,
) -> str:
    """Return the page as HTML.

    Args:
        record: the session.
        book: the words of the language.
        written: ISO 8601 time at which the report is written.
        past: earlier sessions of the same person and exercise, oldest first.
        guide: how the exercise is done; None: that is not known.
        week: the week of the person's plan; None: the programme is not planned.
    """
    words = book.words
    measure = words.get(f"measure_{record.measure}", record.measure)
    course = course_of(*record.course)
    letters = _letters(record.holds.values() if record.is_hold else record.repetitions)
    return (
        environment(words)
        .get_template(_TEMPLATE)
        .render(
            locale=book.locale,
            book=book,
            reason_words=reason_words,
            words=words,
            title=book.title(record.exercise, record.title),
            style=(files(PACKAGE) / "style.css").read_text(encoding="utf-8"),
            day=datetime.fromisoformat(written).strftime("%Y-%m-%d %H:%M"),
            record=record,
            programme=book.programme(record.plan.programme, record.plan.title)
            if record.plan
            else "",
            summary=record.summary(),
            measure=measure,
            letters=letters,
            curve_key=_curve_key(record, letters, words),
            past=past,
            guide=guide,
            week=week,
            today=week.on(datetime.fromisoformat(written).date()) if week else None,
            scores=score_sentences(record.repetitions, words),
            course=course.lines(words),
            course_meaning=course.meaning(words),
            tempo=_tempo(record, words),
            figure=drawings(guide) if guide else None,
            charts={
                **_charts(record, letters, words, measure),
                "trends": _trends(record, words, written, past),
            },
        )
    )


def _tempo(record: SessionRecord, words: Mapping[str, str]) -> str:
    """The mean phases of the set with the tempo that was asked for; empty without one."""
    asked = record.plan.tempo if record.plan else ""
    mean = mean_phases([one.phases for one in record.repetitions if one.phases])
    phases = mean.against(asked, words) if mean else ""
    return f"{words['tempo_average']}: {phases}" if phases else ""


def environment(words: Mapping[str, str]) -> Environment:
    """Return the template environment: text is escaped, an unknown name is an error.

    Its filters write numbers as the language of the words does.
    """
    environment = Environment(
        loader=PackageLoader(PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "amount": lambda value, unit="": localised(_amount(value, unit), words),
        "clock": _clock,
        "number": lambda value, form: localised(form % value, words),
        "score": _score,
        "svg": lambda chart: _localised_markup(chart, words),
    }
    return environment


def _localised_markup(chart: Element, words: Mapping[str, str]) -> str:
    for text in chart.iter("text"):
        text.text = localised(text.text or "", words)
    return markup(chart)


def _charts(
    record: SessionRecord, letters: Mapping[str, str], words: Mapping[str, str], measure: str
) -> dict[str, Any]:
    """The charts of the repetitions or holds; none without any."""
    if record.holds:
        return {"holds": hold_charts.held_times(list(record.holds.values()), words["time_held"])}
    repetitions, unit = record.repetitions, record.unit
    if not repetitions:
        return {}
    compared = any(r.side_difference is not None for r in repetitions)
    return {
        "curves": charts.curves(record, letters, measure),
        "quality": charts.quality(repetitions, words["quality"]),
        "ranges": charts.ranges(repetitions, unit, words["report_range"]),
        "symmetry": (
            charts.symmetry(repetitions, unit, words["report_symmetry"]) if compared else None
        ),
    }


def _curve_key(record: SessionRecord, letters: Mapping[str, str], words: Mapping[str, str]) -> str:
    lines = [
        f"{sign} {words[s]}" for s, sign in (("left", "━"), ("right", "╍")) if s in record.curve
    ]
    lines.append(f"╌ {words['target']}")
    signs = [f"◆ {letter} {words[name]}" for name, letter in letters.items()]
    if any(e.severity >= Severity.SEVERE for r in record.repetitions for e in r.errors):
        signs.append(f"▲ {words['severe']}")
    return "   ".join(lines + signs)


def _trends(
    record: SessionRecord, words: Mapping[str, str], written: str, past: Sequence[Past]
) -> list[tuple[str, Element]]:
    """Quality and range over the days; what is not known on two of them is left out."""
    summary = record.summary()
    sessions = [(p.written, p.mean_score, p.mean_range, p.best_hold_s) for p in past]
    sessions.append((written, summary.mean_score, summary.mean_range, summary.best_hold_s))
    times = [datetime.fromisoformat(when) for when, *_ in sessions]
    scores = [_points(score) for _, score, _, _ in sessions]
    ranges = [way for _, _, way, _ in sessions]
    holds = [best for _, _, _, best in sessions]
    shown = (
        (words["quality"], scores, fmean, "", 100.0),
        (words["report_range"], ranges, fmean, record.unit, 0.0),
        (words["best"], holds, max, "s", 0.0),
    )
    found = []
    span = span_of([day_of(when) for when in times])
    for name, values, combined, unit, full in shown:
        known = [(at, float(v)) for at, v in zip(times, values, strict=True) if v is not None]
        of_days = by_day(known, combined)
        chart = over_time({"": of_days}, span, unit, name, full)
        if chart is not None and len(of_days) > 1:
            found.append((name, chart))
    return found


def _letters(repetitions: Iterable[RepetitionRecord | HoldRecord]) -> dict[str, str]:
    names = sorted({error.name for r in repetitions for error in r.errors})
    return dict(zip(names, _LETTERS, strict=False))


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"


def _amount(value: float | None, unit: str = "") -> str:
    return _UNKNOWN if value is None else amount(value, unit)


def _points(score: float | None) -> int | None:
    return None if score is None else points(score)


def _score(score: float | None) -> str:
    return _amount(_points(score))
