"""Real clips through the real pose model and the assessment."""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from apsa_perception.assessment import offline
from apsa_perception.model.codes import (
    ErrorCode,
    Grade,
    JudgedBy,
    NotJudgedReason,
    SessionEvent,
    Side,
)
from apsa_perception.model.joints import Joint
from apsa_perception.recognition.model import RecognitionModel
from support.figures import Frames
from support.paths import ROOT
from support.runs import EXERCISES, assess, assessor
from support.samples import model

pytestmark = pytest.mark.slow

RECOGNITION = ROOT / "models" / "recognition.npz"
Clip = Callable[..., Frames]
LEG_JOINTS = [joint for joint in Joint if joint >= Joint.LEFT_HIP]
LEG_ERRORS = {ErrorCode.KNEE_VALGUS, ErrorCode.INSUFFICIENT_DEPTH}


def test_good_squats_are_three_good_repetitions(clip_frames: Clip) -> None:
    run = assess(clip_frames("squat_front"), "squat")
    assert [repetition.peak_ns / 1e9 for repetition in run.repetitions] == pytest.approx(
        [1.0, 3.8, 6.6], abs=0.3
    )
    assert ErrorCode.KNEE_VALGUS not in run.live_codes.union(*run.codes)
    assert {quality.grade for quality in run.qualities} == {Grade.GOOD}


@pytest.mark.parametrize("clip_name", ["squat_front", "squat_front_knees_in"])
@pytest.mark.parametrize(
    "exercise",
    [
        "arm_lift", "arm_raise", "high_knees", "hurdle_step", "march", "seated_march",
        "shoulder_press", "step_up",
    ],
)  # fmt: skip
def test_squats_are_no_repetitions_of_another_exercise(
    clip_frames: Clip, clip_name: str, exercise: str
) -> None:
    run = assess(clip_frames(clip_name), exercise)
    assert len(run.repetitions) >= 2
    assert {quality.grade for quality in run.qualities} == {Grade.NOT_JUDGED}
    reasons = {quality.not_judged_reason for quality in run.qualities}
    assert NotJudgedReason.ANOTHER_EXERCISE in reasons
    assert set().union(*run.codes) == set()


def test_squats_of_which_only_one_leg_is_seen_are_judged(clip_frames: Clip) -> None:
    hidden = [joint for joint in Joint if joint.name.endswith(("ELBOW", "WRIST", "HAND"))]
    hidden += [Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT]
    frames = []
    for stamp, people in clip_frames("squat_front"):
        seen = [one.observed & ~np.isin(np.arange(len(Joint)), hidden) for one in people]
        frames.append(
            (stamp, [replace(one, observed=own) for one, own in zip(people, seen, strict=True)])
        )
    run = assess(frames, "squat", model())
    assert len(run.repetitions) == 3
    assert {one.source for one in run.qualities} == {JudgedBy.NETWORK}
    assert NotJudgedReason.JOINTS_HIDDEN not in {one.not_judged_reason for one in run.qualities}


def test_knees_in_are_found_in_each_repetition(clip_frames: Clip) -> None:
    run = assess(clip_frames("squat_front_knees_in"), "squat")
    assert len(run.repetitions) == 3
    assert all(ErrorCode.KNEE_VALGUS in codes for codes in run.codes)
    assert max(quality.score for quality in run.qualities) < 0.8


def test_forward_lean_is_found_in_the_leaning_lunge_only(clip_frames: Clip) -> None:
    leaning = assess(clip_frames("lunge_side_trunk_lean"), "lunge")
    upright = assess(clip_frames("lunge_side"), "lunge")
    assert ErrorCode.TRUNK_LEAN_FORWARD in leaning.live_codes
    assert leaning.codes == [{ErrorCode.TRUNK_LEAN_FORWARD}]
    assert upright.live_codes == set()
    assert upright.codes == [set()]


@pytest.mark.parametrize(("corrected", "knee_deg"), [(False, 12.0), (True, 14.0)])
def test_legs_seen_from_the_side_do_not_jump(
    clip_frames: Clip, corrected: bool, knee_deg: float
) -> None:
    """The model mixes up the legs of this clip: 16 frames with an ankle jump over 25 cm.

    A corrected knee is straighter, so that the same jump of a joint turns it more.
    """
    frames = clip_frames("lunge_side", corrected=corrected)
    bodies = [people[0] for _, people in frames if people]
    for earlier, later in pairwise(bodies):
        for ankle in (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE):
            if earlier.observed[ankle] and later.observed[ankle]:
                jump = later.positions[ankle] - earlier.positions[ankle]
                assert np.linalg.norm(jump) < 0.25
        trunks = [body.positions[Joint.NECK] for body in (earlier, later)]
        assert np.linalg.norm(trunks[1] - trunks[0]) < 0.05
    assert np.mean([body.observed[LEG_JOINTS].all() for body in bodies]) > 0.85
    live = assess(frames, "lunge").live
    for name, side, largest_deg in (
        ("knee_angle", Side.LEFT, knee_deg),
        ("knee_angle", Side.RIGHT, knee_deg),
        ("trunk_lean_forward", Side.BOTH, 2.0),
    ):
        values = [m.value for one in live for m in one.measures if (m.name, m.side) == (name, side)]
        assert np.nanmax(np.abs(np.diff(values))) < largest_deg


@pytest.mark.parametrize("exercise", ["squat", "lunge", "sit_to_stand"])
def test_pulses_are_no_repetitions(clip_frames: Clip, exercise: str) -> None:
    assert assess(clip_frames("squat_pulses_two_people"), exercise).repetitions == []


def test_wall_push_ups_of_an_upper_body_are_counted(clip_frames: Clip) -> None:
    run = assess(clip_frames("wall_pushup_upper_body"), "wall_push_up")
    assert len(run.repetitions) == 5
    assert set().union(*run.codes) == set()
    assert all(60 < one.peak_value < 90 for one in run.repetitions)


@pytest.mark.parametrize(
    "name", ["legs_only_calf_raise", "wall_pushup_upper_body", "lateral_raise_thighs_up"]
)
@pytest.mark.parametrize("exercise", ["squat", "lunge", "sit_to_stand"])
def test_legs_that_are_not_seen_are_not_judged(clip_frames: Clip, name: str, exercise: str) -> None:
    run = assess(clip_frames(name), exercise)
    assert all(np.isnan(quality.score) for quality in run.qualities)
    assert not LEG_ERRORS & run.live_codes.union(*run.codes)


@pytest.mark.parametrize(
    ("name", "peaks"), [("lateral_raise_thighs_up", [3.8, 7.4]), ("arms_overhead_march", [2.0])]
)
def test_arm_raises_are_counted(clip_frames: Clip, name: str, peaks: list[float]) -> None:
    run = assess(clip_frames(name), "arm_raise")
    assert [r.peak_ns / 1e9 for r in run.repetitions] == pytest.approx(peaks, abs=0.4)
    assert {r.side for r in run.repetitions} == {Side.BOTH}


def test_marching_and_lying_are_no_squats(clip_frames: Clip) -> None:
    for name in ("arms_overhead_march", "glute_bridge_floor"):
        assert assess(clip_frames(name), "squat").repetitions == []


def test_live_errors_lie_within_the_time_of_the_warp(clip_frames: Clip) -> None:
    run = assess(clip_frames("squat_front_knees_in"), "squat")
    lasting = [
        (error.end_ns - error.start_ns) * 1e-9 for errors in run.verdicts for error in errors.errors
    ]
    assert len(lasting) >= len(run.repetitions) == 3
    assert 0.3 < min(lasting) <= max(lasting) < 1.5


def test_a_frame_takes_below_three_milliseconds(clip_frames: Clip) -> None:
    frames = clip_frames("squat_front")
    one = assessor()
    one.start("squat")
    taken = []
    for stamp, skeletons in frames:
        before = time.process_time()
        one.update(stamp, skeletons)
        taken.append(time.process_time() - before)
    assert np.median(taken) < 3e-3


def test_every_exercise_runs_on_every_kind_of_clip(clip_frames: Clip) -> None:
    for name in ("squat_front", "lateral_raise_thighs_up", "legs_only_calf_raise"):
        frames = clip_frames(name)[::3]
        for exercise in EXERCISES.names:
            assert len(assess(frames, exercise).live) == len(frames)


def test_squats_are_recognised_and_told_from_lunges(clip_frames: Clip) -> None:
    frames, model = clip_frames("squat_front"), RecognitionModel.load(RECOGNITION)
    recognised = offline.assess(frames, "auto", EXERCISES, recognition=model)
    assert recognised.statuses[-1].exercise == "squat"
    assert len(recognised.repetitions) == 1  # the third: two are needed to recognise it
    told = offline.assess(frames, "lunge", EXERCISES, recognition=model)
    (first,) = {
        status.message for status in told.statuses if status.event is SessionEvent.ANOTHER_EXERCISE
    }
    assert first.startswith("this looks like Squat, not Lunge")
    assert [one.not_judged_reason for one in told.qualities] == [
        NotJudgedReason.NONE,
        *[NotJudgedReason.ANOTHER_EXERCISE] * 2,
    ]
    assert {one.reason for one in told.qualities[1:]} == {first}
    asked = offline.assess(frames, "squat", EXERCISES, recognition=model)
    events = {status.event for status in asked.statuses}
    assert SessionEvent.ANOTHER_EXERCISE not in events
    assert {one.grade for one in asked.qualities} == {Grade.GOOD}
