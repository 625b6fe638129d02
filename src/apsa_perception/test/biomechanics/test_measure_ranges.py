"""No body, however impossible, takes a measure out of its range."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from apsa_perception.biomechanics.measure import Measure
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.model.joints import JOINT_COUNT
from support.figures import SIZE, figure, posture_of

BODIES = 600
_PIXELS_PER_METRE = 200.0


def bodies() -> Iterator[Posture]:
    """Turned, rolled and pitched figures, with noise, at random, and with joints that coincide.

    Half of them have a picture, of which some have joints without a place, or all at random.
    """
    random = np.random.default_rng(8)
    for number in range(BODIES):
        body = figure(
            turn_deg=random.uniform(-180.0, 180.0),
            roll_deg=random.uniform(-180.0, 180.0),
            pitch_deg=random.uniform(-60.0, 60.0),
            picture=number % 2 == 0,
        )
        shape = body.positions.shape
        positions = body.positions + random.normal(0.0, (0.0, 0.05, 0.3)[number % 3], shape)
        if number % 7 == 0:
            positions = random.normal(0.0, 0.5, shape)
        elif number % 7 == 1:
            positions[random.permutation(JOINT_COUNT)[:8]] = random.normal(0.0, 0.5, 3)
        elif number % 7 == 2:
            positions[:, random.integers(3)] = 0.0
        pixels = body.pixels
        if number % 2 == 0:
            pixels = np.array(SIZE) / 2.0 + _PIXELS_PER_METRE * positions[:, :2]
            if number % 5 == 0:
                pixels = random.uniform(0.0, SIZE, pixels.shape)
            if number % 5 == 1:
                pixels[random.permutation(JOINT_COUNT)[:5]] = np.nan
        observed = random.random(JOINT_COUNT) < 0.97
        skeleton = replace(body, positions=positions, pixels=pixels, observed=observed)
        yield posture_of(skeleton, random.uniform(-60.0, 60.0))


def allowed(measure: Measure) -> tuple[float, float]:
    """Least and largest value of a measure by its unit and definition."""
    if measure.unit == "1":
        return -math.inf, math.inf
    unsigned = measure.definition.startswith(("Inner angle", "Angle in space"))
    return (0.0 if unsigned else -180.0), 180.0


@pytest.mark.faults
def test_no_random_body_takes_a_measure_out_of_its_range() -> None:
    judged: Counter[str] = Counter()
    assert {measure.unit for measure in MEASURES.values()} == {"deg", "1"}
    for posture in bodies():
        for measure in MEASURES.values():
            low, high = allowed(measure)
            for side in measure.sides:
                result = measure.take(posture, side)
                assert result.judged == math.isfinite(result.value) == (not result.reason)
                if result.judged:
                    judged[measure.name] += 1
                    assert low <= result.value <= high, (measure.name, side, result.value)
    assert min(judged[name] for name in MEASURES) >= BODIES // 10
