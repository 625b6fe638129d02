"""Bodies that no person has, and pictures that lie on their side, are not judged."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from apsa_perception.assessment.offline import Run
from apsa_perception.model.codes import ErrorCode, Grade, NotJudgedReason, SessionEvent
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.skeleton import FloatArray, Skeleton
from support.figures import Frames, figure, repeat, squat
from support.fitness import FITNESS
from support.runs import assess

FRAME_S = 0.04
FRONT = repeat(lambda stamp, way: [squat(stamp, way)], 6)


def changed(change: Callable[[FloatArray], FloatArray], frames: Frames = FRONT) -> Frames:
    """The frames with other positions in every frame."""
    return [
        (stamp, [replace(one, positions=change(one.positions)) for one in people])
        for stamp, people in frames
    ]


def noisy(amount_m: float, seed: int = 1) -> Frames:
    """White noise on all joints but the pelvis."""
    source = np.random.default_rng(seed)

    def add(positions: FloatArray) -> FloatArray:
        noise = source.normal(0.0, amount_m, positions.shape)
        noise[Joint.PELVIS] = 0.0
        return positions + noise

    return changed(add)


def slowly_noisy(amount_m: float, period_s: float, seed: int = 1) -> Frames:
    """Noise on all joints but the pelvis that goes from one value to the next in a period."""
    source = np.random.default_rng(seed)
    ends = [source.normal(0.0, amount_m, FRONT[0][1][0].positions.shape) for _ in range(2)]
    share = 0.0

    def add(positions: FloatArray) -> FloatArray:
        nonlocal share
        share += FRAME_S / period_s
        if share >= 1.0:
            ends[:] = ends[1], source.normal(0.0, amount_m, positions.shape)
            share = 0.0
        noise = ends[0] * (1.0 - share) + ends[1] * share
        noise[Joint.PELVIS] = 0.0
        return positions + noise

    return changed(add)


def reasons(run: Run) -> set[NotJudgedReason]:
    return {quality.not_judged_reason for quality in run.qualities}


@pytest.mark.faults
@pytest.mark.parametrize("amount_m", [0.1, 0.2, 0.5, 1.0, 3.0])
def test_noise_gets_no_score(amount_m: float) -> None:
    run = assess(noisy(amount_m), "squat")
    assert all(quality.grade is Grade.NOT_JUDGED for quality in run.qualities)
    assert all(quality.reason for quality in run.qualities)


@pytest.mark.faults
@pytest.mark.parametrize("amount_m", [0.1, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("period_s", [None, 0.3, 1.0, 2.0])
def test_noise_raises_no_live_error(amount_m: float, period_s: float | None) -> None:
    frames = slowly_noisy(amount_m, period_s) if period_s else noisy(amount_m)
    assert assess(frames, "squat").live_codes == set()


def test_a_person_after_noise_is_corrected_again() -> None:
    looks = {"lean_forward_deg": 80.0, "turn_deg": 90.0}
    leaning = repeat(lambda stamp, way: [squat(stamp, way, **looks)], 6)
    assert ErrorCode.TRUNK_LEAN_FORWARD in assess(leaning, "squat").live_codes
    half = len(leaning) // 2
    noise = [(stamp, people) for stamp, people in noisy(1.0) if stamp < leaning[half][0]]
    run = assess(noise + leaning[half:], "squat")
    assert ErrorCode.TRUNK_LEAN_FORWARD in run.live_codes


def test_a_person_and_the_noise_of_a_camera_are_judged() -> None:
    for frames in (FRONT, noisy(0.01)):
        run = assess(frames, "squat")
        assert len(run.qualities) == 6
        assert reasons(run) == {NotJudgedReason.NONE}


def test_a_body_out_of_proportion_is_not_judged() -> None:
    def stretch(positions: FloatArray) -> FloatArray:
        positions = positions.copy()
        positions[Joint.NECK] *= 4.0
        return positions

    run = assess(changed(stretch), "squat")
    assert reasons(run) == {NotJudgedReason.IMPLAUSIBLE}
    assert "trunk" in run.qualities[0].reason


def test_bones_that_change_their_length_are_not_judged() -> None:
    source = np.random.default_rng(2)
    run = assess(changed(lambda positions: positions * source.uniform(0.5, 1.6)), "squat")
    assert run.qualities
    assert reasons(run) == {NotJudgedReason.IMPLAUSIBLE}


def sentence_about(roll_deg: float, turn_deg: float) -> str:
    """What the session says of squats in a turned picture, of which nothing is judged."""
    turned = repeat(lambda stamp, way: [squat(stamp, way, roll_deg=roll_deg, turn_deg=turn_deg)], 3)
    run = assess(turned, "squat")
    assert reasons(run) == {NotJudgedReason.SIDEWAYS}
    assert run.live_codes == set()
    assert run.codes == [set()] * len(run.codes)
    events = [status for status in run.statuses if status.event is SessionEvent.CAMERA_SIDEWAYS]
    (told,) = {status.message for status in events}
    return told


@pytest.mark.faults
@pytest.mark.parametrize("roll_deg", [90.0, -90.0, 115.0])
@pytest.mark.parametrize("turn_deg", [0.0, 90.0])
def test_a_picture_on_its_side_is_reported_and_not_judged(roll_deg: float, turn_deg: float) -> None:
    assert "on its side: turn the camera upright" in sentence_about(roll_deg, turn_deg)


@pytest.mark.faults
@pytest.mark.parametrize("roll_deg", [180.0, 150.0, -140.0])
@pytest.mark.parametrize("turn_deg", [0.0, 45.0, 90.0])
def test_a_picture_upside_down_is_reported_and_not_judged(roll_deg: float, turn_deg: float) -> None:
    assert sentence_about(roll_deg, turn_deg) == Sentence.UPSIDE_DOWN.text()


@pytest.mark.faults
@pytest.mark.parametrize("roll_deg", [25.0, -35.0, 45.0, -55.0])
@pytest.mark.parametrize("turn_deg", [0.0, 45.0, 90.0])
def test_a_turned_picture_is_reported_and_not_judged(roll_deg: float, turn_deg: float) -> None:
    told = sentence_about(roll_deg, turn_deg)
    assert f"turned by about {abs(roll_deg):.0f} degrees" in told


@pytest.mark.parametrize("roll_deg", [40.0, -55.0])
def test_a_turned_picture_of_who_sits_or_shows_no_feet_is_not_judged(roll_deg: float) -> None:
    legs = [joint for joint in Joint if joint >= Joint.LEFT_HIP]

    def raised(stamp: int, way: float) -> list[Skeleton]:
        arms = (10.0 + 85.0 * way,) * 2
        return [figure(stamp, arms_deg=arms, roll_deg=roll_deg, hidden=legs)]

    run = assess(repeat(raised, 3), "arm_raise")
    assert reasons(run) == {NotJudgedReason.SIDEWAYS}
    assert run.live_codes == set()


@pytest.mark.parametrize("stoops", [False, True])
def test_a_trunk_that_hangs_down_is_upside_down_unless_the_legs_stand(stoops: bool) -> None:
    """Somebody who sits upside down, and somebody who bends down to a camera on the floor."""

    def hanging(stamp: int, way: float) -> list[Skeleton]:
        body = figure(stamp, roll_deg=178.0 + 4.0 * (stamp // 40_000_000 % 2))
        legs, feet = body.positions.copy(), body.pixels.copy()
        for hip in (Joint.LEFT_HIP, Joint.RIGHT_HIP):
            for number in (1, 2, 3):
                legs[hip + number] = legs[hip] + (0.0, 0.42 * number if stoops else 0.0, -0.4)
                feet[hip + number] = feet[hip] + (0.0, 84.0 * number if stoops else 0.0)
        return [replace(body, positions=legs, pixels=feet)]

    run = assess(repeat(hanging, 2), "arm_raise")
    told = {one.message for one in run.statuses if one.event is SessionEvent.CAMERA_SIDEWAYS}
    assert told == (set() if stoops else {Sentence.UPSIDE_DOWN.text()})


def test_who_leans_against_something_is_judged_in_an_exercise_that_says_so() -> None:
    at_wall = FITNESS["wall_push_up"]
    farther = replace(
        at_wall, rest=replace(at_wall.rest, lean=35.0), turn=replace(at_wall.turn, lean=40.0)
    )
    run = assess(farther.frames(2), "wall_push_up")
    assert len(run.qualities) == 2
    assert NotJudgedReason.SIDEWAYS not in reasons(run)


@pytest.mark.parametrize(
    "looks",
    [
        {"lean_forward_deg": 80.0, "turn_deg": 90.0},
        {"lean_forward_deg": 40.0, "turn_deg": 90.0},
        {"lean_left_deg": 30.0},
        {"pitch_deg": 40.0, "turn_deg": 45.0},
        {"roll_deg": 15.0},
    ],
)
def test_leaning_and_a_slight_roll_are_no_turned_picture(looks: dict[str, float]) -> None:
    run = assess(repeat(lambda stamp, way: [squat(stamp, way, **looks)], 2), "squat")
    assert run.qualities
    assert NotJudgedReason.SIDEWAYS not in reasons(run)
    assert SessionEvent.CAMERA_SIDEWAYS not in {status.event for status in run.statuses}


def test_bending_down_and_a_slight_roll_are_no_picture_on_its_side() -> None:
    for looks in ({"lean_forward_deg": 80.0, "turn_deg": 90.0}, {"roll_deg": 20.0}):
        run = assess(repeat(lambda stamp, way: [squat(stamp, way, **looks)], 2), "squat")  # noqa: B023
        assert NotJudgedReason.SIDEWAYS not in reasons(run)


def test_an_exercise_done_lying_down_is_judged() -> None:
    lying = repeat(lambda stamp, way: [squat(stamp, way, roll_deg=90.0, turn_deg=90.0)], 3)
    run = assess(lying, "straight_leg_raise")
    assert SessionEvent.CAMERA_SIDEWAYS not in {status.event for status in run.statuses}


def test_a_picture_without_pixels_does_not_raise_the_score() -> None:
    def blind(one: Skeleton) -> Skeleton:
        return replace(one, pixels=np.full_like(one.pixels, np.nan))

    inwards = repeat(lambda stamp, way: [squat(stamp, way, knees_over_ankles=0.5)], 3)
    assert all(quality.score < 0.8 for quality in assess(inwards, "squat").qualities)
    run = assess([(stamp, [blind(one) for one in people]) for stamp, people in inwards], "squat")
    assert len(run.qualities) == 3
    assert reasons(run) == {NotJudgedReason.JOINTS_HIDDEN}
    assert "pixels" in run.qualities[0].reason


@pytest.mark.faults
@pytest.mark.parametrize("period_s", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_slow_noise_is_not_judged_once_ten_seconds_were_seen(period_s: float, seed: int) -> None:
    run = assess(slowly_noisy(0.1, period_s, seed), "squat")
    assert len(run.qualities) > 3
    assert {one.not_judged_reason for one in run.qualities[3:]} == {NotJudgedReason.IMPLAUSIBLE}
    assert "bone lengths vary by" in run.qualities[-1].reason
