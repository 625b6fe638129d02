"""How well each measure is known."""

import math
from itertools import pairwise

import numpy as np
import pytest

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.typical_errors import TYPICAL_ERRORS
from apsa_perception.model.codes import Side
from support.figures import figure, posture_of


def errors_of(name: str, confidence: float = 1.0, **looks: float) -> tuple[float, float]:
    """Standard errors of the value and of its change, of the left side if there is one."""
    one = figure(**looks)  # type: ignore[arg-type]
    one.confidence[:] = confidence
    measure = MEASURES[name]
    result = measure.take(posture_of(one), measure.sides[0])
    assert result.judged, result.reason
    return result.uncertainty, result.change_uncertainty


@pytest.mark.parametrize("name", sorted(TYPICAL_ERRORS))
def test_the_uncertainty_is_the_error_measured_for_the_turn_of_the_body(name: str) -> None:
    table = TYPICAL_ERRORS[name]
    looks = {"lean_forward_deg": 10.0, "knees_over_ankles": 0.9}
    if name in ("arm_plane", "forearm_rotation"):
        looks["arms_deg"] = (80.0, 80.0)  # type: ignore[assignment]
    for turn_deg, value, change in table:
        assert errors_of(name, turn_deg=-turn_deg, **looks) == pytest.approx((value, change))
    for (before, *less), (after, *more) in pairwise(table):
        between = errors_of(name, turn_deg=-(before + after) / 2.0, **looks)
        assert between == pytest.approx(tuple(np.mean([less, more], axis=0)))


def test_beyond_the_turns_that_were_measured_the_nearest_holds() -> None:
    assert (
        errors_of("knee_separation_ratio", turn_deg=28.0)
        == TYPICAL_ERRORS["knee_separation_ratio"][-1][1:]
    )
    assert (
        errors_of("trunk_lean_forward", turn_deg=90.0)
        == TYPICAL_ERRORS["trunk_lean_forward"][-1][1:]
    )


def test_uncertainty_grows_with_doubt_and_there_is_none_without_a_value() -> None:
    sure, doubtful = (errors_of("knee_angle", confidence=share) for share in (0.9, 0.6))
    assert doubtful == pytest.approx(tuple(1.5 * error for error in sure))
    hidden = MEASURES["knee_separation_ratio"].take(posture_of(figure(turn_deg=90.0)), Side.BOTH)
    assert math.isnan(hidden.uncertainty)
    assert math.isnan(hidden.change_uncertainty)


def test_a_change_since_rest_is_known_better_than_the_angle() -> None:
    for name in ("knee_angle", "trunk_lean_forward", "trunk_lean_lateral"):
        measure = MEASURES[name]
        assert measure.typical_change_error < 0.7 * measure.typical_error
    # What one view always adds to an elbow is corrected for the most part.
    elbow = MEASURES["elbow_angle"]
    assert elbow.typical_change_error < 0.85 * elbow.typical_error


def test_with_a_depth_sensor_and_for_lying_people_the_error_is_assumed() -> None:
    for turn in (0.0, 45.0, 90.0):
        posture = posture_of(figure(turn_deg=turn, picture=False))
        measure = MEASURES["knee_angle"]
        assert measure.take(posture, Side.LEFT).uncertainty == pytest.approx(10.0 / 0.9)
    assert errors_of("hip_height", turn_deg=90.0) == (0.04, 0.04)
