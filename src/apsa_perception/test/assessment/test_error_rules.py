"""Raising, clearing and merging of live errors."""

from dataclasses import replace

import pytest

from apsa_perception.assessment.live_errors import LiveError, merged_by_code, probability_beyond
from apsa_perception.exercises.definition import LiveRule
from apsa_perception.model.codes import Phase, Severity, Side
from apsa_perception.model.results import ErrorResult
from support.figures import PERIOD_NS, library

RULES = library().get("squat").live_rules
RATIO, RATIO_CHANGE, PROJECTION, FORWARD, LATERAL = RULES
LIMIT = RATIO.limits.first


def feed(rule: LiveRule, values: list[float | None], side: Side = Side.BOTH) -> list[bool]:
    error = LiveError(rule, side)
    return [error.update(i * PERIOD_NS, Phase.PEAK, v) is not None for i, v in enumerate(values)]


def last(rule: LiveRule, values: list[float | None], side: Side = Side.BOTH) -> ErrorResult:
    error = LiveError(rule, side)
    result = None
    for i, value in enumerate(values):
        result = error.update(i * PERIOD_NS, Phase.PEAK, value)
    assert result is not None
    return result


def test_an_error_is_raised_after_its_debounce_time_and_not_before() -> None:
    frames = int(RATIO.raise_s * 1e9 / PERIOD_NS)
    assert feed(RATIO, [LIMIT - 0.1] * (frames + 1)) == [False] * frames + [True]


@pytest.mark.parametrize("gap", [LIMIT + 0.1, None])
def test_short_bursts_do_not_raise(gap: float | None) -> None:
    assert not any(feed(RATIO, [LIMIT - 0.1, LIMIT - 0.1, gap, gap] * 20))


def test_flickering_about_the_limit_raises_when_most_of_the_time_is_beyond() -> None:
    mostly_wrong: list[float | None] = [LIMIT - 0.1, LIMIT - 0.1, LIMIT + 0.1] * 10
    assert any(feed(RATIO, mostly_wrong))


def test_at_a_low_frame_rate_two_frames_will_do() -> None:
    error = LiveError(RATIO, Side.BOTH)
    found = [error.update(i * 120_000_000, Phase.PEAK, LIMIT - 0.1) for i in range(2)]
    assert [result is not None for result in found] == [False, True]


def test_an_error_is_cleared_after_its_time_and_not_by_a_short_pause() -> None:
    clear = round(RATIO.clear_s * 1e9 / PERIOD_NS)
    wrong, right = [LIMIT - 0.1] * 10, LIMIT + 0.1
    assert all(feed(RATIO, [*wrong, *[right] * (clear - 1), *wrong])[5:])
    assert feed(RATIO, [*wrong, *[right] * (clear + 1)])[-1] is False


def test_a_value_within_the_hysteresis_keeps_an_error_but_does_not_raise_it() -> None:
    within: list[float | None] = [LIMIT + 0.5 * RATIO.hysteresis] * 50
    assert not any(feed(RATIO, within))
    assert feed(RATIO, [LIMIT - 0.1] * 10 + within)[-1]


def test_the_most_extreme_value_tells_the_severity() -> None:
    result = last(RATIO, [0.74, 0.74, 0.74, 0.60, 0.72, 0.72])
    assert (result.value, result.severity) == (0.60, Severity.MODERATE)
    assert (result.limit, result.measure, result.unit) == (LIMIT, "knee_separation_ratio", "1")
    assert (result.start_ns, result.end_ns) == (0, 5 * PERIOD_NS)
    assert last(RATIO, [0.5] * 5).severity is Severity.SEVERE
    assert last(RATIO, [0.74] * 5).severity is Severity.MILD


def test_a_lean_to_either_side_is_named_by_its_side() -> None:
    assert last(LATERAL, [22.0] * 10).side is Side.LEFT
    right = last(LATERAL, [-22.0] * 10)
    assert (right.side, right.limit, right.severity) == (Side.RIGHT, -15.0, Severity.MODERATE)


def test_one_side_errs_with_the_joints_of_that_side() -> None:
    result = last(PROJECTION, [25.0] * 10, Side.LEFT)
    assert result.side is Side.LEFT
    assert [joint.name for joint in result.joints] == ["LEFT_KNEE"]


def test_probability_is_even_at_the_limit_and_grows_beyond() -> None:
    assert probability_beyond(0.0, 5.0) == 0.5
    assert probability_beyond(5.0, 5.0) == pytest.approx(0.841, abs=0.001)
    assert probability_beyond(-50.0, 5.0) == pytest.approx(0.0, abs=1e-6)


def test_errors_of_one_code_are_told_once() -> None:
    left = last(PROJECTION, [20.0] * 10, Side.LEFT)
    right = replace(last(PROJECTION, [32.0] * 12, Side.RIGHT), start_ns=5)
    lean = last(FORWARD, [50.0] * 10)
    merged = merged_by_code([lean, left, right])
    assert [error.code for error in merged] == [left.code, lean.code]
    valgus = merged[0]
    assert (valgus.side, valgus.severity, valgus.value) == (Side.BOTH, Severity.SEVERE, 32.0)
    assert {joint.name for joint in valgus.joints} == {"LEFT_KNEE", "RIGHT_KNEE"}
    assert (valgus.start_ns, valgus.end_ns) == (0, right.end_ns)
