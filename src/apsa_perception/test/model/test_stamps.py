"""Which frames of a stream are used, by their stamps."""

import pytest

from apsa_perception.model.stamps import StampError, StampGate

PERIOD_NS = 40_000_000
START_NS = 1_700_000_000_000_000_000


def run(stamps: list[int]) -> tuple[list[int], list[int]]:
    """Indices of the used frames, and of those that reset the state."""
    gate = StampGate()
    used, resets = [], []
    for index, stamp_ns in enumerate(stamps):
        try:
            if gate.check(stamp_ns):
                resets.append(index)
        except StampError:
            continue
        gate.accept(stamp_ns)
        used.append(index)
    return used, resets


def even(count: int, start_ns: int = START_NS) -> list[int]:
    return [start_ns + index * PERIOD_NS for index in range(count)]


@pytest.mark.parametrize("ahead_s", [1.5, 100.0, 3e8])
@pytest.mark.faults
def test_one_stamp_far_ahead_costs_one_frame(ahead_s: float) -> None:
    stamps = even(20)
    stamps[7] += int(ahead_s * 1e9)
    assert run(stamps) == ([i for i in range(20) if i != 7], [])


@pytest.mark.faults
def test_a_clock_set_back_by_less_than_a_second_costs_as_many_frames() -> None:
    stamps = even(50)
    stamps[20:] = [stamp_ns - 600_000_000 for stamp_ns in stamps[20:]]
    assert run(stamps) == ([*range(20), *range(35, 50)], [])


def test_a_gap_costs_its_first_frame() -> None:
    assert run(even(5) + even(5, START_NS + 60_000_000_000)) == ([*range(5), *range(6, 10)], [])


@pytest.mark.faults
def test_a_new_recording_resets_the_state_with_its_first_frame() -> None:
    assert run(even(5) + even(5, START_NS - 60_000_000_000)) == ([*range(10)], [5])


@pytest.mark.faults
@pytest.mark.parametrize("first", [0, 4, 9])
def test_a_stamp_of_0_is_no_time_and_costs_its_frame_only(first: int) -> None:
    stamps = even(10)
    stamps[first] = 0
    assert run(stamps) == ([i for i in range(10) if i != first], [])
    assert run([0] * 10) == ([], [])


def test_a_slow_stream_is_not_dropped_for_ever() -> None:
    used, _ = run([START_NS + index * 3_000_000_000 for index in range(12)])
    assert len(used) >= 3
