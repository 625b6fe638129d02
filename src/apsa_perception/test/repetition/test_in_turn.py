"""Arms or legs in turn, and movements too short to count, on made-up courses of a measure."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from apsa_perception.model.codes import Side
from apsa_perception.repetition.segment import Segment
from apsa_perception.repetition.segmenter import Segmenter
from support.figures import SECOND_NS, bump, library

pytestmark = pytest.mark.faults
RATE = 25
CYCLE_S = 2.0
ENDS = {"biceps_curl": (165.0, 50.0), "arm_raise": (8.0, 160.0), "march": (170.0, 100.0)}
"""Primary measure at rest and at the turning point."""


def course(name: str, starts_s: Sequence[float], movement_s: float) -> list[float]:
    """Values of a side that makes a movement at each of the times, and one second more."""
    rest, top = ENDS[name]
    count = int((max(starts_s) + 2.0 * movement_s + 1.0) * RATE)
    ways = (sum(bump((i / RATE - start) / movement_s) for start in starts_s) for i in range(count))
    return [rest + (top - rest) * way for way in ways]


def in_turn(name: str, overlap: float) -> tuple[list[float], list[float]]:
    """Four movements a side; each begins before that of the other side has ended."""
    step = CYCLE_S * (1.0 - overlap)
    left, right = ([1.0 + (2 * i + side) * step for i in range(4)] for side in (0, 1))
    sides = course(name, left, CYCLE_S), course(name, right, CYCLE_S)
    return sides[0] + [ENDS[name][0]] * (len(sides[1]) - len(sides[0])), sides[1]


def segments(name: str, left: Sequence[float], right: Sequence[float]) -> tuple[list[Segment], int]:
    """Repetitions and how often one was reported as not returned."""
    segmenter = Segmenter(library().get(name).primary, max_gap_s=1.0)
    found, told = [], 0
    for i, values in enumerate(zip(left, right, strict=True), 1):
        if segment := segmenter.update(i * SECOND_NS // RATE, *values):
            found.append(segment)
        told += segmenter.not_returned
    return found, told


@pytest.mark.parametrize("overlap", [0.0, 0.2, 0.3, 0.4, 0.5])
@pytest.mark.parametrize("name", sorted(ENDS))
@pytest.mark.parametrize("noise_deg", [0.0, 3.0])
def test_arms_or_legs_in_turn_are_counted_one_by_one(
    name: str, overlap: float, noise_deg: float
) -> None:
    noise = np.random.default_rng(1).normal(0.0, noise_deg, (2, 1000))
    left, right = (
        [value + float(more) for value, more in zip(side, noise[i], strict=False)]
        for i, side in enumerate(in_turn(name, overlap))
    )
    found, told = segments(name, left, right)
    assert [segment.side for segment in found] == [Side.LEFT, Side.RIGHT] * 4
    assert told == 0
    for segment in found:
        assert 0.5 * CYCLE_S < (segment.end_ns - segment.start_ns) / SECOND_NS < CYCLE_S
        assert not segment.turned_back


def test_arms_in_turn_are_counted_although_each_is_hidden_for_a_moment() -> None:
    left, right = in_turn("biceps_curl", 0.5)
    left = [math.nan if i % 31 < 5 else value for i, value in enumerate(left)]
    right = [math.nan if i % 37 < 5 else value for i, value in enumerate(right)]
    found, _ = segments("biceps_curl", left, right)
    assert [segment.side for segment in found] == [Side.LEFT, Side.RIGHT] * 4


@pytest.mark.parametrize("start_s", [1.4 + 0.1 * i for i in range(14)])
def test_sides_that_are_exchanged_for_some_frames_make_no_more_repetitions(start_s: float) -> None:
    """As when the pose model takes the left arm for the right one."""
    left = course("arm_raise", [1.0, 4.0, 7.0], CYCLE_S)
    right = [ENDS["arm_raise"][0]] * len(left)
    first = int(start_s * RATE)
    exchanged = [(i - first) % (3 * RATE) < 6 and i >= first for i in range(len(left))]
    pairs = zip(left, right, exchanged, strict=True)
    both = [(b, a) if swap else (a, b) for a, b, swap in pairs]
    found, told = segments("arm_raise", *zip(*both, strict=True))
    assert (len(found), told) == (3, 0)


@pytest.mark.parametrize("rest_s", [0.3, 1.0, 2.0])
def test_movements_too_short_to_count_are_not_said_to_lack_a_return(rest_s: float) -> None:
    curls = course("biceps_curl", [1.0 + i * (0.4 + rest_s) for i in range(4)], 0.4)
    assert segments("biceps_curl", curls, curls)[1] == 0
