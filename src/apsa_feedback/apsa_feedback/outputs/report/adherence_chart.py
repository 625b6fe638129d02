"""The weeks of a plan as a chart: days done and partly done, and how many were planned."""

from datetime import date

from apsa_feedback.outputs.report.adherence import Adherence, PlannedWeek
from apsa_feedback.outputs.report.axes import Axes
from apsa_feedback.outputs.report.history_charts import (
    dated,
    sized,
    week_bar,
    week_width,
)
from apsa_feedback.outputs.report.svg import Element, tag
from apsa_feedback.outputs.report.weekly_plan import DAYS_OF_WEEK

_HEIGHT = 170.0
_LEAST_DAYS = 3
_NUMBER_WIDTH = 44.0
"""Numbers are left out where weeks are narrower than this."""


def week_chart(adherence: Adherence, span: tuple[float, float], title: str, today: date) -> Element:
    """Return a chart as of ``sized`` with a bar for each week in which something was done.

    Days that were partly done stand dashed above the full ones; a dotted line is what was planned.
    Weeks that have begun have their numbers.

    Args:
        adherence: the programme and its weeks.
        span: first and last day of the axis.
        title: name of the chart.
        today: the local day.
    """
    most = max(_LEAST_DAYS, *(max(w.planned, len(w.days)) for w in adherence.weeks))

    def draw(width: float) -> Element:
        axes = Axes(span, (0.0, 1.3 * most), _HEIGHT, width)
        content = [part for week in adherence.weeks for part in _week(axes, week, today)]
        return dated(axes, content, title, "", weeks_from=adherence.plan.start.weekday())

    return sized(draw)


def _week(axes: Axes, week: PlannedWeek, today: date) -> list[Element]:
    middle = week.begins.toordinal() + DAYS_OF_WEEK / 2
    content = []
    top, partly = axes.up(week.done), axes.up(len(week.days))
    for low, high, kind in ((axes.floor, top, "good"), (top, partly, "not_judged")):
        if low > high:
            content.append(week_bar(axes, middle, low, high, kind))
    begins, at = axes.across(week.begins.toordinal()), axes.up(week.planned)
    content.append(tag("path", d=f"M{begins:.1f} {at:.1f}h{week_width(axes):.1f}", class_="target"))
    begun = week.begins <= today or week.days
    if begun and week_width(axes) >= _NUMBER_WIDTH:
        content.append(
            tag("text", f"{week.done} / {week.planned}", x=axes.across(middle),
                y=min(partly, at) - 6, class_="middle value")
        )  # fmt: skip
    return content
