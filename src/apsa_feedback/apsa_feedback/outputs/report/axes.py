"""Axes of a chart as SVG: scales, grid and labels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from apsa_feedback.outputs.report.svg import Element, tag
from apsa_feedback.stream.formatting import sign_of

WIDTH = 1000.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 12.0, 12.0, 30.0
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Axes:
    """Linear scales over a rectangle.

    Attributes:
        x: smallest and largest value on the horizontal axis.
        y: smallest and largest value on the vertical axis.
        height: height of the chart.
        width: its width.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    height: float
    width: float = WIDTH

    @property
    def floor(self) -> float:
        """Vertical position of the lower edge."""
        return self.height - _BOTTOM

    def across(self, value: float) -> float:
        """Return the horizontal position of a value."""
        return _LEFT + (value - self.x[0]) / (self.x[1] - self.x[0]) * (self.width - _LEFT - _RIGHT)

    def up(self, value: float) -> float:
        """Return the vertical position of a value."""
        return self.floor - (value - self.y[0]) / (self.y[1] - self.y[0]) * (self.floor - _TOP)

    def chart(
        self, *content: Element, title: str, unit: str = "", labels_x: bool = True
    ) -> Element:
        """Return the chart: a grid with labels, and the content above it.

        A label has the digits of its tick, which can differ from those of an amount.
        """
        grid = []
        for value in ticks(*self.y, 5):
            at = self.up(value)
            grid.append(tag("path", d=f"M{_LEFT} {at:.1f}H{self.width - _RIGHT}", class_="grid"))
            grid.append(
                tag("text", f"{value:g}{sign_of(unit)}", x=_LEFT - 8, y=at + 5, class_="end")
            )
        for value in ticks(*self.x, 10) if labels_x else ():
            at = self.across(value)
            grid.append(tag("text", f"{value:g} s", x=at, y=self.height - 8, class_="middle"))
        size = f"0 0 {self.width:g} {self.height:g}"
        return tag("svg", tag("title", title), *grid, *content, viewBox=size, role="img")

    def label(self, x: float, text: str) -> Element:
        """Return a label below the lower edge."""
        return tag("text", text, x=self.across(x), y=self.height - 8, class_="middle")


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return round values from low to high, about ``most`` at the most."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in _STEPS if s * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(i * step, 6) for i in range(first, math.floor(high / step + 1e-9) + 1)]


def bounds(values: Sequence[float], least: float) -> tuple[float, float]:
    """Return bounds with a margin around the values, at least ``least`` apart."""
    low, high = min(values), max(values)
    margin = max((high - low) * 0.08, (least - (high - low)) / 2, 1e-6)
    return low - margin, high + margin
