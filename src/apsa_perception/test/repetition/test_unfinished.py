"""Movements that do not come back to rest."""

from itertools import pairwise

import pytest

from apsa_perception.model.codes import ExerciseSide, Grade, NotJudgedReason, SessionEvent
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.segment import Segment
from apsa_perception.repetition.segmenter import Segmenter
from support.figures import PERIOD_NS, Frames, bump, figure, library, repeat
from support.runs import assess

pytestmark = pytest.mark.faults
RAISE_S = 2.0
LIBRARY = library()
ARM_RAISE = LIBRARY.get("arm_raise").primary
COUNTED = [exercise.name for exercise in LIBRARY if exercise.motion is not None]


def raises(full: int, partial: int, valley: float) -> Frames:
    """Arm raises to 160 degrees: full ones, then some that are lowered only to a valley."""

    def arms(stamp_ns: int, way: float) -> float:
        return 8.0 + way * 152.0

    frames = repeat(lambda stamp, way: [figure(stamp, arms_deg=(arms(stamp, way),) * 2)], full)
    last, period = frames[-1][0], 40_000_000
    count = int(RAISE_S * 25)
    ways = [152.0 * bump(0.5 * i / count) + 8.0 for i in range(count)]
    for _ in range(partial - 1):
        ways += [160.0 - (160.0 - valley) * bump(i / count) for i in range(count)]
    ways += [160.0 - 152.0 * bump(0.5 * i / count) for i in range(count)]
    ways += [8.0] * 40
    return frames + [
        (last + (i + 1) * period, [figure(last + (i + 1) * period, arms_deg=(way, way))])
        for i, way in enumerate(ways)
    ]


@pytest.mark.parametrize("valley", [61.5, 66.0, 75.0, 95.0])
def test_raises_that_are_not_lowered_are_reported_and_not_graded_good(valley: float) -> None:
    run = assess(raises(3, 5, valley), "arm_raise")
    assert [quality.grade for quality in run.qualities[:3]] == [Grade.GOOD] * 3
    assert {q.not_judged_reason for q in run.qualities[3:]} == {NotJudgedReason.NOT_RETURNED}
    told = [status for status in run.statuses if status.event is SessionEvent.NOT_RETURNED]
    assert "starting position" in told[0].message
    second_peak_ns = raises(3, 0, valley)[-1][0] + int(2.5 * RAISE_S * 1e9)
    assert told[0].stamp_ns < second_peak_ns
    assert [status.message.split(" not")[0] for status in told] == [
        "a repetition was",
        *(f"{count} repetitions were" for count in (2, 3, 4)),
    ]


def test_pulses_belong_to_their_repetition() -> None:
    run = assess(raises(2, 4, 120.0), "arm_raise")
    assert [quality.grade for quality in run.qualities] == [Grade.GOOD] * 3
    assert SessionEvent.NOT_RETURNED not in {status.event for status in run.statuses}


def test_arms_in_turn_are_not_taken_for_unfinished_raises() -> None:
    """The second arm goes up while the first one goes down."""
    frames = repeat(
        lambda stamp, way: [
            figure(stamp, arms_deg=(8.0 + 140.0 * way, 8.0 + 140.0 * bump(2.0 * way - 0.7)))
        ],
        2,
    )
    run = assess(frames, "arm_raise")
    assert SessionEvent.NOT_RETURNED not in {status.event for status in run.statuses}


def run(motion: PrimaryMotion, stations: list[float], way_s: float) -> tuple[list[Segment], int]:
    """Repetitions and how often one was not counted, on a way from station to station."""
    segmenter = Segmenter(motion, max_gap_s=1.0)
    steps = int(way_s * 1e9) // PERIOD_NS
    values = [
        a + (b - a) * bump(0.5 * i / steps) for a, b in pairwise(stations) for i in range(steps)
    ]
    other = stations[0]
    segments, told = [], 0
    for i, value in enumerate(values):
        left = other if motion.sides is ExerciseSide.RIGHT else value
        right = other if motion.sides is ExerciseSide.LEFT else value
        segment = segmenter.update((i + 1) * PERIOD_NS, left, right)
        segments += [segment] if segment else []
        told += segmenter.not_returned
    return segments, told


def pace_s(motion: PrimaryMotion) -> float:
    """Seconds from station to station at a slow pace of the exercise."""
    return min(1.0, 0.1 * motion.max_duration_s)


def stations(motion: PrimaryMotion) -> tuple[float, float]:
    """Rest and turning point of somebody who does the exercise as it is meant."""
    ahead = motion.target - motion.rest_limit
    rest = motion.rest_limit - motion.sign * max(0.35 * abs(ahead), 0.4 * motion.min_excursion)
    way = max(abs(motion.target + 0.1 * ahead - rest), 1.2 * motion.min_excursion)
    return rest, rest + motion.sign * way


@pytest.mark.parametrize("returned", [0.45, 0.55, 0.65, 0.75, 0.9])
@pytest.mark.parametrize("name", COUNTED)
def test_in_each_exercise_a_movement_that_does_not_return_is_counted_or_told(
    name: str, returned: float
) -> None:
    motion = LIBRARY.get(name).primary
    rest, top = stations(motion)
    back = max(returned * abs(top - rest), 0.55 * motion.min_excursion)  # less is noise
    valley = top - motion.sign * back
    way = [rest, rest, rest, top, *[valley, top] * 4, rest, rest, rest]
    segments, told = run(motion, way, max(pace_s(motion), 0.6 * motion.min_duration_s))
    counted = sum(not segment.turned_back for segment in segments)
    assert counted + told >= 4


@pytest.mark.parametrize("name", COUNTED)
def test_in_each_exercise_small_pulses_belong_to_their_repetition(name: str) -> None:
    motion = LIBRARY.get(name).primary
    rest, top = stations(motion)
    pulse = top + (rest - top) * 0.25
    way = [rest, rest, top, pulse, top, pulse, top, rest, rest, rest]
    segments, told = run(motion, way, pace_s(motion))
    long_enough = motion.min_duration_s < 6.0
    assert (len(segments), told) == (int(long_enough), 0)


def test_a_hesitation_on_the_way_out_is_no_movement_of_its_own() -> None:
    motion = LIBRARY.get("elbow_flexion_left").primary
    segments, told = run(motion, [161.0, 161.0, 94.0, 117.0, 25.0, 161.0, 161.0, 161.0], 0.8)
    assert [segment.turned_back for segment in segments] == [False]
    assert told == 0


def test_a_movement_that_stops_on_the_way_back_is_told() -> None:
    assert run(ARM_RAISE, [8.0, 8.0, 92.0, 55.0, 55.0, 55.0], 1.0) == ([], 1)


def test_a_posture_that_is_held_too_long_is_told_once() -> None:
    held = [120.0] * int(ARM_RAISE.max_duration_s + 10.0)
    assert run(ARM_RAISE, [8.0, 8.0, *held, 8.0, 8.0], 1.0) == ([], 1)
