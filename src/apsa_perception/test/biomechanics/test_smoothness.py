"""The spectral arc length of movements whose smoothness is known."""

import math

import numpy as np
import pytest

from apsa_perception.biomechanics.smoothness import spectral_arc_length
from apsa_perception.model.skeleton import FloatArray

RATE_HZ = 50.0


def reach(duration_s: float = 1.0, size: float = 1.0) -> FloatArray:
    """Speed of a reach of minimum jerk (Flash and Hogan 1985)."""
    share = np.arange(0.0, 1.0, 1.0 / (RATE_HZ * duration_s))
    return size / duration_s * 30.0 * share**2 * (1.0 - share) ** 2


def test_the_smoothest_reach_has_the_value_of_the_literature() -> None:
    assert spectral_arc_length(reach(), RATE_HZ) == pytest.approx(-1.40, abs=0.02)


def test_size_and_duration_do_not_matter() -> None:
    values = [spectral_arc_length(reach(d, s), RATE_HZ) for d in (0.6, 1.0, 3.0) for s in (0.1, 50)]
    assert values == pytest.approx([values[0]] * len(values), abs=0.03)


def test_each_stop_on_the_way_makes_it_less_smooth() -> None:
    in_parts = [np.concatenate([reach(3.0 / parts)] * parts) for parts in (1, 2, 3, 5)]
    values = [spectral_arc_length(speed, RATE_HZ) for speed in in_parts]
    assert values == sorted(values, reverse=True)
    assert values[0] - values[-1] > 1.0


def test_nothing_that_moves_has_no_smoothness() -> None:
    assert math.isnan(spectral_arc_length(np.zeros(30), RATE_HZ))
