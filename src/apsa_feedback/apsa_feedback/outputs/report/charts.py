"""The charts of a report. Dashes, patterns and symbols carry the meaning, not only colour."""

import math
from collections.abc import Iterable, Mapping, Sequence

from apsa_feedback.outputs.report.axes import Axes, bounds
from apsa_feedback.outputs.report.curve import Curve
from apsa_feedback.outputs.report.records import ErrorRecord, RepetitionRecord
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.report.svg import Element, tag
from apsa_feedback.stream.formatting import amount, points
from apsa_perception.model.codes import Severity

_STRIP_S = 30.0
_DIAMOND = "M0-9L9 0 0 9-9 0z"
_TRIANGLE = "M0-10L10 8H-10z"
_LEAST = {"deg": 20.0}


def curves(record: SessionRecord, letters: Mapping[str, str], title: str) -> list[Element]:
    """Return the primary measure over time, in strips, with repetitions and errors marked.

    Args:
        record: the session.
        letters: the letter of each error, by its name.
        title: name of the measure.
    """
    values = [v for curve in record.curve.values() for v in curve.least_and_largest()]
    values += [r.target for r in record.repetitions]
    if not values:
        return []
    y = bounds(values, _LEAST.get(record.unit, 0.5))
    count = max(1, math.ceil(record.duration_s / _STRIP_S))
    length = max(record.duration_s, 1.0) / count
    strips = [(i * length, (i + 1) * length) for i in range(count)]
    shown = [span for span in strips if count == 1 or _inside(record.repetitions, *span)]
    return [
        _strip(record, letters, Axes(span, y, 230.0), f"{title}, {span[0]:.0f}-{span[1]:.0f} s")
        for span in shown
    ]


def _inside(repetitions: Iterable[RepetitionRecord], low: float, high: float) -> bool:
    return any(r.start_s < high and r.end_s > low for r in repetitions)


def _strip(record: SessionRecord, letters: Mapping[str, str], axes: Axes, title: str) -> Element:
    low, high = axes.x
    content: list[Element] = []
    marks: list[Element] = []
    for r in record.repetitions:
        if not _inside([r], low, high):
            continue
        left, right = axes.across(max(r.start_s, low)), axes.across(min(r.end_s, high))
        content.append(
            tag("rect", x=left, y=12.0, width=right - left, height=axes.floor - 12, class_="span")
        )
        content.append(tag("text", str(r.index), x=left + 6, y=28.0, class_="index"))
        target = axes.up(r.target)
        content.append(tag("path", d=f"M{left:.1f} {target:.1f}H{right:.1f}", class_="target"))
        for number, error in enumerate(r.errors):
            at = _moment(r, error)
            if low <= at < high:
                marks += _mark(axes, record.curve.values(), error, letters[error.name], at, number)
    for side, curve in record.curve.items():
        content.append(tag("path", d=_line(curve, axes), class_=f"curve {side}"))
    return axes.chart(*content, *marks, title=title, unit=record.unit)


def _moment(repetition: RepetitionRecord, error: ErrorRecord) -> float:
    """Time of an error's mark: the turning point if it is within the error, else its middle."""
    if error.start_s <= repetition.peak_s <= error.end_s:
        return repetition.peak_s
    return (error.start_s + error.end_s) / 2


def _mark(
    axes: Axes,
    sides: Iterable[Curve],
    error: ErrorRecord,
    letter: str,
    at: float,
    number: int,
) -> list[Element]:
    """A symbol on the nearest curve with its letter; several at one time are side by side."""
    points = [point for curve in sides if (point := curve.nearest(at)) is not None]
    near = min(points, key=lambda p: abs(p[0] - at), default=(at, sum(axes.y) / 2))
    x, y = axes.across(at) + 34.0 * number, axes.up(near[1] or 0.0)
    severe = error.severity >= Severity.SEVERE
    shape = _TRIANGLE if severe else _DIAMOND
    place = f"translate({x:.1f} {y:.1f})"
    return [
        tag("path", d=shape, transform=place, class_="mark severe" if severe else "mark"),
        tag("text", letter, x=x + 12, y=y + 5, class_="letter"),
    ]


def _line(curve: Curve, axes: Axes) -> str:
    """Path of the curve within the axes, with gaps where the measure was not judged."""
    path, pen_down = [], False
    for at, value in curve.between(*axes.x):
        if value is None:
            pen_down = False
            continue
        path.append(f"{'L' if pen_down else 'M'}{axes.across(at):.1f} {axes.up(value):.1f}")
        pen_down = True
    return "".join(path)


def quality(repetitions: Sequence[RepetitionRecord], title: str) -> Element:
    """Return a bar for each repetition: filled, striped, hollow or dashed by its grade."""
    axes = _by_repetition(repetitions, (0.0, 118.0))  # room for the number above a bar of 100
    content = []
    for place, r in enumerate(repetitions, 1):
        x, wide = _bar(axes, place)
        score = 100.0 * (r.score if r.score is not None else 0.5)
        top = axes.up(score)
        text = "?" if r.score is None else str(points(r.score))
        content += [
            tag("rect", x=x, y=top, width=wide, height=axes.floor - top, class_=f"bar {r.grade}"),
            tag("text", text, x=x + wide / 2, y=top - 5, class_="middle value"),
        ]  # fmt: skip
    return axes.chart(*_stripes(), *content, *_indices(axes, repetitions), title=title,
                      labels_x=False)  # fmt: skip


def ranges(repetitions: Sequence[RepetitionRecord], unit: str, title: str) -> Element:
    """Return the range from rest (hollow) to the turning point (filled), and the target."""
    values = [v for r in repetitions for v in (r.rest, r.peak, r.target)]
    axes = _by_repetition(repetitions, bounds(values, _LEAST.get(unit, 0.5)))
    content = []
    for place, r in enumerate(repetitions, 1):
        x, wide = _bar(axes, place)
        middle = x + wide / 2
        rest, peak, target = axes.up(r.rest), axes.up(r.peak), axes.up(r.target)
        content += [
            tag("path", d=f"M{middle:.1f} {rest:.1f}V{peak:.1f}", class_="way"),
            tag("circle", cx=middle, cy=rest, r=6, class_="rest"),
            tag("circle", cx=middle, cy=peak, r=7, class_="peak"),
            tag("path", d=f"M{x:.1f} {target:.1f}h{wide:.1f}", class_="target"),
        ]
    return axes.chart(*content, *_indices(axes, repetitions), title=title,
                      unit=unit, labels_x=False)  # fmt: skip


def symmetry(repetitions: Sequence[RepetitionRecord], unit: str, title: str) -> Element:
    """Return the left/right difference; a question mark if it was not judged."""
    known = [r.side_difference for r in repetitions if r.side_difference is not None]
    axes = _by_repetition(repetitions, (0.0, max([*known, _LEAST.get(unit, 0.5)]) * 1.2))
    content = []
    for place, r in enumerate(repetitions, 1):
        x, wide = _bar(axes, place)
        top = axes.up(r.side_difference or 0.0)
        text = "?" if r.side_difference is None else amount(r.side_difference, unit)
        content += [
            tag("rect", x=x, y=top, width=wide, height=axes.floor - top, class_="bar good"),
            tag("text", text, x=x + wide / 2, y=top - 5, class_="middle value"),
        ]
    return axes.chart(*content, *_indices(axes, repetitions), title=title,
                      unit=unit, labels_x=False)  # fmt: skip


def _by_repetition(repetitions: Sequence[RepetitionRecord], y: tuple[float, float]) -> Axes:
    return Axes((0.5, max(len(repetitions), 6) + 0.5), y, 180.0)


def _bar(axes: Axes, place: int) -> tuple[float, float]:
    """Left edge and width of the bar of a repetition."""
    left, right = axes.across(place - 0.35), axes.across(place + 0.35)
    wide = min(right - left, 60.0)
    return (left + right - wide) / 2, wide


def _indices(axes: Axes, repetitions: Sequence[RepetitionRecord]) -> list[Element]:
    step = math.ceil(len(repetitions) / 25)
    return [
        axes.label(place, str(r.index))
        for place, r in enumerate(repetitions, 1)
        if (place - 1) % step == 0
    ]


def _stripes() -> list[Element]:
    stripe = tag("path", d="M0 8L8 0", class_="stripe")
    return [tag("defs", tag("pattern", stripe, id="stripes", width=8, height=8,
                            patternUnits="userSpaceOnUse"))]  # fmt: skip
