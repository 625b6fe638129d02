"""Long sessions: the curve keeps all samples of an hour, and never needs more memory than that."""

import math
import tracemalloc
from itertools import pairwise

import pytest

from apsa_feedback.outputs.report.curve import LEAST_STEP_MS, MAX_SAMPLES, Curve
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.screen.content import ScreenContent
from support.feedback_cases import book, error, repetition

FRAME_S = 1.0 / 30.0


def filled(frames: int) -> Curve:
    """A curve of frames at 30 a second whose value is their time modulo 180."""
    curve = Curve()
    for index in range(frames):
        curve.add(index * FRAME_S, index * FRAME_S % 180.0)
    return curve


def test_samples_are_kept_as_given_at_most_every_interval() -> None:
    points = list(filled(300))
    assert points[:3] == [(0.0, 0.0), (0.067, 0.067), (0.133, 0.133)]
    gaps = {round(1e3 * (b[0] - a[0])) for a, b in pairwise(points)}
    assert min(gaps) >= LEAST_STEP_MS


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300])
def test_what_has_no_value_is_a_gap(value: float) -> None:
    curve = Curve()
    curve.add(0.0, value)
    curve.add(1.0, 170.1234)
    assert list(curve) == [(0.0, None), (1.0, 170.123)]
    assert curve.nearest(0.0) == (1.0, 170.123)
    assert curve.least_and_largest() == pytest.approx((170.123, 170.123), abs=0.001)


def test_an_hour_is_kept_whole_and_four_need_no_more() -> None:
    hour = filled(round(3600.0 / FRAME_S))
    assert len(hour) == 3600.0 / (2 * FRAME_S)
    tracemalloc.start()
    longer = Curve()
    for index in range(4 * MAX_SAMPLES):
        longer.add(index * LEAST_STEP_MS / 1e3, 90.0)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert MAX_SAMPLES / 2 <= len(longer) < MAX_SAMPLES
    assert used < 2**20
    assert list(longer)[-1][0] == pytest.approx(4 * 3600.0, abs=2.0)


def test_a_part_of_the_curve_has_both_ends() -> None:
    points = [at for at, _ in filled(300).between(1.0, 2.0)]
    assert (points[0], points[-1]) == (1.0, 2.0)
    assert filled(300).nearest(1.51) == (1.533, 1.533)
    assert Curve().nearest(1.0) is None


def test_a_repetition_more_needs_little_memory() -> None:
    record, screen = SessionRecord("", "squat", "Squat"), ScreenContent(book())
    count = 300
    tracemalloc.start()
    for index in range(1, count + 1):
        done, quality, errors = repetition(4.0 * index, index, error(), measures=())
        record.add_repetition(done)  # type: ignore[arg-type]
        record.add_quality(quality)  # type: ignore[arg-type]
        record.add_errors(errors)  # type: ignore[arg-type]
        screen.on_event(quality)  # type: ignore[arg-type]
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used / count < 1200
    assert len(screen.state()["qualities"]) < 10
