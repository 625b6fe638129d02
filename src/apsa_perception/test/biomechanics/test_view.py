"""From which side the camera sees the person."""

import math

import pytest

from apsa_perception.biomechanics.posture import up_of_camera
from apsa_perception.biomechanics.view import BodyView, View, ViewEstimator
from apsa_perception.model.joints import Joint
from support.figures import PERIOD_NS, figure

UP = up_of_camera(0.0)
HIPS = (Joint.LEFT_HIP, Joint.RIGHT_HIP, Joint.PELVIS)
SHOULDERS = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)


def estimator() -> ViewEstimator:
    return ViewEstimator(0.3, math.radians(30), math.radians(60), math.radians(5))


def after(turns: list[float]) -> list[BodyView]:
    views = estimator()
    found = []
    for number, turn in enumerate(turns):
        skeleton = figure(number * PERIOD_NS, turn_deg=turn)
        view = views.update(skeleton, skeleton.observed, UP)
        assert view is not None
        found.append(view)
    return found


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        (0, View.FRONTAL),
        (180, View.FRONTAL),
        (-20, View.FRONTAL),
        (45, View.OBLIQUE),
        (-135, View.OBLIQUE),
        (90, View.SIDE),
        (-80, View.SIDE),
    ],
)
def test_view_follows_the_turn_of_the_body(turn: float, expected: View) -> None:
    assert after([turn])[0].view is expected


def test_a_border_must_be_overstepped_to_change_the_view() -> None:
    swaying = [28.0, 32.0] * 50
    assert {view.view for view in after(swaying)} == {View.FRONTAL}
    assert after([28.0] + [40.0] * 50)[-1].view is View.OBLIQUE


def test_a_few_wild_frames_do_not_turn_the_person() -> None:
    assert after([0.0] * 25 + [90.0] * 3)[-1].view is View.FRONTAL


def test_shoulders_alone_will_do_and_neither_line_gives_no_view() -> None:
    only_shoulders = figure(turn_deg=90, hidden=HIPS)
    view = estimator().update(only_shoulders, only_shoulders.observed, UP)
    assert view is not None
    assert view.view is View.SIDE
    nothing = figure(hidden=HIPS + SHOULDERS)
    assert estimator().update(nothing, nothing.observed, UP) is None


def test_forward_points_to_the_camera_when_the_person_faces_it() -> None:
    assert after([0.0])[0].forward == pytest.approx([0.0, 0.0, -1.0], abs=1e-6)
