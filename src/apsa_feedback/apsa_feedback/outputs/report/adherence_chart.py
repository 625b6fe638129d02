"""The weeks of a plan as a chart: days done and partly done, and how many were planned."""

from datetime import date

from apsa_feedback.outputs.report.adherence import Adherence
from apsa_feedback.outputs.report.axes import Axes
from apsa_feedback.outputs.report.history_charts import dated
from apsa_feedback.outputs.report.svg import Element, tag
from apsa_feedback.outputs.report.weekly_plan import DAYS_OF_WEEK

_HEIGHT = 170.0
_LEAST_DAYS = 3
_BAR_DAYS, _BAR_WIDTH = 3.0, 36.0
_PLANNED_DAYS = 5.0
_NUMBER_WIDTH = 44.0
"""Numbers are left out where weeks are narrower than this."""


def week_chart(adherence: Adherence, span: tuple[float, float], title: str, today: date) -> Element:
    """Return a bar for each week in which something was done, in its middle.

    Days that were partly done stand dashed above the full ones; a dotted line is what was planned.
    Weeks that have begun have their numbers.

    Args:
        adherence: the programme and its weeks.
        span: first and last day of the axis.
        title: name of the chart.
        today: the local day.
    """
    most = max(_LEAST_DAYS, *(max(w.planned, len(w.days)) for w in adherence.weeks))
    axes = Axes(span, (0.0, 1.3 * most), _HEIGHT)
    day_width = axes.across(1.0) - axes.across(0.0)
    wide, planned_wide = min(_BAR_WIDTH, _BAR_DAYS * day_width), _PLANNED_DAYS * day_width
    content: list[Element] = []
    for week in adherence.weeks:
        middle = axes.across(week.begins.toordinal() + DAYS_OF_WEEK / 2)
        top = axes.up(week.done)
        for low, high, kind in ((axes.floor, top, "good"),
                                (top, axes.up(len(week.days)), "not_judged")):  # fmt: skip
            if low > high:
                content.append(
                    tag("rect", x=middle - wide / 2, y=high, width=wide, height=low - high,
                        class_=f"bar {kind}")
                )  # fmt: skip
        at = axes.up(week.planned)
        content.append(
            tag("path", d=f"M{middle - planned_wide / 2:.1f} {at:.1f}h{planned_wide:.1f}",
                class_="target")
        )  # fmt: skip
        begun = week.begins <= today or week.days
        if begun and DAYS_OF_WEEK * day_width >= _NUMBER_WIDTH:
            above = min(axes.up(len(week.days)), at) - 6
            content.append(
                tag("text", f"{week.done} / {week.planned}", x=middle, y=above,
                    class_="middle value")
            )  # fmt: skip
    return dated(axes, content, title, "")
