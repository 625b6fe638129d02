"""Conversion between seconds and nanoseconds."""

import numpy as np
import pytest

from apsa_perception.model.time import NS_PER_S, to_nanoseconds, to_seconds


@pytest.mark.parametrize("milliseconds", range(0, 2000, 37))
def test_whole_milliseconds_are_exact(milliseconds: int) -> None:
    assert to_nanoseconds(milliseconds / 1000) == milliseconds * NS_PER_S // 1000


def test_seconds_of_a_stamp_and_of_many() -> None:
    assert to_seconds(1_500_000_000) == pytest.approx(1.5)
    assert to_seconds(np.array([0, 40_000_000])) == pytest.approx([0.0, 0.04])
