"""The chart of the holds of a report."""

from collections.abc import Sequence

from apsa_feedback.outputs.report.axes import Axes
from apsa_feedback.outputs.report.records import HoldRecord
from apsa_feedback.outputs.report.svg import Element, tag

_LEAST_PLACES = 6
_WIDEST = 60.0


def held_times(holds: Sequence[HoldRecord], title: str) -> Element:
    """Return a bar for each hold, as high as it was long, and its target as a dashed line."""
    longest = max(max(hold.held_s, hold.target_s) for hold in holds)
    axes = Axes((0.5, max(len(holds), _LEAST_PLACES) + 0.5), (0.0, 1.2 * max(longest, 1.0)), 180.0)
    content = []
    for place, hold in enumerate(holds, 1):
        left, right = axes.across(place - 0.35), axes.across(place + 0.35)
        wide = min(right - left, _WIDEST)
        x, top = (left + right - wide) / 2, axes.up(hold.held_s)
        content += [
            tag("rect", x=x, y=top, width=wide, height=axes.floor - top, class_="bar good"),
            tag("text", f"{hold.held_s:.1f} s", x=x + wide / 2, y=top - 5, class_="middle value"),
            axes.label(place, str(hold.index)),
        ]
        if hold.target_s:
            target = axes.up(hold.target_s)
            content.append(tag("path", d=f"M{x:.1f} {target:.1f}h{wide:.1f}", class_="target"))
    return axes.chart(*content, title=title, unit="s", labels_x=False)
