"""The page of a report: one file that needs nothing else, for screen and paper."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.report import charts
from apsa_feedback.outputs.report.markup import Element, document, tag
from apsa_feedback.outputs.report.record import Past, RepetitionRecord, SessionRecord
from apsa_feedback.stream.formatting import amount, points
from apsa_perception.model.codes import Severity

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TIMED_SESSIONS = 7
"""So many sessions have room for the time of day beside the day."""


def page(record: SessionRecord, book: CueBook, written: str, past: Sequence[Past] = ()) -> str:
    """Return the page as HTML.

    Args:
        record: the session.
        book: the words of the language.
        written: ISO 8601 time at which the report is made.
        past: earlier sessions of the same person and exercise, oldest first.
    """
    words = book.words
    title = book.title(record.exercise, record.title)
    measure = words.get(f"measure_{record.measure}", record.measure)
    letters = _letters(record.repetitions)
    body = [_head(record, words, title, written), _facts(record, words)]
    if record.repetitions:
        body += [
            _section(
                f"{words['report_course']}: {measure}",
                *charts.curves(record, letters, measure),
                _key(record, letters, words),
            ),
            _section(words["quality"], charts.quality(record.repetitions, words["quality"])),
            *_range_and_symmetry(record, words),
            _table(record, letters, words),
        ]
    else:
        body.append(tag("p", words["report_empty"], class_="lead"))
    body += [_trend(record, words, written, past), _cues(record, words)]
    body.append(tag("footer", words["report_notice"]))
    return document(
        tag(
            "html",
            tag(
                "head",
                tag("meta", charset="utf-8"),
                tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
                tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
                tag("title", f"{words['report_title']}: {title}"),
                tag("style", _style()),
            ),
            tag("body", tag("main", *body)),
            lang=book.locale,
        )
    )


def _style() -> str:
    return (files("apsa_feedback.outputs.report") / "style.css").read_text(encoding="utf-8")


def _head(record: SessionRecord, words: Mapping[str, str], title: str, written: str) -> Element:
    day = datetime.fromisoformat(written).strftime("%Y-%m-%d %H:%M")
    person = f"{words['report_person']} {record.person} · " if record.person else ""
    return tag(
        "header",
        tag("p", words["report_title"], class_="kind"),
        tag("h1", title),
        tag("p", f"{person}{day} · {_clock(record.duration_s)}"),
    )


def _facts(record: SessionRecord, words: Mapping[str, str]) -> Element:
    summary = record.summary()
    facts = [
        (words["repetitions"], str(summary.repetitions)),
        (words["grade_good"], f"{summary.good} / {summary.judged}"),
        (words["quality"], _known(_points(summary.mean_score))),
        (words["report_range"], _known(summary.mean_range, record.unit)),
        (words["report_symmetry"], _known(summary.mean_side_difference, record.unit)),
    ]
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in facts))


def _range_and_symmetry(record: SessionRecord, words: Mapping[str, str]) -> list[Element]:
    repetitions, unit = record.repetitions, record.unit
    way = charts.ranges(repetitions, unit, words["report_range"])
    legend = f"○ {words['report_rest']}   ● {words['report_peak']}   ╌ {words['target']}"
    parts = [_section(words["report_range"], way, tag("p", legend, class_="key"))]
    if any(r.side_difference is not None for r in repetitions):
        difference = charts.symmetry(repetitions, unit, words["report_symmetry"])
        parts.append(_section(words["report_symmetry"], difference))
    return parts


def _key(record: SessionRecord, letters: Mapping[str, str], words: Mapping[str, str]) -> Element:
    lines = [
        f"{sign} {words[s]}" for s, sign in (("left", "━"), ("right", "╍")) if s in record.curve
    ]
    lines.append(f"╌ {words['target']}")
    signs = [f"◆ {letter} {words[name]}" for name, letter in letters.items()]
    if any(e.severity >= Severity.SEVERE for r in record.repetitions for e in r.errors):
        signs.append(f"▲ {words['severe']}")
    return tag("p", "   ".join(lines + signs), class_="key")


def _table(record: SessionRecord, letters: Mapping[str, str], words: Mapping[str, str]) -> Element:
    names = ("quality", "report_rest", "report_peak", "target", "report_symmetry",
             "report_duration", "report_errors")  # fmt: skip
    head = tag("tr", tag("th", "#"), *(tag("th", words[name]) for name in names))
    rows = [_row(r, record.unit, letters, words) for r in record.repetitions]
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return _section(words["repetitions"], table)


def _row(
    r: RepetitionRecord, unit: str, letters: Mapping[str, str], words: Mapping[str, str]
) -> Element:
    grade = words[f"grade_{r.grade}"]
    score = _points(r.score)
    judged = grade if score is None else f"{amount(score, '')} {grade}"
    side = "" if r.side == "both" else f" {words[r.side]}"
    difference = _known(r.side_difference, unit)
    errors = ", ".join(f"{letters[e.name]} {words[e.name]}" for e in r.errors)
    quality = tag("td", judged, *([tag("small", r.reason)] if r.reason else []))
    plain = (amount(r.rest, unit), amount(r.peak, unit), amount(r.target, unit), difference,
             f"{r.duration_s:.1f} s", errors or "–")  # fmt: skip
    return tag("tr", tag("td", f"{r.index}{side}"), quality, *(tag("td", text) for text in plain))


def _trend(
    record: SessionRecord, words: Mapping[str, str], written: str, past: Sequence[Past]
) -> Element:
    heading = words["report_trend"]
    if not record.person or not past:
        key = "report_first" if record.person else "report_unnamed"
        return _section(heading, tag("p", words[key]))
    summary = record.summary()
    sessions = [(p.written, p.mean_score, p.mean_range) for p in past]
    sessions.append((written, summary.mean_score, summary.mean_range))
    form = "%m-%d %H:%M" if len(sessions) <= _TIMED_SESSIONS else "%m-%d"
    days = [datetime.fromisoformat(when).strftime(form) for when, _, _ in sessions]
    scores = [(day, _points(score)) for day, (_, score, _) in zip(days, sessions, strict=True)]
    ways = [(day, way) for day, (_, _, way) in zip(days, sessions, strict=True)]
    parts: list[Element] = []
    for name, values, unit, full in (
        (words["quality"], scores, "", 100.0),
        (words["report_range"], ways, record.unit, 0.0),
    ):
        chart = charts.trend(values, unit, name, full)
        if chart is not None:
            parts += [tag("h3", name), chart]
    return _section(heading, *(parts or [tag("p", words["grade_not_judged"])]))


def _cues(record: SessionRecord, words: Mapping[str, str]) -> Element:
    items = [tag("li", tag("b", _clock(at)), f" {text}") for at, text in record.cues]
    return _section(words["report_cues"], tag("ul", *items))


def _section(title: str, *content: Element) -> Element:
    return tag("section", tag("h2", title), *content)


def _letters(repetitions: Iterable[RepetitionRecord]) -> dict[str, str]:
    names = sorted({error.name for r in repetitions for error in r.errors})
    return dict(zip(names, _LETTERS, strict=False))


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"


def _points(score: float | None) -> int | None:
    return None if score is None else points(score)


def _known(value: float | None, unit: str = "") -> str:
    return "–" if value is None else amount(value, unit)
