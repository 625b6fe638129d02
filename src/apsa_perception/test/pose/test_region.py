"""The region of a person: from two points, its crop, and how it follows the person."""

import math

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from apsa_perception.pose.region import WHOLE_PICTURE, Region, crop, limit_size, region_of
from apsa_perception.pose.region_tracker import RegionTracker

SIZE = (640, 480)
STEP_US = 33_333
STILL = ((300.0, 200.0), (300.0, 100.0))


def shares(*pixels: tuple[float, float]) -> npt.NDArray[np.float32]:
    """Points in pixels of a picture of the size ``SIZE`` as shares of it."""
    return (np.array(pixels) / SIZE).astype(np.float32)


def square(region: Region | None) -> tuple[float, float, float]:
    """Centre and side in pixels of a picture of the size ``SIZE``."""
    assert region is not None
    width, height = (region.size * SIZE).tolist()
    assert width == pytest.approx(height)
    return (*(region.centre * SIZE).tolist(), width)


@pytest.mark.parametrize(
    ("top", "rotation"),
    [((300, 100), 0.0), ((400, 200), math.pi / 2), ((200, 200), -math.pi / 2)],
)
def test_the_region_turns_with_the_person(top: tuple[int, int], rotation: float) -> None:
    region = region_of(shares((300.0, 200.0), top), SIZE)
    assert square(region) == pytest.approx((300.0, 200.0, 250.0))
    assert region is not None
    assert region.rotation == pytest.approx(rotation, abs=1e-6)


@pytest.mark.parametrize("top", [(300.0, 200.0), (math.nan, 0.0), (math.inf, 0.0)])
def test_points_without_a_direction_have_no_region(top: tuple[float, float]) -> None:
    assert region_of(shares((300.0, 200.0), top), SIZE) is None


@pytest.mark.parametrize("rotation", [0.0, 0.4, -2.0])
def test_a_point_of_the_crop_is_where_the_picture_shows_it(rotation: float) -> None:
    rgb = np.zeros((480, 640, 3), np.uint8)
    cv2.circle(rgb, (340, 210), 6, (255, 255, 255), -1)
    centre, sides = shares((300.0, 200.0), (256.0, 256.0))
    region = Region(centre, sides, rotation)
    seen = crop(rgb, region, 256, border=cv2.BORDER_REPLICATE)
    rows, columns = np.nonzero(seen.rgb[:, :, 0] > 127)
    point = np.array([(columns.mean(), rows.mean())], np.float32) / 256
    found = region.to_picture(seen.to_region(point)) * SIZE
    np.testing.assert_allclose(found, [(340, 210)], atol=0.5)


def test_the_detector_sees_the_whole_picture_with_black_bars() -> None:
    rgb = np.full((200, 400, 3), 255, np.uint8)
    seen = crop(rgb, WHOLE_PICTURE, 224, border=cv2.BORDER_CONSTANT)
    assert (seen.rgb[:55] == 0).all()
    assert (seen.rgb[57:167] == 255).all()
    assert (seen.rgb[169:] == 0).all()
    assert seen.padding.tolist() == [0.0, 0.25]
    corners = np.array([(0.0, 0.25), (1.0, 0.75), (0.5, 0.5)], np.float32)
    assert seen.to_region(corners).tolist() == [[0, 0], [1, 1], [0.5, 0.5]]


def test_large_pictures_are_scaled_down() -> None:
    assert limit_size(np.zeros((3000, 2, 3), np.uint8)).shape == (960, 1, 3)
    small = np.zeros((480, 640, 3), np.uint8)
    assert limit_size(small) is small


def test_the_region_is_steady_at_rest_and_follows_a_moving_person() -> None:
    tracker = RegionTracker()
    assert tracker.region() is None
    still = np.array(STILL)
    for frame in range(20):
        points = still + (0.5 if frame % 2 else -0.5)
        tracker.follow(shares(*points), (frame + 1) * STEP_US, SIZE)
    assert abs(square(tracker.region())[0] - 300.0) < 0.6
    for frame in range(20, 35):
        moved = still + np.array((10.0 * (frame - 19), 0.0))
        tracker.follow(shares(*moved), (frame + 1) * STEP_US, SIZE)
    assert 430.0 < square(tracker.region())[0] <= 450.0
    tracker.reset()
    assert tracker.region() is None


def test_the_region_keeps_its_place_in_a_picture_of_another_resolution() -> None:
    tracker = RegionTracker()
    tracker.follow(shares(*STILL), STEP_US, SIZE)
    tracker.follow(shares(*STILL), 2 * STEP_US, (320, 240))
    assert square(tracker.region()) == pytest.approx((300.0, 200.0, 250.0), rel=1e-5)
