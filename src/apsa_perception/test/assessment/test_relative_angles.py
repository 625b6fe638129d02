"""Angles relative to rest."""

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
