"""Sets for one side of an exercise of either side: what counts, and what is told."""

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.model.codes import ExerciseSide, SessionEvent, SetEnd, Side
from apsa_perception.programmes.definition import PlannedSet, Programme
from apsa_perception.programmes.one_side import side_of_title, sided_title
from support.figures import Frames
from support.fitness import FITNESS, mirrored
from support.held_postures import HOLDS
from support.poses import Pose, through
from support.runs import EXERCISES, assessor
from support.side_planks import SIDE_PLANKS


def programme(exercise: str, *sides: str, **target: float) -> Programme:
    title = EXERCISES.get(exercise).title
    sets = (
        PlannedSet(exercise, sided_title(title, side), side=side, **target)  # type: ignore[arg-type]
        for side in sides
    )
    return Programme("mine", "Mine", "", tuple(sets))


def play(one: Assessor, frames: Frames) -> Run:
    run = Run()
    for stamp, skeletons in frames:
        run.add(one.update(stamp, skeletons))
    return run


def repetitions(name: str, *sides: str) -> Frames:
    """One repetition of each side in turn; the figure's own side is the left one."""
    how = FITNESS[name]
    steps: list[tuple[float, Pose]] = [(0.0, how.rest), (1.5, how.rest)]
    for side in sides:
        start, turn = steps[-1][0], how.turn if side == "left" else mirrored(how.turn)
        half = how.movement_s / 2
        steps += [(start + half, turn), (start + 2 * half, how.rest)]
        steps.append((start + 2 * half + 0.5, how.rest))
    return through(*steps, (steps[-1][0] + 1.0, how.rest), turn_deg=how.turn_deg)


@pytest.mark.parametrize(
    "name", ["seated_knee_extension", "heel_slide", "standing_hip_abduction", "step_up"]
)
@pytest.mark.parametrize("side", ["left", "right"])
def test_only_the_side_that_is_asked_for_counts(name: str, side: str) -> None:
    other = "left" if side == "right" else "right"
    one = assessor()
    one.start_programme(programme(name, side, repetitions=2))
    assert one.status.exercise_side is ExerciseSide[side.upper()]
    run = play(one, repetitions(name, other, side, other, other, side))
    assert [each.side for each in run.repetitions] == [Side[side.upper()]] * 2
    assert {each.exercise for each in run.repetitions} == {name}
    told = [each.message for each in run.statuses if each.event is SessionEvent.OTHER_SIDE]
    assert f"your {other} side moved, but this exercise is for the {side} side" in told[0]
    assert run.statuses[-1].set_end is SetEnd.COUNT


def test_the_right_side_then_the_left_one() -> None:
    one = assessor()
    one.start_programme(programme("seated_knee_extension", "right", "left", repetitions=2))
    assert one.status.title == "Seated knee extension, right side"
    assert one.status.next_title == "Seated knee extension, left side"
    run = play(one, repetitions("seated_knee_extension", "right", "right", "left", "left"))
    assert [each.side for each in run.repetitions] == [Side.RIGHT] * 2 + [Side.LEFT] * 2
    assert SessionEvent.OTHER_SIDE not in {each.event for each in run.statuses}
    assert run.statuses[-1].event is SessionEvent.PROGRAMME_DONE


@pytest.mark.faults
def test_a_crash_keeps_the_side_of_the_set() -> None:
    one = assessor()
    one.start_programme(programme("heel_slide", "left", repetitions=2))
    other = assessor()
    other.resume(SavedSession.from_json(one.saved().to_json()))
    assert other.status.exercise_side is ExerciseSide.LEFT
    assert other.status.title == "Heel slide, left side"


def test_only_a_hold_of_the_side_that_is_asked_for_counts() -> None:
    hold = HOLDS["single_leg_stance"]
    rest, on_right = hold.rest, hold.pose
    one = assessor()
    one.start_programme(programme("single_leg_stance", "left", seconds=3.0))
    frames = through(
        (0.0, rest), (1.5, rest), (2.5, on_right), (6.5, on_right), (7.5, rest), (9.0, rest),
        (10.0, mirrored(on_right)), (16.0, mirrored(on_right)), turn_deg=hold.turn_deg,
    )  # fmt: skip
    run = play(one, frames)
    (held,) = run.ended_holds
    assert (held.side, held.target_s) == (Side.LEFT, 3.0)
    told = [each for each in run.statuses if each.event is SessionEvent.OTHER_SIDE]
    assert [each.message.split(",")[0] for each in told[:1]] == ["your right side moved"]
    assert told[0].stamp_ns < held.start_ns
    assert run.statuses[-1].event is SessionEvent.PROGRAMME_DONE


@pytest.mark.parametrize("side", ["left", "right"])
def test_only_a_side_plank_on_the_side_that_is_asked_for_counts(side: str) -> None:
    plank = SIDE_PLANKS["right_forearm"]
    frames = through(*plank.steps(6.0), turn_deg=plank.front_deg)
    one = assessor()
    one.start_programme(programme("side_plank", side, seconds=30.0))
    run = play(one, frames)
    held = [each.side for each in run.holds]
    told = SessionEvent.OTHER_SIDE in {each.event for each in run.statuses}
    assert (bool(held), told) == ((True, False) if side == "right" else (False, True))
    assert set(held) <= {Side.RIGHT}


def test_the_side_of_a_title_is_found_again() -> None:
    assert side_of_title(sided_title("Heel slide", "left")) == ("Heel slide", "left")
    assert side_of_title("Heel slide") == ("Heel slide", "")
    shipped = {side_of_title(each.title)[1] for each in EXERCISES}
    assert shipped == {""}
