"""Holds: what begins, counts and ends them, on constructed postures."""

from dataclasses import replace

import pytest

from apsa_perception.model.codes import ErrorCode, ErrorScope, HoldState, Phase, SessionEvent, Side
from apsa_perception.model.joints import MIRROR_INDEX, Joint
from support.figures import SECOND_NS, Frames
from support.fitness import SUPINE, mirrored
from support.held_postures import HOLDS
from support.poses import KNEELING, PLANK, STANDING, WALL_SIT, Pose, seen, through
from support.runs import EXERCISES, assess, assessor
from support.side_planks import SIDE_PLANKS

LEGS = [joint for joint in Joint if joint >= Joint.LEFT_HIP]


def wall_sit(seconds: float, **looks: float) -> Frames:
    """Two seconds standing, down in one, the hold, up in one, and two seconds standing."""
    return through(
        (0.0, STANDING),
        (2.0, STANDING),
        (3.0, WALL_SIT),
        (3.0 + seconds, WALL_SIT),
        (4.0 + seconds, STANDING),
        (6.0 + seconds, STANDING),
        **looks,
    )


def test_a_wall_sit_is_timed_from_position_to_position() -> None:
    run = assess(wall_sit(10.0), "wall_sit")
    states = [hold.state for hold in run.holds]
    assert states == [HoldState.BEGAN, *[HoldState.HELD] * 10, HoldState.ENDED]
    (hold,) = run.ended_holds
    assert hold.held_s == pytest.approx(
        10.6, abs=0.5
    )  # the position begins before its lowest point
    assert hold.missed_s == pytest.approx(0.0, abs=0.1)
    assert (hold.best_s, hold.total_s) == (hold.held_s, hold.held_s)
    assert hold.value == pytest.approx(92.0, abs=4.0)
    assert run.repetitions == run.qualities == []
    assert run.statuses[-1].event is SessionEvent.HOLD
    assert run.statuses[-1].holds == 1
    phases = {live.phase for live in run.live}
    assert {Phase.REST, Phase.PEAK} <= phases


def test_the_time_of_a_dropout_does_not_count_and_ends_nothing() -> None:
    frames = wall_sit(10.0)
    hidden = [
        (stamp, [seen(WALL_SIT, stamp, hidden=LEGS)] if 6.0 < stamp / SECOND_NS < 8.0 else people)
        for stamp, people in frames
    ]
    absent = [(stamp, [] if 6.0 < stamp / SECOND_NS < 8.0 else people) for stamp, people in frames]
    (whole,) = assess(frames, "wall_sit").ended_holds
    # Somebody who returns is looked at for half a second before they count.
    for broken, missed_s in ((hidden, 2.0), (absent, 2.5)):
        (hold,) = assess(broken, "wall_sit").ended_holds
        assert hold.missed_s == pytest.approx(missed_s, abs=0.2)
        assert hold.held_s == pytest.approx(whole.held_s - missed_s, abs=0.2)


def test_an_error_goes_on_while_joints_that_it_does_not_need_are_hidden() -> None:
    leaning = replace(WALL_SIT, lean=27.0)
    steps = ((0.0, STANDING), (2.0, STANDING), (3.0, leaning), (12.0, leaning), (13.0, STANDING))
    feet = [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]
    hidden = [
        (stamp, [seen(leaning, stamp, hidden=feet)] if 6.0 < stamp / SECOND_NS < 8.5 else people)
        for stamp, people in through(*steps, (15.0, STANDING))
    ]
    run = assess(hidden, "wall_sit")
    begun = {each.start_ns for live in run.live for each in live.errors}
    assert run.live_codes == {ErrorCode.TRUNK_LEAN_FORWARD}
    assert len(begun) == 1


def test_a_long_absence_ends_the_hold_at_its_last_frame() -> None:
    frames = [(s, people if s < 7 * SECOND_NS else []) for s, people in wall_sit(10.0)]
    (hold,) = assess(frames, "wall_sit").ended_holds
    assert hold.end_ns == pytest.approx(7 * SECOND_NS, abs=SECOND_NS / 10)
    assert hold.stamp_ns - hold.end_ns == pytest.approx(3 * SECOND_NS, abs=SECOND_NS / 10)


def test_leaving_the_position_starts_another_hold() -> None:
    second = [(stamp + 20 * SECOND_NS, people) for stamp, people in wall_sit(5.0)]
    later = [(s, [replace(p, stamp_ns=s) for p in people]) for s, people in second]
    first, other = assess([*wall_sit(10.0), *later], "wall_sit").ended_holds
    assert (first.index, other.index) == (1, 2)
    assert other.held_s == pytest.approx(first.held_s - 5.0, abs=0.2)
    assert other.best_s == first.held_s
    assert other.total_s == first.held_s + other.held_s


def test_a_high_sit_is_an_error_of_the_hold_and_standing_none() -> None:
    high = replace(WALL_SIT, hip_flexion=(55.0, 55.0), knee_flexion=(60.0, 60.0))
    run = assess(
        through((0.0, STANDING), (1.0, high), (6.0, high), (7.0, STANDING), (9.0, STANDING)),
        "wall_sit",
    )
    (verdict,) = [one for one in run.results if getattr(one, "scope", None) is ErrorScope.HOLD]
    assert {error.code for error in verdict.errors} == {ErrorCode.INSUFFICIENT_DEPTH}
    assert assess(through((0.0, STANDING), (5.0, STANDING)), "wall_sit").holds == []


def test_the_position_is_not_judged_from_the_front() -> None:
    run = assess(wall_sit(5.0, turn_deg=0.0), "wall_sit")
    assert run.holds == []
    reasons = {measure.reason for measure in run.live[-1].measures}
    assert "not judged: frontal view, this exercise needs oblique or side view" in reasons


@pytest.mark.parametrize(
    ("hip", "code"), [(0.0, None), (-32.0, ErrorCode.HIPS_LOW), (36.0, ErrorCode.HIPS_HIGH)]
)
def test_a_plank_is_timed_and_its_hips_are_watched(hip: float, code: ErrorCode | None) -> None:
    bent = replace(PLANK, lean=PLANK.lean + hip / 2, hip_flexion=(hip, hip))
    run = assess(
        through(
            (0.0, KNEELING),
            (2.0, KNEELING),
            (3.0, bent),
            (9.0, bent),
            (10.0, KNEELING),
            (12.0, KNEELING),
        ),
        "plank",
    )
    (hold,) = run.ended_holds
    assert hold.held_s == pytest.approx(7.0, abs=0.5)  # knees at 135 degrees begin and end it
    assert run.live_codes == ({code} if code else set())


def test_hips_that_drop_out_of_the_position_are_no_error_of_the_plank() -> None:
    dropped = replace(PLANK, lean=38.0, hip_flexion=(-80.0, -80.0))
    steps = ((0.0, KNEELING), (1.0, KNEELING), (2.0, PLANK), (6.0, PLANK), (6.4, dropped))
    run = assess(through(*steps, (9.0, dropped)), "plank")
    (hold,) = run.ended_holds
    assert hold.held_s == pytest.approx(4.6, abs=0.5)
    assert run.live_codes == set()


@pytest.mark.parametrize("turn_deg", [0.0, 180.0])
@pytest.mark.parametrize("name", SIDE_PLANKS)
def test_a_side_plank_is_timed_on_its_side_and_sagging_hips_are_told(
    name: str, turn_deg: float
) -> None:
    plank = SIDE_PLANKS[name]
    for wrong, codes in ((False, set()), (True, {ErrorCode.HIPS_LOW})):
        frames = through(*plank.steps(6.0, wrong), turn_deg=plank.front_deg + turn_deg)
        run = assess(frames, "side_plank")
        (hold,) = run.ended_holds
        assert hold.held_s == pytest.approx(6.8, abs=0.5)
        assert hold.side.name.lower() == name.split("_")[0]
        assert hold.value == pytest.approx(-0.06 if wrong else 0.0, abs=0.01)
        assert run.live_codes == codes


@pytest.mark.parametrize("name", SIDE_PLANKS)
def test_who_lies_on_a_side_or_is_prone_does_no_side_plank(name: str) -> None:
    plank = SIDE_PLANKS[name]
    flat = replace(plank.head_propped, lean=-89.0, side_lean=0.0)
    steps = ((0.0, plank.resting), (3.0, plank.resting), (4.0, plank.head_propped))
    steps += ((7.0, plank.head_propped), (8.0, flat), (11.0, flat))
    assert assess(through(*steps, turn_deg=plank.front_deg), "side_plank").holds == []
    # Seen from the feet, a body reads up to 5 degrees steeper than it lies.
    steeper = replace(plank.head_propped, lean=plank.head_propped.lean + 4.8)
    frames = through((0.0, steeper), (4.0, steeper), turn_deg=plank.front_deg)
    assert assess(frames, "side_plank").holds == []
    prone = through((0.0, KNEELING), (1.0, KNEELING), (2.0, PLANK), (6.0, PLANK), turn_deg=40.0)
    assert assess(prone, "side_plank").holds == []


def test_left_and_right_exchanged_for_a_moment_change_neither_time_nor_side() -> None:
    plank = SIDE_PLANKS["right_forearm"]
    frames = through(*plank.steps(6.0), turn_deg=plank.front_deg)
    exchanged = [
        (stamp, [replace(p, positions=p.positions[MIRROR_INDEX], pixels=p.pixels[MIRROR_INDEX])])
        if 7.0 < stamp / SECOND_NS < 8.5
        else (stamp, [p])
        for stamp, (p,) in frames
    ]
    (whole,), (hold,) = (assess(each, "side_plank").ended_holds for each in (frames, exchanged))
    assert hold.side is Side.RIGHT
    assert hold.held_s == pytest.approx(whole.held_s, abs=0.1)


def test_pausing_ends_a_hold_and_its_result_is_not_lost() -> None:
    frames = wall_sit(10.0)
    one = assessor()
    one.start("wall_sit")
    for stamp, people in frames:
        if stamp > 8 * SECOND_NS:
            break
        one.update(stamp, people)
    status = one.pause()
    ended, _ = one.take_interrupted()
    assert (status.event, status.holds) == (SessionEvent.PAUSED, 1)
    assert status.held_total_s == ended.held_s == pytest.approx(5.3, abs=0.4)
    assert one.take_interrupted() == []


def test_the_same_frames_give_the_same_holds() -> None:
    frames = wall_sit(8.0)
    assert assess(frames, "wall_sit").results == assess(frames, "wall_sit").results


@pytest.mark.parametrize("name", HOLDS)
def test_every_hold_is_timed_without_an_error(name: str) -> None:
    run = assess(HOLDS[name].frames(5.0), name)
    (hold,) = run.ended_holds
    assert hold.held_s == pytest.approx(5.6, abs=0.7)
    assert run.live_codes == set()
    assert hold.side is HOLDS[name].side


@pytest.mark.parametrize(
    ("name", "error"), [(name, error) for name, hold in HOLDS.items() for error in hold.wrong]
)
def test_what_is_wrong_in_a_hold_is_reported_and_does_not_end_it(
    name: str, error: ErrorCode
) -> None:
    run = assess(HOLDS[name].frames(5.0, error), name)
    (hold,) = run.ended_holds
    assert hold.held_s == pytest.approx(5.6, abs=0.7)
    assert run.live_codes == {error}


def test_every_hold_is_constructed() -> None:
    holds = {one.name for one in EXERCISES if one.hold is not None}
    assert holds == {*HOLDS, "side_plank"}


@pytest.mark.parametrize("name", ["calf_stretch", "quadriceps_stretch", "side_stretch"])
def test_a_stretch_is_timed_on_the_other_side_and_its_error_is_of_that_side(name: str) -> None:
    stretch = HOLDS[name]
    other = replace(
        stretch,
        pose=mirrored(stretch.pose),
        wrong={error: mirrored(pose) for error, pose in stretch.wrong.items()},
        turn_deg=-stretch.turn_deg,
    )
    for error in (None, *stretch.wrong):
        run = assess(other.frames(5.0, error), name)
        (hold,) = run.ended_holds
        assert hold.side is stretch.side.opposite
        assert run.live_codes == ({error} if error else set())
        sides = {error.side for live in run.live for error in live.errors}
        assert sides <= {Side.BOTH, hold.side}


@pytest.mark.parametrize("hip", [-20.0, 20.0, 40.0])
def test_who_lifts_a_knee_or_stands_does_no_quadriceps_stretch(hip: float) -> None:
    lifted = Pose(hip_flexion=(hip + 45.0, 0.0), knee_flexion=(100.0, 3.0))
    steps = ((0.0, STANDING), (1.5, STANDING), (2.5, lifted), (6.0, lifted))
    holds = assess(through(*steps), "quadriceps_stretch").holds
    assert bool(holds) is (hip < 0.0)


def test_a_folded_trunk_is_an_error_of_the_calf_stretch_and_a_leaning_body_none() -> None:
    stretch = HOLDS["calf_stretch"]
    for lean, codes in ((28.0, set()), (55.0, {ErrorCode.TRUNK_LEAN_FORWARD})):
        flexion = (lean - 30.0, lean + 35.0)
        pose = replace(stretch.pose, lean=lean, hip_flexion=flexion)
        run = assess(replace(stretch, pose=pose).frames(5.0), "calf_stretch")
        assert len(run.ended_holds) == 1
        assert run.live_codes == codes


def test_who_lies_with_bent_knees_does_no_bridge() -> None:
    frames = through((0.0, SUPINE), (8.0, replace(SUPINE, lean=-89.0)))
    assert assess(frames, "bridge_hold").holds == []
