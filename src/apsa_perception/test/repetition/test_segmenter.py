"""Counting and phases on made-up courses of a measure."""

import math
from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
import pytest

from apsa_perception.model.codes import Phase, Side
from apsa_perception.repetition.history import LEAD_IN_NS
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.segment import Segment
from apsa_perception.repetition.segmenter import Segmenter
from support.figures import PERIOD_NS, SECOND_NS, bump, library

SQUAT = library().get("squat").primary
ARM_RAISE = library().get("arm_raise").primary
ELBOW_LEFT = library().get("elbow_flexion_left").primary
RATE = SECOND_NS / PERIOD_NS


def course(*stations: float, seconds: float = 1.0) -> list[float]:
    """Values that go smoothly from station to station, each way in ``seconds``."""
    values: list[float] = []
    count = int(seconds * RATE)
    for start, end in pairwise(stations):
        values += [start + (end - start) * bump(0.5 * i / count) for i in range(count)]
    return [*values, stations[-1]]


def run(
    motion: PrimaryMotion, left: Sequence[float], right: Sequence[float] | None = None
) -> tuple[list[Segment], list[Phase]]:
    segmenter = Segmenter(motion, max_gap_s=1.0)
    segments, phases = [], []
    for i, (a, b) in enumerate(zip(left, left if right is None else right, strict=True)):
        if segment := segmenter.update((i + 1) * PERIOD_NS, a, b):
            segments.append(segment)
        phases.append(segmenter.phase)
    return segments, phases


def squats(count: int, rest: float = 170.0, low: float = 85.0, seconds: float = 1.0) -> list[float]:
    return course(*[rest, rest, *([low, rest, rest] * count)], seconds=seconds)


@pytest.mark.parametrize(("rest", "low"), [(178.0, 60.0), (150.0, 85.0), (165.0, 120.0)])
def test_repetitions_are_counted_whatever_the_persons_range(rest: float, low: float) -> None:
    segments, _ = run(SQUAT, squats(4, rest, low))
    assert len(segments) == 4
    for segment in segments:
        assert segment.rest_value == pytest.approx(rest, abs=4)
        assert segment.peak_value == pytest.approx(low, abs=4)
        assert segment.start_ns < segment.peak_ns < segment.end_ns


@pytest.mark.parametrize("seconds", [0.5, 1.0, 4.0])
def test_fast_and_slow_repetitions_are_counted(seconds: float) -> None:
    assert len(run(SQUAT, squats(3, seconds=seconds))[0]) == 3


def test_measured_times_are_those_of_the_movement() -> None:
    segment = run(SQUAT, squats(1))[0][0]
    assert segment.start_ns / SECOND_NS == pytest.approx(1.2, abs=0.25)
    assert segment.peak_ns / SECOND_NS == pytest.approx(2.0, abs=0.15)
    assert segment.end_ns / SECOND_NS == pytest.approx(2.8, abs=0.25)


def test_rest_before_a_repetition_is_told_without_what_is_no_rest() -> None:
    start = squats(1)
    segment = run(SQUAT, start)[0][0]
    assert segment.rest_since_ns == pytest.approx(segment.start_ns - LEAD_IN_NS, abs=PERIOD_NS)
    late = run(SQUAT, [*[100.0] * 30, *start[int(1.0 * RATE) :]])[0][-1]
    assert late.rest_since_ns is not None
    assert late.rest_since_ns > 30 * PERIOD_NS
    assert late.start_ns - late.rest_since_ns <= LEAD_IN_NS


def test_phases_come_in_order() -> None:
    _, phases = run(SQUAT, squats(2))
    order = [phase for phase, _ in groupby(phases)]
    cycle = [Phase.OUTWARD, Phase.PEAK, Phase.RETURN, Phase.REST]
    assert order == [Phase.REST, *cycle, *cycle]


def test_pulses_at_the_bottom_are_no_repetitions() -> None:
    pulses = course(*([100.0, 127.0] * 8), seconds=0.6)
    assert run(SQUAT, pulses)[0] == []


def test_pulses_within_a_squat_make_one_repetition() -> None:
    values = course(170, 170, 85, 115, 85, 115, 85, 170, 170)
    assert len(run(SQUAT, values)[0]) == 1


def test_a_repetition_cut_at_the_end_is_not_counted() -> None:
    assert run(SQUAT, course(170, 170, 85, 120))[0] == []


def test_a_stream_that_begins_at_the_bottom_counts_from_the_next_repetition_on() -> None:
    assert len(run(SQUAT, course(85, 170, 170, 85, 170, 170))[0]) == 1


def test_a_stream_that_begins_early_on_the_way_down_counts_the_repetition() -> None:
    assert len(run(SQUAT, course(145, 85, 170, 170))[0]) == 1


def test_who_creeps_near_rest_has_returned() -> None:
    creeping = [150.0 + 0.03 * i for i in range(int(0.5 * RATE))]
    assert len(run(SQUAT, course(175, 175, 85, 150) + creeping)[0]) == 1


def test_a_slow_return_is_counted_when_it_has_arrived() -> None:
    slow = course(170, 170, 85) + course(85, 170, seconds=8.0) + [170.0] * int(RATE)
    (segment,) = run(SQUAT, slow)[0]
    assert segment.end_ns / SECOND_NS > 8.0


@pytest.mark.parametrize("waits", [False, True])
def test_who_is_first_seen_half_way_down_is_counted_without_a_rest(waits: bool) -> None:
    (segment,) = run(SQUAT, course(*[122] * waits, 122, 85, 170, 170))[0]
    assert not segment.rest_seen
    assert segment.rest_value == pytest.approx(170.0, abs=4.0)


def test_small_movements_are_no_repetitions() -> None:
    assert run(SQUAT, squats(5, low=145.0))[0] == []


def test_noise_of_ten_degrees_is_no_repetition_and_hides_none() -> None:
    noise = np.random.default_rng(7).normal(0.0, 5.0, len(squats(5)))
    assert len(run(SQUAT, list(squats(5) + noise))[0]) == 5
    still = 170.0 + np.random.default_rng(8).normal(0.0, 5.0, 1000)
    assert run(SQUAT, list(still))[0] == []


def test_single_wild_frames_do_not_count_or_break() -> None:
    values = squats(3)
    for i in range(10, len(values), 25):
        values[i] = 60.0
    assert len(run(SQUAT, values)[0]) == 3


def test_a_posture_that_shifts_between_repetitions_does_not_stop_the_counting() -> None:
    values = course(175, 175, 85, 175, 175, 150, 150, 150, 85, 150, 150, 85, 150, 150)
    assert len(run(SQUAT, values)[0]) == 3


def test_a_long_gap_gives_the_repetition_up_and_a_short_one_does_not() -> None:
    for gap_s, expected in ((0.4, 1), (1.5, 0)):
        values = squats(1)
        start = int(1.5 * RATE)
        gap = int(gap_s * RATE)
        values[start : start + gap] = [math.nan] * gap
        assert len(run(SQUAT, values)[0]) == expected


def test_a_hold_beyond_the_longest_duration_is_given_up() -> None:
    hold = [85.0] * int((SQUAT.max_duration_s + 1.0) * RATE)
    values = course(170, 170, 85) + hold + course(85, 170, 170)
    assert run(SQUAT, values)[0] == []


def test_lifting_one_leg_is_no_squat() -> None:
    assert run(SQUAT, squats(3), [170.0] * len(squats(3)))[0] == []


@pytest.mark.parametrize("name", ["lunge", "inline_lunge"])
def test_in_a_lunge_the_front_knee_may_bend_much_more(name: str) -> None:
    lunge = library().get(name).primary
    front = squats(3)
    assert len(run(lunge, front, [170.0 - 0.3 * (170.0 - value) for value in front])[0]) == 3
    assert run(lunge, front, [170.0 - 0.1 * (170.0 - value) for value in front])[0] == []
    assert run(SQUAT, front, [170.0 - 0.3 * (170.0 - value) for value in front])[0] == []


def test_one_leg_hidden_behind_the_other_does_not_matter() -> None:
    segments, _ = run(SQUAT, squats(3), [math.nan] * len(squats(3)))
    assert [segment.side for segment in segments] == [Side.BOTH] * 3
    assert math.isnan(segments[0].side_excursions[1])


def test_either_arm_or_both_count_with_their_side() -> None:
    up, down = course(15, 15, 100, 15, 15), [15.0] * len(course(15, 15, 100, 15, 15))
    segments, _ = run(ARM_RAISE, up + down + up, down + up + up)
    assert [segment.side for segment in segments] == [Side.LEFT, Side.RIGHT, Side.BOTH]


def test_a_one_sided_exercise_ignores_the_other_side() -> None:
    bend = course(160, 160, 45, 160, 160)
    still = [160.0] * len(bend)
    assert len(run(ELBOW_LEFT, bend, still)[0]) == 1
    assert run(ELBOW_LEFT, still, bend)[0] == []


def test_reset_forgets_the_movement() -> None:
    segmenter = Segmenter(SQUAT, max_gap_s=1.0)
    values = squats(1)
    half = int(1.8 * RATE)
    found = []
    for i, value in enumerate(values):
        if i == half:
            segmenter.reset()
            assert segmenter.phase is Phase.UNKNOWN
        found.append(segmenter.update((i + 1) * PERIOD_NS, value, value))
    assert not any(found)


def test_rest_is_known_only_of_who_was_seen_before_moving() -> None:
    at_once = [170.0, *course(165.0, 85.0, 170.0, 170.0, 85.0, 170.0, 170.0, seconds=0.5)]
    waiting = [170.0] * 10 + at_once
    assert [segment.rest_seen for segment in run(SQUAT, at_once)[0]] == [False, True]
    assert [segment.rest_seen for segment in run(SQUAT, waiting)[0]] == [True, True]
