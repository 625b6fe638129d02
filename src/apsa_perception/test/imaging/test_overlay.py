"""The drawn skeleton shows what is seen and what is guessed."""

import numpy as np
import pytest

from apsa_perception.imaging.images import RgbImage
from apsa_perception.imaging.overlay import draw_skeletons
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import Skeleton
from support.pose_bodies import PICTURE, pose, standing

GREY = np.full_like(PICTURE, 128)


@pytest.fixture
def skeleton() -> Skeleton:
    seen = pose(standing())
    seen.observed[[Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_FOOT]] = False
    return Skeleton(0, 1, seen.positions, seen.pixels, seen.confidence, seen.observed, (640, 480))


def contrast(picture: RgbImage, skeleton: Skeleton, joint: Joint, reach: int = 6) -> float:
    """Mean change of the picture around a joint."""
    x, y = skeleton.pixels[joint].round().astype(int)
    around = picture[y - reach : y + reach, x - reach : x + reach].astype(int)
    return float(np.abs(around - 128).mean())


def test_leaves_the_picture_given_as_it_was(skeleton: Skeleton) -> None:
    given = GREY.copy()
    given.flags.writeable = False
    drawn = draw_skeletons(given, [skeleton])
    assert (given == 128).all()
    assert (drawn != 128).any()
    assert (draw_skeletons(given, []) == given).all()


def test_observed_joints_stand_out_and_inferred_ones_are_faint(skeleton: Skeleton) -> None:
    drawn = draw_skeletons(GREY, [skeleton])
    seen, guessed = (contrast(drawn, skeleton, j) for j in (Joint.LEFT_KNEE, Joint.RIGHT_KNEE))
    assert 0 < guessed < 0.6 * seen


@pytest.mark.parametrize("place", [np.nan, np.inf, 1e12, -1e12])
def test_joints_without_a_place_in_the_picture_do_no_harm(place: float, skeleton: Skeleton) -> None:
    skeleton.pixels[[Joint.LEFT_HAND, Joint.LEFT_KNEE]] = place
    drawn = draw_skeletons(GREY, [skeleton])
    assert contrast(drawn, skeleton, Joint.RIGHT_HIP) > 0, "the others are drawn"
