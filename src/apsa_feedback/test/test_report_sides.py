"""Left and right of a repetition are counted from rest, as the range of the whole repetition."""

import math

import pytest

from apsa_feedback.outputs.report.curve import Curve
from apsa_feedback.outputs.report.sides import side_values


def squats(*, until_s: float = 8.0) -> Curve:
    """A squat every four seconds: rest at 160, turning points at 80, left at 2, 6, ... s."""
    curve = Curve()
    for step in range(int(until_s * 25)):
        at_s = step / 25
        curve.add(at_s, 160.0 - 80.0 * max(0.0, math.sin(math.pi * ((at_s % 4.0) - 2.0) / 2.0)))
    return curve


@pytest.mark.parametrize("start_s", [2.0, 2.3, 2.5])  # rest is left, and later moments of the way
def test_the_range_of_a_side_begins_at_rest(start_s: float) -> None:
    found = side_values(squats(), start_s, 3.0)
    assert found is not None
    assert found.peak == pytest.approx(80.0, abs=1.0)
    assert found.range == pytest.approx(80.0, abs=1.0)


def test_the_way_back_of_the_repetition_before_is_no_rest() -> None:
    found = side_values(squats(), 4.1, 7.0, since_s=4.0)
    assert found is not None
    assert found.range == pytest.approx(80.0, abs=1.0)
    hurried = Curve()
    for at_s, value in ((0.0, 170.0), (0.5, 80.0), (0.9, 130.0), (1.0, 128.0), (1.5, 80.0)):
        hurried.add(at_s, value)
    found = side_values(hurried, 1.0, 1.5, since_s=0.9)
    assert found is not None
    assert found.range == 50.0


@pytest.mark.parametrize("lost", [(1.0, 2.7), (2.8, 3.2)])
def test_a_side_that_was_not_judged_at_rest_or_at_the_turn_has_no_range(
    lost: tuple[float, float],
) -> None:
    curve = Curve()
    for at_s, value in squats():
        assert value is not None
        curve.add(at_s, math.nan if lost[0] <= at_s <= lost[1] else value)
    assert side_values(curve, 2.3, 3.0) is None
