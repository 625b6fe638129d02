"""Calibration: the person's own upright posture becomes the reference."""

import re

import numpy as np
import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.biomechanics.posture import BodyReference, bone_lengths, reliable_joints
from apsa_perception.model.codes import (
    ErrorScope,
    RequestError,
    RequestErrorCode,
    SessionEvent,
    SessionState,
)
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import ErrorSet, SessionStatus
from apsa_perception.model.skeleton import Skeleton
from support.figures import LEGS, PERIOD_NS, SECOND_NS, figure, repeat, squat
from support.runs import assessor


def stand(one: Assessor, seconds: float, start_ns: int = PERIOD_NS, **looks: object) -> int:
    """Feed a standing figure and return the next stamp."""
    stamp = start_ns
    while stamp < start_ns + seconds * SECOND_NS:
        one.update(stamp, [figure(stamp, **looks)])  # type: ignore[arg-type]
        stamp += PERIOD_NS
    return stamp


def last_status(one: Assessor, stamp: int) -> SessionStatus:
    """The session as told by an unneeded call, which repeats it."""
    one.set_exercise("squat")
    status = one.start()
    assert status.stamp_ns < stamp
    return status


def lean_of(one: Assessor, skeleton: Skeleton) -> float:
    live = one.update(skeleton.stamp_ns, [skeleton])[-1]
    assert isinstance(live, ErrorSet)
    return next(m.value for m in live.measures if m.name == "trunk_lean_forward")


def test_standing_still_replaces_the_unknown_pitch_of_the_camera() -> None:
    one = assessor()
    one.start("squat")
    view = {"turn_deg": 50.0, "pitch_deg": 20.0}
    stamp = stand(one, 1.0, **view)
    before = lean_of(one, figure(stamp, lean_forward_deg=14, **view))  # type: ignore[arg-type]
    assert one.calibrate().state is SessionState.CALIBRATING
    stamp = stand(one, 2.2, stamp + PERIOD_NS, **view)
    after = lean_of(one, figure(stamp, lean_forward_deg=14, **view))  # type: ignore[arg-type]
    assert abs(before - 14) > 8
    assert after == pytest.approx(14, abs=1)


@pytest.mark.parametrize(("lean", "told"), [(0.0, None), (20.0, 20.0), (-20.0, -20.0)])
def test_calibrated_before_a_tilted_camera_only_real_leans_are_errors(
    lean: float, told: float | None
) -> None:
    one = assessor()
    one.start("squat")
    stamp = stand(one, 1.0, roll_deg=16.0)
    one.calibrate()
    stamp = stand(one, 3.0, stamp + PERIOD_NS, roll_deg=16.0)

    def leaning(stamp_ns: int, way: float) -> list[Skeleton]:
        return [squat(stamp_ns, way, lean_left_deg=lean * way, roll_deg=16.0)]

    of_repetitions = [
        result
        for stamp_ns, skeletons in repeat(leaning, 2, start_ns=stamp + PERIOD_NS)
        for result in one.update(stamp_ns, skeletons)
        if isinstance(result, ErrorSet) and result.scope is ErrorScope.REPETITION
    ]
    assert len(of_repetitions) == 2
    for result in of_repetitions:
        found = [e.value for e in result.errors if e.name == "trunk_lean_lateral"]
        assert found == ([] if told is None else [pytest.approx(told, abs=1)])


def test_the_state_returns_and_the_session_says_so() -> None:
    one = assessor()
    one.start("squat")
    assert one.calibrate(1.0).event is SessionEvent.CALIBRATION_STARTED
    statuses = []
    for i in range(1, 40):
        results = one.update(i * PERIOD_NS, [figure(i * PERIOD_NS)])
        statuses += [result for result in results if isinstance(result, SessionStatus)]
    last = statuses[-1]
    assert (last.state, last.calibrated) == (SessionState.RUNNING, True)
    assert last.event is SessionEvent.CALIBRATED
    assert last.message == "calibrated to your own upright posture"


@pytest.mark.parametrize(
    ("looks", "message"),
    [
        ({"hidden": LEGS}, "Your whole body from shoulders to ankles was visible in 0 of"),
        (
            {"lean_forward_deg": 80.0, "turn_deg": 90.0},
            "Your trunk was tilted by 80 degrees, more than 35.",
        ),
    ],
)
def test_what_cannot_be_a_reference_is_refused(looks: dict[str, object], message: str) -> None:
    one = assessor()
    one.calibrate(1.0)
    told: list[SessionStatus] = []
    for stamp in range(PERIOD_NS, int(1.5 * SECOND_NS), PERIOD_NS):
        results = one.update(stamp, [figure(stamp, **looks)])  # type: ignore[arg-type]
        told += [result for result in results if isinstance(result, SessionStatus)]
    assert message in told[-1].message
    assert (told[-1].calibrated, told[-1].event) == (False, SessionEvent.CALIBRATION_FAILED)


def test_moving_fails_with_a_sentence_and_keeps_the_old_reference() -> None:
    one = assessor()
    one.set_exercise("squat")
    one.calibrate(1.0)
    stamp = stand(one, 1.5)
    one.calibrate(1.0)
    told = []
    for i in range(40):
        results = one.update(stamp, [squat(stamp, i / 40)])
        told += [result for result in results if isinstance(result, SessionStatus)]
        stamp += PERIOD_NS
    assert re.fullmatch(
        r"You moved by \d+ cm, more than 3 cm\. Please stand still for 1 s\.", told[-1].message
    )
    assert (told[-1].calibrated, told[-1].event) == (True, SessionEvent.CALIBRATION_FAILED)
    assert told[-1].state is SessionState.IDLE


def test_nobody_there_fails_too() -> None:
    one = assessor()
    one.calibrate(0.5)
    told = []
    for i in range(1, 20):
        told += [r for r in one.update(i * PERIOD_NS, []) if isinstance(r, SessionStatus)]
    assert "visible in 0 of" in told[-1].message


@pytest.mark.parametrize("duration", [0.1, 60.0])
def test_durations_out_of_range_are_refused(duration: float) -> None:
    one = assessor()
    with pytest.raises(RequestError, match=r"expected 0\.5 to 10 s") as refusal:
        one.calibrate(duration)
    assert refusal.value.code is RequestErrorCode.OUT_OF_RANGE
    one.calibrate(1.0)
    with pytest.raises(RequestError, match="a calibration is in progress") as refusal:
        one.calibrate(1.0)
    assert refusal.value.code is RequestErrorCode.BUSY


def test_another_person_ends_the_calibration() -> None:
    one = assessor()
    one.set_exercise("squat")
    one.calibrate(1.0)
    stamp = stand(one, 1.5)
    stand(one, 0.2, stamp + 2 * SECOND_NS, body_id=2)
    assert one.status.event is SessionEvent.PERSON_CHANGED
    assert not one.status.calibrated


def test_a_bone_of_another_length_makes_its_joint_unreliable() -> None:
    standing = figure()
    reference = BodyReference(np.array([0.0, -1.0, 0.0]), bone_lengths(standing.positions), {})
    swapped = standing.positions.copy()
    swapped[Joint.LEFT_ANKLE] = swapped[Joint.LEFT_ANKLE] + (0.7, 0.3, 0.0)
    wild = Skeleton(0, 1, swapped, standing.pixels, standing.confidence, standing.observed)
    seen = reliable_joints(wild, 0.5, reference)
    assert not seen[Joint.LEFT_ANKLE]
    assert seen[Joint.LEFT_KNEE]
    assert reliable_joints(wild, 0.5, None).all()
