"""Raising one hand for two seconds starts, pauses and continues; nothing else does."""

from itertools import pairwise

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.hand_signal import HandSignal, may_signal
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import Phase, SessionState
from support.figures import PERIOD_NS, SECOND_NS, figure, posture_of, squat
from support.runs import EXERCISES, assessor

WAITING = AssessmentSettings(wait_until_ready=True)
RAISED, LOWERED = (175.0, 10.0), (10.0, 10.0)


@pytest.mark.parametrize(
    ("arms_deg", "held_s", "given"),
    [
        (RAISED, 2.5, 1),
        ((10.0, 175.0), 9.0, 1),
        (RAISED, 1.8, 0),
        ((175.0, 175.0), 4.0, 0),
        ((90.0, 10.0), 4.0, 0),
    ],
)
def test_one_hand_above_the_head_for_two_seconds_is_one_signal(
    arms_deg: tuple[float, float], held_s: float, given: int
) -> None:
    signal = HandSignal()
    posture = posture_of(figure(arms_deg=arms_deg))
    stamps = range(0, round(held_s * SECOND_NS), PERIOD_NS)
    assert sum(signal.update(stamp, posture) for stamp in stamps) == given
    assert not signal.update(round(held_s * SECOND_NS), None)


def play(one: Assessor, start_s: float, *parts: tuple[tuple[float, float], float]) -> Run:
    run, stamp = Run(), round(start_s * SECOND_NS)
    for arms_deg, seconds in parts:
        end = stamp + round(seconds * SECOND_NS)
        while (stamp := stamp + PERIOD_NS) <= end:
            run.add(one.update(stamp, [figure(stamp, arms_deg=arms_deg)]))
    return run


def test_the_hand_starts_pauses_and_continues_with_a_countdown() -> None:
    one = assessor(WAITING)
    one.set_exercise("squat")
    signal = ((RAISED, 2.2), (LOWERED, 6.0))
    run = play(one, 0.0, (LOWERED, 1.0), *signal, *signal, *signal)
    states = [status.state for status in run.statuses]
    assert [now for now, after in pairwise([*states, None]) if now is not after] == [
        SessionState.PREPARING,
        SessionState.RUNNING,
        SessionState.PAUSED,
        SessionState.PREPARING,
        SessionState.RUNNING,
    ]


@pytest.mark.parametrize(
    "settings",
    [AssessmentSettings(), AssessmentSettings(wait_until_ready=True, hand_signal=False)],
)
def test_recordings_and_those_who_switch_it_off_are_not_paused(
    settings: AssessmentSettings,
) -> None:
    one = assessor(settings)
    one.start("squat")
    one.start("squat")
    play(one, 0.0, (LOWERED, 1.0), (RAISED, 3.0))
    assert one.status.state is SessionState.RUNNING


def test_a_hand_raised_in_a_deep_squat_does_not_pause() -> None:
    one = assessor(WAITING)
    one.start("squat")
    one.start("squat")
    run, stamp = Run(), 0
    for way, arms, seconds in ((0.0, LOWERED, 2.0), (1.0, LOWERED, 0.5), (1.0, RAISED, 3.0)):
        for _ in range(round(seconds * SECOND_NS / PERIOD_NS)):
            stamp += PERIOD_NS
            run.add(one.update(stamp, [squat(stamp, way, arms_deg=arms)]))
    assert run.live[-1].phase is Phase.PEAK
    assert {status.state for status in run.statuses} == {SessionState.RUNNING}


def test_an_exercise_with_raised_arms_and_a_movement_are_no_signal() -> None:
    assert may_signal(EXERCISES.get("squat"), Phase.REST)
    assert not may_signal(EXERCISES.get("squat"), Phase.PEAK)
    assert not may_signal(EXERCISES.get("shoulder_abduction_left"), Phase.REST)
    one = assessor(WAITING)
    one.start("arm_raise")
    one.start()
    play(one, 0.0, (LOWERED, 1.0), (RAISED, 3.0))
    assert one.status.state is SessionState.RUNNING
