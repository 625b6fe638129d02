"""The tempo of a set: phases are timed, and named where they miss it."""

from collections.abc import Callable

import pytest

from apsa_perception.assessment.offline import Run, play
from apsa_perception.exercises.tempo import Tempo
from apsa_perception.model.codes import ErrorCode, Phase
from apsa_perception.programmes.definition import PlannedSet, Programme
from support.figures import PERIOD_NS, SECOND_NS, Frames, bump, squat
from support.runs import assessor

REST_S = 1.5


def smooth(share: float) -> float:
    return bump(share / 2.0)


def linear(share: float) -> float:
    return share


def squats(
    out_s: float, hold_s: float, back_s: float, course: Callable[[float], float], count: int = 2
) -> Frames:
    """Squats with these phases, as a person who moves along a course from 0 to 1."""
    cycle_s = out_s + hold_s + back_s + REST_S
    frames = []
    for stamp in range(PERIOD_NS, int((REST_S + count * cycle_s) * SECOND_NS), PERIOD_NS):
        since_s = stamp / SECOND_NS - REST_S
        since_s = since_s % cycle_s if since_s > 0 else cycle_s
        if since_s < out_s:
            way = course(since_s / out_s)
        elif since_s < out_s + hold_s:
            way = 1.0
        else:
            way = course(max(1.0 - (since_s - out_s - hold_s) / back_s, 0.0))
        frames.append((stamp, [squat(stamp, way)]))
    return frames


def coached(frames: Frames, tempo: str) -> Run:
    """A set of squats in a tempo."""
    plan = PlannedSet("squat", "Squat", repetitions=20, tempo=tempo)
    one = assessor()
    one.set_programme(Programme("slow", "Slow", "", (plan,)))
    one.start()
    return Run(list(play(one, frames)))


def named(run: Run) -> list[list[tuple[ErrorCode, Phase]]]:
    """What is said of the tempo of each repetition."""
    return [
        [(error.code, error.phase) for error in one.errors if error.source_name[:5] == "tempo"]
        for one in run.verdicts
    ]


@pytest.mark.parametrize("course", [smooth, linear])
@pytest.mark.parametrize("tempo", ["3-1-2", "2-0-2", "4-2-1", "2-3-3"])
def test_who_keeps_to_the_tempo_hears_nothing_of_it(
    tempo: str, course: Callable[[float], float]
) -> None:
    asked = Tempo.parse(tempo)
    run = coached(squats(asked.out_s, asked.hold_s, asked.back_s, course), tempo)
    assert named(run) == [[], []]
    for one in run.verdicts:
        found = {m.name: m.value for m in one.measures if m.name.startswith("tempo_")}
        ways_s = asked.out_s + asked.back_s
        assert asked.hold_s <= found["tempo_hold"] + 0.1 <= asked.hold_s + 0.3 * ways_s
        longest = 1.1 if course is smooth else 1.4
        for name, wanted in (("tempo_out", asked.out_s), ("tempo_back", asked.back_s)):
            assert 0.85 * wanted - 0.1 <= found[name] <= longest * wanted


@pytest.mark.parametrize(
    ("phases", "expected"),
    [
        ((1.0, 1.0, 2.0), [(ErrorCode.OUTWARD_TOO_FAST, Phase.OUTWARD)]),
        ((3.0, 1.0, 0.8), [(ErrorCode.RETURN_TOO_FAST, Phase.RETURN)]),
        ((3.0, 0.0, 2.0), [(ErrorCode.HOLD_TOO_SHORT, Phase.PEAK)]),
        ((6.0, 2.0, 5.0), [(ErrorCode.TOO_SLOW, Phase.UNKNOWN)]),
    ],
)
def test_what_misses_the_tempo_is_named_with_the_seconds_asked_for(
    phases: tuple[float, float, float], expected: list[tuple[ErrorCode, Phase]]
) -> None:
    run = coached(squats(*phases, smooth), "3-2-2" if phases[1] == 0.0 else "3-1-2")
    assert named(run) == [expected, expected]
    (error,) = (each for each in run.verdicts[0].errors if each.source_name[:5] == "tempo")
    asked = {"tempo_out": 3.0, "tempo_back": 2.0, "tempo_hold": 2.0, "duration": 6.0}
    assert error.limit == asked[error.measure]


def test_the_tempo_does_not_change_the_score_and_is_not_judged_without_one() -> None:
    frames = squats(1.0, 0.0, 1.0, smooth)
    asked, free = coached(frames, "4-2-4"), coached(frames, "")
    assert [one.score for one in asked.qualities] == [one.score for one in free.qualities]
    assert all(len(each) == 3 for each in named(asked))
    assert named(free) == [[], []]
    assert not [m for one in free.verdicts for m in one.measures if m.name.startswith("tempo")]
