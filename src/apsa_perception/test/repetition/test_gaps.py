"""Joints that are hidden for a moment change neither count, side nor duration."""

import math
from collections.abc import Sequence

import pytest

from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import Side
from apsa_perception.repetition.segment import Segment
from apsa_perception.repetition.segmenter import Segmenter
from support.figures import PERIOD_NS, SECOND_NS, bump, library

CURL = library().get("biceps_curl")
RATE = SECOND_NS // PERIOD_NS
PAUSE, CYCLE = RATE, 2 * RATE
REST, PEAK = 165.0, 50.0
HIDDEN = math.nan


def curls(count: int) -> list[float]:
    """Curls of two seconds, each after a second of rest."""
    curl = [REST + (PEAK - REST) * bump(i / CYCLE) for i in range(CYCLE)]
    return [*([REST] * PAUSE + curl) * count, *[REST] * PAUSE]


def segments(
    exercise: ExerciseDefinition, left: Sequence[float], right: Sequence[float]
) -> list[Segment]:
    segmenter = Segmenter(exercise.primary, max_gap_s=1.0)
    found = (
        segmenter.update((i + 1) * PERIOD_NS, a, b)
        for i, (a, b) in enumerate(zip(left, right, strict=True))
    )
    return [segment for segment in found if segment is not None]


def hidden(values: Sequence[float], start_s: float, gap_s: float) -> list[float]:
    """The values with a gap in each cycle that starts so many seconds after the pause began."""
    first, frames = round(start_s * RATE), round(gap_s * RATE)
    within = [(i - first) % (PAUSE + CYCLE) < frames and i >= first for i in range(len(values))]
    return [HIDDEN if gap else value for value, gap in zip(values, within, strict=True)]


@pytest.mark.faults
@pytest.mark.parametrize("exercise", ["biceps_curl", "elbow_flexion_left"])
@pytest.mark.parametrize("gap_s", [0.08, 0.25, 0.5])
@pytest.mark.parametrize("start_s", [0.2 + 0.2 * i for i in range(15)])
def test_a_gap_of_the_moving_side_changes_nothing(
    exercise: str, start_s: float, gap_s: float
) -> None:
    left, right = curls(4), [REST - 5.0] * len(curls(4))
    definition = library().get(exercise)
    seen = segments(definition, left, right)
    with_gaps = segments(definition, hidden(left, start_s, gap_s), right)
    assert len(seen) == len(with_gaps) == 4
    tolerance = max(0.15, 0.7 * gap_s)  # within a gap the start and the end are interpolated
    for one, other in zip(seen, with_gaps, strict=True):
        assert other.side is one.side is Side.LEFT
        assert (other.start_ns - one.start_ns) / SECOND_NS == pytest.approx(0.0, abs=tolerance)
        assert (other.end_ns - one.end_ns) / SECOND_NS == pytest.approx(0.0, abs=tolerance)


def test_the_resting_side_may_be_hidden_all_the_time_or_flicker() -> None:
    left = curls(3)
    for right in ([HIDDEN] * len(left), [REST if i % 7 < 3 else HIDDEN for i in range(len(left))]):
        found = segments(CURL, left, right)
        assert [segment.side for segment in found] == [Side.LEFT] * 3


def test_both_sides_may_flicker_in_turn() -> None:
    values = curls(3)
    found = segments(CURL, hidden(values, 1.3, 0.4), hidden(values, 1.9, 0.4))
    assert [segment.side for segment in found] == [Side.BOTH] * 3


@pytest.mark.parametrize("lost_s", [1.3, 1.7, 2.0, 2.4])
def test_a_movement_whose_side_leaves_the_picture_is_not_counted(lost_s: float) -> None:
    left, right = curls(3), [REST] * len(curls(3))
    lost = round(lost_s * RATE)
    assert segments(CURL, left[:lost] + [HIDDEN] * (len(left) - lost), right) == []


def test_a_side_that_comes_back_raised_does_not_begin_a_movement() -> None:
    left, right = curls(3), [REST] * len(curls(3))
    away, back = round(1.2 * RATE), round(2.0 * RATE)
    gone = [*left[:away], *[HIDDEN] * 3 * RATE, *left[back:]]
    found = segments(CURL, gone, [*right[:away], *right[: 3 * RATE], *right[back:]])
    assert [segment.side for segment in found] == [Side.LEFT] * 2


def test_an_arm_on_the_far_side_that_is_seen_only_while_raised_is_counted() -> None:
    arm = library().get("shoulder_flexion_left")
    fast = 3 * RATE // 2
    raised = [15.0 + 130.0 * bump(i / fast) for i in range(fast)]
    seen = [
        value if value > (20.0 if i < fast // 2 else 40.0) else HIDDEN
        for i, value in enumerate(raised)
    ]
    values = [*([HIDDEN] * 2 * PAUSE + seen) * 3, *[HIDDEN] * 2 * PAUSE]
    found = segments(arm, values, [15.0] * len(values))
    assert [segment.peak_value for segment in found] == [pytest.approx(145.0, abs=6.0)] * 3
    assert not any(segment.rest_seen for segment in found)


def test_an_arm_that_is_lost_far_from_rest_is_not_counted() -> None:
    arm = library().get("shoulder_flexion_left")
    raised = [15.0 + 130.0 * bump(i / CYCLE) for i in range(CYCLE)]
    values = [*([15.0] * 2 * PAUSE + raised) * 3, *[15.0] * 2 * PAUSE]
    seen = [value if value > 80.0 else HIDDEN for value in values]
    assert segments(arm, seen, [15.0] * len(values)) == []


def test_both_arms_are_told_although_one_is_seen_only_while_raised() -> None:
    arms = library().get("arm_raise")
    raised = [15.0 + 135.0 * bump(i / CYCLE) for i in range(CYCLE)]
    values = [*([15.0] * PAUSE + raised) * 3, *[15.0] * PAUSE]
    left = [value if value > 70.0 else HIDDEN for value in values]
    assert [segment.side for segment in segments(arms, left, values)] == [Side.BOTH] * 3


def test_a_far_leg_that_is_seen_at_the_turning_point_only_stops_no_squat() -> None:
    squat = library().get("squat")
    near = [170.0 - 95.0 * value for value in (bump(i / CYCLE) for i in range(CYCLE))]
    values = [*([170.0] * PAUSE + near) * 3, *[170.0] * PAUSE]
    far = [value - 5.0 if value < 90.0 else HIDDEN for value in values]
    found = segments(squat, values, far)
    assert len(found) == 3
    assert all(math.isnan(segment.side_excursions[1]) for segment in found)
