"""A difference of the clocks is told from the ages of messages; a recording is none."""

import pytest

from apsa_perception.imaging.clock_offset import ClockOffset, offset_sentence


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [
        (-3.25, "stamped 3.2 s ahead of the clock of this machine; synchronise the clocks"),
        (-0.05, ""),
        (0.3, ""),
        (4.0, "are 4.0 s old when they arrive"),
        (3600.0, ""),
    ],
)
def test_the_sentence_has_the_offset_and_the_cure(age_s: float, expected: str) -> None:
    sentence = offset_sentence(age_s, "images")
    assert expected in sentence
    assert bool(sentence) == bool(expected)


def test_late_messages_do_not_change_the_offset_and_old_ones_are_forgotten() -> None:
    offset = ClockOffset()
    assert offset.age_s is None
    for number in range(300):
        late_s = 2.0 if number % 3 else 0.02
        offset.add(1000.0 + number / 30.0 + late_s, 1000.0 + number / 30.0)
    assert offset.age_s == pytest.approx(0.02)
    offset.add(1030.0, 1025.0)
    assert offset.age_s == pytest.approx(5.0)


def test_a_local_clock_that_is_set_back_starts_again() -> None:
    offset = ClockOffset()
    offset.add(5000.0, 4990.0)
    offset.add(1000.0, 999.9)
    assert offset.age_s == pytest.approx(0.1)
