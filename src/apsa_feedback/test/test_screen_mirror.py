"""Who is shown as in a mirror: by the parameters, and by what the camera delivers."""

from dataclasses import replace

import numpy as np
import pytest

from apsa_feedback.outputs.screen.mirror_images import MirrorImages
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_feedback.stream.views import View
from support.poses import Pose, seen


def view(*, mirrored: bool, turn_deg: float = 30.0) -> View:
    person = seen(Pose(), turn_deg=turn_deg)
    if mirrored:
        width = person.image_size[0]
        person = replace(person, pixels=person.pixels * [-1.0, 1.0] + [width, 0.0])
    return View(1, (person,), person.image_size)


@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("turn_deg", [0.0, 90.0, 180.0])
def test_a_mirror_image_is_known_by_the_first_person(mirrored: bool, turn_deg: float) -> None:
    assert MirrorImages().of(view(mirrored=mirrored, turn_deg=turn_deg)) is mirrored


def test_the_picture_does_not_turn_over_for_some_frames() -> None:
    images = MirrorImages()
    assert not images.of(View(0, (), (640, 480)))
    assert images.of(view(mirrored=True))
    assert all(images.of(view(mirrored=False)) for _ in range(10))
    assert images.of(view(mirrored=True))
    assert images.of(View(0, (), (640, 480)))
    shown = [images.of(view(mirrored=False)) for _ in range(30)]
    assert (shown[0], shown[-1]) == (True, False)  # another camera


def test_skeletons_without_pixels_do_not_turn_the_picture_over() -> None:
    images = MirrorImages()
    assert images.of(view(mirrored=True))
    lost = replace(seen(Pose()), pixels=np.full((20, 2), np.nan))
    shown = [images.of(View(1, (lost,), lost.image_size)) for _ in range(30)]
    assert all(shown)


def test_skeletons_without_a_picture_are_no_mirror_images() -> None:
    person = seen(Pose())
    without = replace(person, pixels=np.full((20, 2), np.nan), image_size=(0, 0))
    assert not MirrorImages().of(View(1, (without,)))


@pytest.mark.parametrize(
    ("mirror", "live", "shown"),
    [
        ("auto", True, True),
        ("auto", False, None),
        ("always", False, True),
        ("never", True, False),
    ],
)
def test_a_live_camera_is_a_mirror_and_a_recording_is_shown_as_it_comes(
    mirror: str, live: bool, shown: bool | None
) -> None:
    assert ScreenSettings(mirror=mirror, live_camera=live).mirrors is shown
