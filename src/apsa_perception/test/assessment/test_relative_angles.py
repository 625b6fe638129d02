"""Angles relative to rest."""

import pytest

from apsa_perception.assessment.live_errors import probability_beyond
from apsa_perception.biomechanics.typical_errors import TYPICAL_ERRORS
from apsa_perception.model.codes import ErrorCode
from support.figures import figure, repeat
from support.runs import assess


def test_an_angle_relative_to_rest_turns_the_shorter_way() -> None:
    """A trunk that hangs down leans 172 degrees to one side, then to the other: 16, not 344."""
    frames = repeat(
        lambda stamp, way: [
            figure(
                stamp,
                knee_deg=(170.0 - 85.0 * way,) * 2,
                lean_left_deg=172.0 if way < 0.5 else -172.0,
            )
        ],
        2,
    )
    run = assess(frames, "squat")
    leans = [
        error.value
        for result in (*run.live, *run.verdicts)
        for error in result.errors
        if error.code is ErrorCode.TRUNK_LEAN_LATERAL
    ]
    assert leans
    assert max(map(abs, leans)) < 20.0


def test_a_limit_relative_to_rest_is_judged_by_the_error_of_a_change() -> None:
    frames = repeat(
        lambda stamp, way: [
            figure(stamp, knee_deg=(170.0 - 85.0 * way,) * 2, lean_left_deg=17 * way)
        ],
        2,
    )
    leans = [
        error
        for result in assess(frames, "squat").live
        for error in result.errors
        if error.code is ErrorCode.TRUNK_LEAN_LATERAL
    ]
    assert leans
    _, value_error, change_error = TYPICAL_ERRORS["trunk_lean_lateral"][0]
    assert change_error < value_error
    confidence = float(frames[0][1][0].confidence.min())
    for lean in leans:
        expected = probability_beyond(lean.value - lean.limit, change_error / confidence)
        assert lean.probability == pytest.approx(expected)
