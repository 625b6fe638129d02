"""Charts over weeks. Dashes and shapes carry the side, not only colour."""

import math
from collections.abc import Callable, Mapping, Sequence

from apsa_feedback.outputs.report.axes import WIDTH, Axes
from apsa_feedback.outputs.report.svg import Element, tag
from apsa_feedback.outputs.report.time_axis import ticks
from apsa_feedback.stream.formatting import amount

_HEIGHT = 190.0
_LABEL_WIDTH, _LABEL_SPACE = 90.0, 120.0
_SIZES = {"narrow": 360.0, "wide": WIDTH}
"""Widths of a chart by the class for which ``style.css`` says where it is shown."""

_NUMBER_WIDTH = 48.0
"""A number is left out where a later one is nearer than this, such as of the same day."""
_LEAST_COUNT = 3  # whole numbers on the axis
_WEEK = 7.0
_BAR_SHARE = 0.94
"""Share of its week that a bar fills; the rest parts it from the next one."""

_COUNT_WIDTH = 20.0
"""Numbers are left out where weeks are narrower than this."""

_DIGITS = {"%": 0, "s": 1}
_SQUARE = "M-6-6H6V6H-6z"
_DASHED = ("right", "effort")


def sized(draw: Callable[[float], Element]) -> Element:
    """Return a chart for a screen or paper and one for a phone, of which the style shows one.

    Args:
        draw: draws it with a width.
    """
    return tag("div", *(tag("div", draw(width), class_=name) for name, width in _SIZES.items()))


def over_time(
    series: Mapping[str, Sequence[tuple[float, float]]],
    span: tuple[float, float],
    unit: str,
    title: str,
    full: float = 0.0,
) -> Element | None:
    """Return values over time as of ``sized``, a line for each series; None without a value.

    Args:
        series: days and values; ``right`` and ``effort`` are dashed and have squares.
        span: first and last day of the axis.
        unit: unit of the values; empty: a score.
        title: name of the chart.
        full: the scale covers at least 0 to this value, so that a small change looks small.
    """
    values = [value for points in series.values() for _, value in points]
    if not values:
        return None
    scale = (0.0, 1.2 * max(full, *values, 1e-3))

    def draw(width: float) -> Element:
        axes = Axes(span, scale, _HEIGHT, width)
        content: list[Element] = []
        for name, points in series.items():
            others = [point for other, found in series.items() if other != name for point in found]
            content += _line(axes, points, unit, name in _DASHED, others)
        return dated(axes, content, title, unit)

    return sized(draw)


def per_week(counts: Sequence[tuple[float, int]], span: tuple[float, float], title: str) -> Element:
    """Return a chart as of ``sized`` with a bar for each week, by its middle, as long as it is."""
    scale = (0.0, 1.3 * max(_LEAST_COUNT, *(count for _, count in counts)))

    def draw(width: float) -> Element:
        axes = Axes(span, scale, 140.0, width)
        content = []
        for week, count in counts:
            top = axes.up(count)
            content.append(week_bar(axes, week, axes.floor, top, "good"))
            if week_width(axes) >= _COUNT_WIDTH:
                content.append(
                    tag("text", str(count), x=axes.across(week), y=top - 5, class_="middle value")
                )
        return dated(axes, content, title, "", weeks_from=0)

    return sized(draw)


def week_width(axes: Axes) -> float:
    """Return how wide a week is on an axis of days."""
    return axes.across(_WEEK) - axes.across(0.0)


def week_bar(axes: Axes, week: float, low: float, high: float, kind: str) -> Element:
    """Return a bar over a week.

    Args:
        axes: the horizontal one has days.
        week: middle of the week.
        low: vertical position of its lower end.
        high: that of its upper end, which is less.
        kind: class of its style.
    """
    wide = week_width(axes) * _BAR_SHARE
    return tag("rect", x=axes.across(week) - wide / 2, y=high, width=wide, height=low - high,
               class_=f"bar {kind}")  # fmt: skip


def _line(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    unit: str,
    dashed: bool,
    others: Sequence[tuple[float, float]],
) -> list[Element]:
    """A line with its marks; a number stands above its mark unless another line is there."""
    places = [(axes.across(at), axes.up(value)) for at, value in points]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    content = [tag("path", d=path, class_="curve right" if dashed else "curve")]
    for x, y in places:
        if dashed:
            content.append(
                tag("path", d=_SQUARE, transform=f"translate({x:.1f} {y:.1f})", class_="square")
            )
        else:
            content.append(tag("circle", cx=x, cy=y, r=6, class_="peak"))
    nearest = math.inf
    for (x, y), (day, value) in zip(reversed(places), reversed(points), strict=True):
        if nearest - x < _NUMBER_WIDTH:
            continue
        nearest = x
        beside = [other for at, other in others if int(at) == int(day)]
        below = any(other > value or (other == value and dashed) for other in beside)
        y = min(y + 22, axes.floor - 4) if below else y - 12
        x = min(x, axes.width - _NUMBER_WIDTH / 2)
        content.append(tag("text", _text(value, unit), x=x, y=y, class_="middle value"))
    return content


def _text(value: float, unit: str) -> str:
    """A value for people; a pain of 4.5 keeps its half."""
    if not unit:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.{_DIGITS[unit]}f} {unit}" if unit in _DIGITS else amount(value, unit)


def dated(
    axes: Axes,
    content: Sequence[Element],
    title: str,
    unit: str,
    weeks_from: int | None = None,
) -> Element:
    """Return the chart of content whose horizontal axis are days, with their labels.

    Args:
        axes: its axes.
        content: what is drawn.
        title: name of the chart.
        unit: unit of the vertical axis.
        weeks_from: weekday on which the weeks begin that it shows, as of ``ticks``.
    """
    marks = []
    for at, label in ticks(axes.x, int(axes.width / _LABEL_SPACE), weeks_from):
        x = axes.across(at)
        marks.append(tag("path", d=f"M{x:.1f} 12V{axes.floor}", class_="grid"))
        if x <= axes.width - _LABEL_WIDTH / 2:
            marks.append(axes.label(at, label))
    return axes.chart(*marks, *content, title=title, unit=unit, labels_x=False)
