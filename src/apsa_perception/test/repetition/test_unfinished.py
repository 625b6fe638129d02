"""Movements that turn outward again before rest."""

import pytest

from apsa_perception.model.codes import Grade, NotJudgedReason, SessionEvent
from support.figures import Frames, bump, figure, repeat
from support.runs import assess

RAISE_S = 2.0


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


@pytest.mark.parametrize("valley", [61.5, 66.0, 75.0])
def test_raises_that_are_not_lowered_are_reported_and_not_graded_good(valley: float) -> None:
    run = assess(raises(3, 5, valley), "arm_raise")
    assert [quality.grade for quality in run.qualities[:3]] == [Grade.GOOD] * 3
    assert {q.not_judged_reason for q in run.qualities[3:]} == {NotJudgedReason.NOT_RETURNED}
    told = [status for status in run.statuses if status.event is SessionEvent.NOT_RETURNED]
    assert "starting position" in told[0].message
    second_peak_ns = raises(3, 0, valley)[-1][0] + int(2.5 * RAISE_S * 1e9)
    assert told[0].stamp_ns < second_peak_ns


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
