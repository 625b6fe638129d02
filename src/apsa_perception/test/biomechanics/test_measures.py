"""What the measures say of figures whose posture is known."""

import math

import numpy as np
import pytest

from apsa_perception.biomechanics.geometry import wrapped_deg
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.posture import Posture, reliable_joints
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import Skeleton
from support.figures import figure, posture_of, take
from support.poses import PLANK, Pose, seen
from support.side_planks import SIDE_PLANKS


@pytest.mark.parametrize("knees", [(90.0, 130.0), (175.0, 60.0)])
def test_knee_angle_is_that_of_its_own_side(knees: tuple[float, float]) -> None:
    posture = posture_of(figure(knee_deg=knees, knees_over_ankles=0.125 / 0.15))
    assert take("knee_angle", posture, Side.LEFT) == pytest.approx(knees[0], abs=2.0)
    assert take("knee_angle", posture, Side.RIGHT) == pytest.approx(knees[1], abs=2.0)


def test_shoulder_elevation_is_taken_from_the_trunk() -> None:
    posture = posture_of(figure(arms_deg=(90.0, 20.0), lean_forward_deg=30.0, turn_deg=90))
    assert take("shoulder_elevation", posture, Side.LEFT) == pytest.approx(90.0, abs=0.5)
    assert take("shoulder_elevation", posture, Side.RIGHT) == pytest.approx(20.0, abs=0.5)


def test_shoulder_elevation_is_taken_from_the_vertical_when_the_hips_are_hidden() -> None:
    hidden = (Joint.PELVIS, Joint.LEFT_HIP, Joint.RIGHT_HIP)
    posture = posture_of(figure(arms_deg=(90.0, 90.0), lean_forward_deg=5.0, hidden=hidden))
    assert take("shoulder_elevation", posture, Side.LEFT) == pytest.approx(90.0, abs=6.0)


@pytest.mark.parametrize("turn", [0.0, 180.0, 20.0])
def test_valgus_is_positive_when_knees_fall_in_seen_from_front_and_back(turn: float) -> None:
    for ratio, sign in ((0.4, 1.0), (1.4, -1.0)):
        posture = posture_of(figure(knees_over_ankles=ratio, turn_deg=turn))
        for side in (Side.LEFT, Side.RIGHT):
            assert math.copysign(1.0, take("knee_valgus", posture, side)) == sign
        assert take("knee_separation_ratio", posture) == pytest.approx(ratio, abs=0.01)


def test_forward_lean_is_measured_from_the_side_and_refused_from_the_front() -> None:
    assert take(
        "trunk_lean_forward", posture_of(figure(lean_forward_deg=5, turn_deg=-90))
    ) == pytest.approx(5.0, abs=0.1)
    refused = MEASURES["trunk_lean_forward"].take(
        posture_of(figure(lean_forward_deg=35)), Side.BOTH
    )
    assert not refused.judged
    assert math.isnan(refused.value)
    assert refused.reason == "not judged: frontal view, needs oblique or side view"


@pytest.mark.parametrize("turn", [90.0, 50.0])
def test_forward_lean_allows_for_the_pitch_of_the_camera(turn: float) -> None:
    skeleton = figure(lean_forward_deg=5.0, turn_deg=turn, pitch_deg=25.0)
    assert take("trunk_lean_forward", posture_of(skeleton, 25.0)) == pytest.approx(5.0, abs=0.1)


def test_lateral_lean_is_positive_to_the_persons_left_also_from_behind() -> None:
    for turn in (0.0, 180.0):
        posture = posture_of(figure(lean_left_deg=12.0, turn_deg=turn))
        assert take("trunk_lean_lateral", posture) == pytest.approx(12.0, abs=0.1)


def test_hip_abduction_is_positive_outwards_on_both_sides() -> None:
    posture = posture_of(figure())
    expected = math.degrees(math.atan2(0.05, 0.84))
    for side in (Side.LEFT, Side.RIGHT):
        assert take("hip_abduction", posture, side) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("turn", [-50.0, 40.0, 215.0])
def test_hip_abduction_is_the_same_from_an_angle(turn: float) -> None:
    for side in (Side.LEFT, Side.RIGHT):
        front, oblique = (posture_of(figure(turn_deg=each)) for each in (0.0, turn))
        expected = take("hip_abduction", front, side)
        assert take("hip_abduction", oblique, side) == pytest.approx(expected, abs=0.1)
    refused = MEASURES["hip_abduction"].take(posture_of(figure(turn_deg=90)), Side.LEFT)
    assert refused.reason == "not judged: side view, needs frontal or oblique view"


@pytest.mark.parametrize("name", ["knee_valgus", "knee_separation_ratio", "trunk_lean_lateral"])
def test_frontal_plane_measures_are_refused_from_the_side(name: str) -> None:
    measure = MEASURES[name]
    result = measure.take(posture_of(figure(turn_deg=90)), measure.sides[0])
    assert "needs frontal view" in result.reason


def test_hidden_joints_are_named() -> None:
    posture = posture_of(figure(hidden=(Joint.LEFT_ANKLE, Joint.LEFT_KNEE)))
    left = MEASURES["knee_angle"].take(posture, Side.LEFT)
    assert left.reason == "not judged: left knee, left ankle not seen"
    assert MEASURES["knee_angle"].take(posture, Side.RIGHT).judged


def test_coinciding_joints_give_no_value() -> None:
    skeleton = figure()
    positions = skeleton.positions.copy()
    positions[Joint.LEFT_KNEE] = positions[Joint.LEFT_HIP]
    posture = posture_of(
        Skeleton(0, 1, positions, skeleton.pixels, skeleton.confidence, skeleton.observed)
    )
    result = MEASURES["knee_angle"].take(posture, Side.LEFT)
    assert not result.judged
    assert math.isnan(result.value)


def test_measured_depth_bears_every_measure_from_every_view() -> None:
    for turn in (0.0, 45.0, 90.0):
        looks = {"lean_forward_deg": 30.0, "knees_over_ankles": 0.6, "turn_deg": turn}
        posture = posture_of(figure(**looks, picture=False))  # type: ignore[arg-type]
        assert take("trunk_lean_forward", posture) == pytest.approx(30.0, abs=0.1)
        assert take("knee_separation_ratio", posture) == pytest.approx(0.6, abs=0.01)


def test_every_measure_is_finite_for_a_standing_figure() -> None:
    posture = posture_of(figure(arms_deg=(60.0, 60.0), picture=False))
    values = [take(m.name, posture, side) for m in MEASURES.values() for side in m.sides]
    assert np.isfinite(values).all()


def test_the_arm_has_a_plane_only_when_raised() -> None:
    raised = posture_of(figure(arms_deg=(80.0, 10.0)))
    assert take("arm_plane", raised, Side.LEFT) == pytest.approx(0.0, abs=1.0)
    assert not MEASURES["arm_plane"].take(raised, Side.RIGHT).judged
    assert not MEASURES["forearm_rotation"].take(raised, Side.RIGHT).judged


def arm(*, to_left: float = 0.0, forward: float = 0.0, down: float) -> Skeleton:
    """A figure that faces a depth camera, with its left elbow there, metres from the shoulder."""
    one = figure(picture=False)
    one.positions[Joint.LEFT_ELBOW] = one.positions[Joint.LEFT_SHOULDER] + (
        to_left,
        down,
        -forward,
    )
    return one


@pytest.mark.parametrize(("forward", "degrees"), [(-0.15, 45.0), (0.0, 0.0), (0.15, -45.0)])
@pytest.mark.parametrize("to_left", [0.0, 0.1])
def test_an_arm_behind_the_trunk_is_extended(
    forward: float, degrees: float, to_left: float
) -> None:
    posture = posture_of(arm(to_left=to_left, forward=forward, down=0.15))
    assert take("arm_extension", posture, Side.LEFT) == pytest.approx(degrees, abs=0.1)


def test_what_has_no_direction_is_not_judged() -> None:
    overhead = posture_of(arm(forward=0.05, down=-0.25))
    assert not MEASURES["arm_extension"].take(overhead, Side.LEFT).judged
    from_behind = posture_of(figure(turn_deg=175.0))
    assert not MEASURES["shoulder_turn"].take(from_behind, Side.LEFT).judged


def test_an_elbow_inside_the_trunk_is_not_relied_on() -> None:
    hidden = {Joint.LEFT_ELBOW, Joint.LEFT_WRIST, Joint.LEFT_HAND}
    for one, guessed in (
        (arm(to_left=-0.26, forward=-0.05, down=0.1), hidden),
        (arm(to_left=-0.26, forward=0.12, down=0.1), set()),  # across the chest
        (arm(to_left=-0.26, forward=-0.05, down=-0.1), set()),  # above the shoulders
        (arm(to_left=-0.1, forward=-0.1, down=0.2), set()),  # behind the back
        (figure(picture=False), set()),
    ):
        seen = reliable_joints(one, 0.5, None)
        assert {joint for joint in Joint if not seen[joint]} == guessed


@pytest.mark.parametrize("turn", [0.0, 40.0, -50.0, 180.0])
def test_a_bend_to_a_side_is_the_same_from_an_angle(turn: float) -> None:
    posture = posture_of(figure(lean_left_deg=12.0, turn_deg=turn))
    assert take("side_bend", posture, Side.LEFT) == pytest.approx(12.0, abs=0.1)
    assert take("side_bend", posture, Side.RIGHT) == pytest.approx(-12.0, abs=0.1)


@pytest.mark.parametrize("turn", [0.0, 180.0])
def test_lean_to_a_side_bends_it_and_hikes_no_shoulder(turn: float) -> None:
    posture = posture_of(figure(lean_left_deg=12.0, turn_deg=turn))
    assert take("side_bend", posture, Side.LEFT) == pytest.approx(12.0, abs=1.0)
    assert take("side_bend", posture, Side.RIGHT) == pytest.approx(-12.0, abs=1.0)
    assert take("pelvis_drop", posture, Side.LEFT) == pytest.approx(0.0, abs=0.5)


def lifted(joint: Joint, metres: float) -> Posture:
    """A standing figure seen by a depth camera, one joint higher."""
    one = figure(picture=False)
    one.positions[joint, 1] -= metres
    return posture_of(one)


def test_a_raised_shoulder_is_a_hike_of_its_side() -> None:
    posture = lifted(Joint.LEFT_SHOULDER, 0.08)
    expected = math.degrees(math.atan2(0.08, 0.36))
    assert take("shoulder_hike", posture, Side.LEFT) == pytest.approx(expected, abs=0.5)
    assert take("shoulder_hike", posture, Side.RIGHT) == pytest.approx(-expected, abs=0.5)


def test_a_lower_hip_is_a_drop_of_its_side() -> None:
    posture = lifted(Joint.RIGHT_HIP, 0.04)
    expected = math.degrees(math.atan2(0.04, 0.2))
    assert take("pelvis_drop", posture, Side.LEFT) == pytest.approx(expected, abs=0.5)
    assert take("pelvis_drop", posture, Side.RIGHT) == pytest.approx(-expected, abs=0.5)


def test_the_trunk_turns_to_the_side_whose_shoulder_goes_back() -> None:
    one = figure(picture=False)
    one.positions[Joint.LEFT_SHOULDER, 2] += 0.1
    one.positions[Joint.RIGHT_SHOULDER, 2] -= 0.1
    posture = posture_of(one)
    expected = math.degrees(math.atan2(0.2, 0.36))
    assert take("trunk_rotation", posture, Side.LEFT) == pytest.approx(expected, abs=1.0)
    assert take("trunk_rotation", posture, Side.RIGHT) == pytest.approx(-expected, abs=1.0)


@pytest.mark.parametrize(("turn", "degrees"), [(0.0, 0.0), (40.0, -40.0), (-40.0, 40.0)])
def test_shoulders_turn_out_of_the_picture(turn: float, degrees: float) -> None:
    hidden = Joint.LEFT_SHOULDER if degrees > 0 else Joint.RIGHT_SHOULDER
    posture = posture_of(figure(turn_deg=turn, hidden=(hidden,)))
    assert take("shoulder_turn", posture, Side.LEFT) == pytest.approx(degrees, abs=0.5)
    assert take("shoulder_turn", posture, Side.RIGHT) == pytest.approx(-degrees, abs=0.5)
    both = posture_of(figure(hidden=(Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)))
    assert not MEASURES["shoulder_turn"].take(both, Side.LEFT).judged


def test_a_bent_knee_comes_before_the_toes() -> None:
    straight, bent = (posture_of(figure(knee_deg=(k, k), turn_deg=90.0)) for k in (175.0, 70.0))
    assert take("knees_past_toes", straight, Side.LEFT) < -0.2
    assert take("knees_past_toes", bent, Side.LEFT) > 0.2


def test_hips_are_above_or_below_the_line_of_a_lying_body() -> None:
    one = figure(picture=False)
    for joint, place in (
        (Joint.LEFT_SHOULDER, (-0.5, 0.0, 0.0)),
        (Joint.LEFT_HIP, (0.0, -0.1, 0.0)),
        (Joint.LEFT_ANKLE, (0.5, 0.0, 0.0)),
    ):
        one.positions[joint] = place
    assert take("hip_height", posture_of(one), Side.LEFT) == pytest.approx(0.1, abs=0.01)
    one.positions[Joint.LEFT_HIP, 1] = 0.1
    assert take("hip_height", posture_of(one), Side.LEFT) == pytest.approx(-0.1, abs=0.01)


@pytest.mark.parametrize("name", SIDE_PLANKS)
@pytest.mark.parametrize("turn_deg", [0.0, 180.0, 40.0])
def test_a_side_plank_is_a_line_that_is_not_level_with_one_shoulder_above_the_other(
    name: str, turn_deg: float
) -> None:
    plank = SIDE_PLANKS[name]
    slope, down = (18.75 if "forearm" in name else 30.25), Side[name.split("_")[0].upper()]

    def of(pose: Pose) -> Posture:
        return posture_of(seen(pose, turn_deg=plank.front_deg + turn_deg))

    line = of(plank.line)
    assert take("pelvis_height", line) == pytest.approx(0.0, abs=0.003)
    assert take("body_tilt", line) == pytest.approx(90.0 - slope, abs=0.5)
    assert take("side_lying", line, down) == pytest.approx(slope, abs=0.5)
    other = Side.RIGHT if down is Side.LEFT else Side.LEFT
    assert take("side_lying", line, other) == pytest.approx(180.0 - slope, abs=0.5)
    assert take("pelvis_height", of(plank.sagging)) == pytest.approx(-0.06, abs=0.005)
    assert take("body_tilt", of(plank.head_propped)) == pytest.approx(80.0, abs=1.0)


def test_who_stands_or_is_prone_does_not_lie_on_a_side() -> None:
    for pose, tilt_deg in ((Pose(), 0.0), (PLANK, 78.0)):
        posture = posture_of(seen(pose))
        assert take("body_tilt", posture) == pytest.approx(tilt_deg, abs=3.0)
        assert take("side_lying", posture, Side.LEFT) == pytest.approx(90.0, abs=1.0)


@pytest.mark.parametrize(("knee", "expected"), [(175.0, 2.5), (90.0, 45.0), (40.0, 70.0)])
def test_depth_is_the_angle_of_the_thigh_from_upright(knee: float, expected: float) -> None:
    looks = {"knee_deg": (knee, knee), "knees_over_ankles": 0.8}
    for turn in (0.0, 90.0):
        posture = posture_of(figure(**looks, turn_deg=turn))  # type: ignore[arg-type]
        assert take("depth", posture, Side.LEFT) == pytest.approx(expected, abs=3.0)


@pytest.mark.parametrize(("angle", "same"), [(345.0, -15.0), (-345.0, 15.0), (90.0, 90.0)])
def test_an_angle_is_wrapped(angle: float, same: float) -> None:
    assert wrapped_deg(angle) == pytest.approx(same)
