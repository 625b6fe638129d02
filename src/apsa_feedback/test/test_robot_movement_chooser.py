"""The movement a robot shows: the corrected repetition of the person, or the reference."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_feedback.outputs.robot import reference
from apsa_feedback.outputs.robot.corrected_repetition import corrected
from apsa_feedback.outputs.robot.human_angles import ANGLES
from apsa_feedback.outputs.robot.movement import Movement, MovementTrack
from apsa_feedback.outputs.robot.movement_chooser import MovementChooser
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.model.codes import ErrorCode, SessionState, Side
from apsa_perception.model.results import ErrorResult, ErrorSet
from apsa_perception.model.skeleton import Skeleton
from support.feedback_cases import error, live, ns, repetition, session
from support.robot_cases import (
    EXERCISE,
    FORWARD,
    FPS,
    LEFT,
    LIBRARY,
    OUT_S,
    TICK,
    Scene,
    arm,
    at_rate,
    done,
    posture,
    raises,
    robot,
)

TOO_SHORT = error(ErrorCode.INSUFFICIENT_RANGE)


def tracked(postures: list[Skeleton]) -> Movement:
    track = MovementTrack()
    for at, each in at_rate(postures, FPS):
        track.add(ns(at), each)
    whole = track.between(0, ns(60.0))
    assert whole is not None
    return whole


def peak_deg(movement: Movement, angle: str) -> float:
    return math.degrees(movement.angles[angle].max())


def test_a_movement_has_the_angles_of_the_person() -> None:
    own = tracked(raises(95.0, 40.0))
    assert own.duration_s == pytest.approx(2 * OUT_S, abs=0.1)
    assert peak_deg(own, "left_shoulder_pitch") == pytest.approx(95.0, abs=2.0)
    assert peak_deg(own, "right_shoulder_pitch") == pytest.approx(40.0, abs=2.0)
    assert math.degrees(own.range_of("left_shoulder_pitch")) == pytest.approx(95.0, abs=2.0)
    assert own.stretched(2.0).duration_s == 2 * own.duration_s


def test_arms_that_start_overhead_and_slightly_back_have_a_continuous_pitch() -> None:
    lowered = [posture(left_arm=arm(each, FORWARD)) for each in np.linspace(185.0, 90.0, 50)]
    assert peak_deg(tracked(lowered), "left_shoulder_pitch") == pytest.approx(185.0, abs=2.0)


def test_too_little_range_is_extended_along_the_persons_own_path() -> None:
    own = tracked(raises(95.0, 85.0))
    correction = corrected(own, done(), [TOO_SHORT])
    assert correction is not None
    assert correction.errors == (ErrorCode.INSUFFICIENT_RANGE,)
    assert correction.angles & {"left_shoulder_pitch", "right_shoulder_pitch"}
    for side in ("left", "right"):
        assert peak_deg(correction.movement, f"{side}_shoulder_pitch") == pytest.approx(150, abs=1)
    assert correction.movement.duration_s == own.duration_s
    assert correction.movement.at(0.0) == pytest.approx(own.at(0.0), abs=0.02)
    assert corrected(own, done(target=80.0), [TOO_SHORT]) is None  # already reached


def test_an_extended_arm_keeps_its_plane_and_does_not_cross_the_pole() -> None:
    oblique = (FORWARD + LEFT) / math.sqrt(2)
    correction = corrected(tracked(raises(60.0, 60.0, oblique)), done(90.0), [TOO_SHORT])
    assert correction is not None
    assert peak_deg(correction.movement, "left_shoulder_elevation") == pytest.approx(90.0, abs=1)
    assert peak_deg(correction.movement, "left_shoulder_roll") == pytest.approx(45.0, abs=2)
    sideways = corrected(tracked(raises(60.0, 60.0, LEFT)), done(150.0), [TOO_SHORT])
    assert sideways is not None
    assert peak_deg(sideways.movement, "left_shoulder_roll") == pytest.approx(90.0, abs=1)
    behind = corrected(tracked(raises(60.0, 60.0, LEFT - 0.1 * FORWARD)), done(), [TOO_SHORT])
    assert behind is not None
    assert peak_deg(behind.movement, "left_shoulder_elevation") == pytest.approx(90.0, abs=1)


@pytest.mark.parametrize("degrees", [88.0, 120.0])
def test_arms_raised_sideways_with_the_noise_of_a_camera_are_shown_in_good_time(
    degrees: float,
) -> None:
    noise = np.random.default_rng(5)
    plane = LEFT + 0.15 * FORWARD
    shaky = [
        replace(each, positions=each.positions + noise.normal(0.0, 0.01, each.positions.shape))
        for each in raises(degrees, degrees, plane / np.linalg.norm(plane))
    ]
    scene = Scene(robot())
    scene.tick()
    scene.follow(at_rate([posture()] * 5, FPS))
    correction = corrected(tracked(shaky), done(150.0), [TOO_SHORT])
    assert correction is not None
    scene.retargeter.demonstrate(correction.movement)
    motion = scene.retargeter.step(ns(1.0), posture())
    assert motion is not None
    assert motion.duration_s < 15.0
    scene.send(motion)
    scene.tick(motion.duration_s + 1.0)
    assert scene.robot.violations == []


def test_the_side_with_the_smaller_range_is_extended_to_the_other() -> None:
    uneven = error(ErrorCode.ASYMMETRY, side=Side.RIGHT)
    correction = corrected(tracked(raises(120.0, 70.0)), done(), [uneven])
    assert correction is not None
    assert peak_deg(correction.movement, "left_shoulder_pitch") == pytest.approx(120.0, abs=2)
    assert peak_deg(correction.movement, "right_shoulder_pitch") == pytest.approx(120.0, abs=3)


def test_a_repetition_that_was_too_fast_is_shown_slowly() -> None:
    hasty = replace(error(ErrorCode.TOO_FAST), limit=2.0, measure="duration", unit="s")
    correction = corrected(tracked(raises(150.0, 150.0)), done(), [hasty])
    assert correction is not None
    assert correction.movement.duration_s == pytest.approx(4.0)


def test_knees_bend_as_deep_as_the_target() -> None:
    own = tracked(raises(0.0, 0.0))
    bent = np.sin(np.linspace(0.0, math.pi, len(own.times_s))) ** 2
    squat = replace(
        own,
        angles={
            name: math.radians(45.0) * bent
            for name in ("left_knee_flexion", "right_knee_flexion", "left_hip_flexion")
        },
    )
    shallow = error(ErrorCode.INSUFFICIENT_DEPTH)
    whole = replace(done(), measure="knee_angle", target_value=90.0)
    correction = corrected(squat, whole, [shallow])
    assert correction is not None
    for name in squat.angles:
        assert peak_deg(correction.movement, name) == pytest.approx(90.0, abs=0.5)


def test_an_error_that_no_limb_shows_gives_no_correction() -> None:
    lean = error(ErrorCode.TRUNK_LEAN_LATERAL)
    assert corrected(tracked(raises(150.0, 150.0)), done(), [lean]) is None


@pytest.mark.parametrize("mirror", [True, False])
def test_the_robot_shows_the_corrected_repetition_within_its_limits(mirror: bool) -> None:
    scene = Scene(robot(mirror=mirror))
    scene.tick()
    chooser = judged(raises(95.0, 20.0), TOO_SHORT, side=Side.LEFT)
    scene.follow(at_rate(raises(95.0, 20.0), FPS))
    side = "right" if mirror else "left"
    joint = scene.names.index(f"{side}_shoulder_pitch_joint")
    followed_to = np.array(scene.track)[:, joint].min()
    movement, what = chooser.choose(EXERCISE)
    assert what == f"repetition 1 of '{EXERCISE}' without insufficient_range"
    scene.retargeter.demonstrate(movement)
    scene.follow(at_rate([posture()] * 500, FPS, start=3.0))
    track = np.array(scene.track)
    assert math.degrees(followed_to) == pytest.approx(-95.0, abs=12.0)  # it lags
    assert math.degrees(track[:, joint].min()) == pytest.approx(-robot_limit(scene, 150.0), abs=3)
    assert scene.robot.violations == []
    fastest = [each.max_velocity * 1.001 for each in robot().joints]
    assert (np.abs(np.diff(track, axis=0)) / TICK <= fastest).all()
    assert not scene.retargeter.demonstrating


def robot_limit(scene: Scene, degrees: float) -> float:
    """The elevation that the arm can reach."""
    return min(degrees, math.degrees(2.6))


def judged(
    postures: list[Skeleton],
    *errors: ErrorResult,
    side: Side = Side.BOTH,
    references: Path | None = None,
) -> MovementChooser:
    """A chooser that saw one repetition."""
    followed = frozenset(name for name in ANGLES if "shoulder" in name)
    chooser = MovementChooser(followed, LIBRARY, references)
    chooser.show_event(replace(session(), exercise=EXERCISE))
    for at, each in at_rate(postures, FPS):
        chooser.add_posture(ns(at), each)
    chooser.show_event(done(side=side))
    verdict = repetition(2 * OUT_S, 1, *errors)[2]
    assert isinstance(verdict, ErrorSet)
    chooser.show_event(replace(verdict, exercise=EXERCISE))
    return chooser


def test_without_an_error_that_can_be_shown_it_is_the_reference(tmp_path: Path) -> None:
    lean = error(ErrorCode.TRUNK_LEAN_LATERAL)
    own = raises(95.0, 95.0)
    assert judged(own, lean).choose(EXERCISE)[1] == f"'{EXERCISE}' as defined"
    chooser = judged(own, TOO_SHORT)
    chooser.show_event(live(4.0))
    assert "without" in chooser.choose(EXERCISE)[1]
    chooser.show_event(NewSession(ns(5.0)))
    assert chooser.choose("arm_raise")[1] == "'arm_raise' as defined"
    reference.save(tracked(raises(140.0, 140.0)), tmp_path, EXERCISE)
    movement, what = judged(own, lean, references=tmp_path).choose(EXERCISE)
    assert what == f"the recorded reference of '{EXERCISE}'"
    assert peak_deg(movement, "left_shoulder_pitch") == pytest.approx(140.0, abs=2.0)


def test_a_new_session_or_another_person_is_not_shown_the_repetition_before() -> None:
    chooser = judged(raises(95.0, 95.0), TOO_SHORT)
    chooser.show_event(replace(session(5.0, SessionState.CLOSED), exercise=EXERCISE))
    assert "without" in chooser.choose(EXERCISE)[1]
    chooser.show_event(NewSession(ns(6.0)))
    assert chooser.choose(EXERCISE)[1] == f"'{EXERCISE}' as defined"
    chooser.add_posture(ns(6.0), replace(posture(), body_id=2))
    chooser.show_event(done())
    verdict = replace(repetition(2 * OUT_S, 1, TOO_SHORT)[2], exercise=EXERCISE)
    assert isinstance(verdict, ErrorSet)
    chooser.show_event(verdict)
    assert chooser.choose(EXERCISE)[1] == f"'{EXERCISE}' as defined"


@pytest.mark.parametrize("name", ["squat", "trunk_rotation", "dance"])
def test_what_this_robot_cannot_show_is_refused_in_one_sentence(name: str) -> None:
    followed = frozenset({"left_shoulder_pitch", "left_elbow_flexion"})
    with pytest.raises(ValueError, match=f"'{name}'") as caught:
        MovementChooser(followed, LIBRARY, None).choose(name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a\nb\n",
        "time_s,left_toe\n0,1\n1,2\n",
        "time_s,left_shoulder_pitch\n",
        "time_s,left_shoulder_pitch\n0\n1\n",
        "time_s,left_shoulder_pitch\n0,1\n0,2\n",
        "time_s,left_shoulder_pitch\n0,1\n1,up\n",
        "time_s,left_shoulder_pitch\n0,1\n1\n",
        "time_s,left_shoulder_pitch\n0,1,3\n1,2,3\n",
        "time_s,left_shoulder_pitch,left_shoulder_pitch\n0,1,3\n1,2,3\n",
    ],
)
def test_a_file_that_is_no_reference_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "arm_raise.csv").write_text(text)
    with pytest.raises(ValueError, match=r"arm_raise\.csv") as caught:
        reference.load(tmp_path, "arm_raise")
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_hold_a_reference_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match=r"squat\.csv cannot be written: Not a dir") as caught:
        reference.save(tracked(raises(90.0, 90.0)), tmp_path / "file" / "below", "squat")
    assert "\n" not in str(caught.value)


def test_the_best_repetition_without_an_error_becomes_the_reference() -> None:
    good, short = raises(150.0, 150.0), raises(75.0, 75.0)
    rest = [posture()] * 25
    postures = [*rest, *short, *rest, *good, *rest, *short, *rest]
    frames = [(ns(at), [replace(each, stamp_ns=ns(at))]) for at, each in at_rate(postures, FPS)]
    movement = reference.best_repetition(frames, EXERCISE, LIBRARY)
    assert peak_deg(movement, "left_shoulder_pitch") == pytest.approx(150.0, abs=3.0)
    with pytest.raises(ValueError, match="insufficient_range; expected a judged one"):
        reference.best_repetition(frames[: len(rest) + len(short) + 20], EXERCISE, LIBRARY)


def pictured(skeleton: Skeleton, *, from_the_side: bool) -> Skeleton:
    """The person in a picture, whose view decides what can be judged."""
    to_side = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    positions = skeleton.positions @ to_side if from_the_side else skeleton.positions
    pixels = np.array([320.0, 240.0]) + 200.0 * positions[:, :2]
    return replace(skeleton, positions=positions, pixels=pixels, image_size=(640, 480))


def test_a_repetition_that_was_not_judged_is_no_reference() -> None:
    rest = [posture()] * 25
    seen = [pictured(each, from_the_side=False) for each in [*rest, *raises(100.0, 100.0), *rest]]
    unjudged = [pictured(each, from_the_side=True) for each in [*rest, *raises(150, 150), *rest]]
    frames = [
        (ns(at), [replace(each, stamp_ns=ns(at))]) for at, each in at_rate([*seen, *unjudged], FPS)
    ]
    movement = reference.best_repetition(frames, "arm_raise", LIBRARY)
    assert peak_deg(movement, "left_shoulder_pitch") == pytest.approx(100.0, abs=3.0)
    with pytest.raises(ValueError, match=r"1 rep.*: not judged because .* frontal or oblique view"):
        reference.best_repetition(frames[len(seen) :], "arm_raise", LIBRARY)
