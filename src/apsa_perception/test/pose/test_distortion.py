"""Cameras whose lenses bend straight lines."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from apsa_perception.biomechanics.geometry import angle_deg
from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.camera_view import CameraView
from apsa_perception.pose.distortion import Distortion, DistortionError
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.pose.rectification import Rectification, rectification_of
from apsa_perception.sources.video import VideoReader

SIZE = (960, 540)
CAMERA = np.array([[420.0, 0.0, 480.0], [0.0, 420.0, 270.0], [0.0, 0.0, 1.0]])
LENSES = {
    "plumb_bob": Distortion("plumb_bob", (-0.28, 0.07, 0.001, -0.001, 0.0)),
    "rational": Distortion("rational_polynomial", (0.9, 0.1, 0.0, 0.0, 0.005, 1.2, 0.3, 0.02)),
    "equidistant": Distortion("equidistant", (-0.02, 0.01, -0.005, 0.0)),
}


def rays_of(pixels: FloatArray, intrinsics: FloatArray, lens: Distortion) -> FloatArray:
    """Rays of pixels ``(N, 2)``, by OpenCV's inverse of the model."""
    coefficients = np.array(lens.coefficients)
    points = pixels[:, None].astype(np.float64)
    if lens.model == "equidistant":
        rays = cv2.fisheye.undistortPoints(points, intrinsics, coefficients)
    else:
        accurate = (cv2.TERM_CRITERIA_COUNT, 40, 0.0)
        unit = np.eye(3)
        rays = cv2.undistortPointsIter(points, intrinsics, coefficients, unit, unit, accurate)
    return np.asarray(rays[:, 0])


def in_pixels(rays: FloatArray, intrinsics: FloatArray) -> FloatArray:
    return rays @ intrinsics[:2, :2].T + intrinsics[:2, 2]


def rectified(
    lens: Distortion, intrinsics: FloatArray = CAMERA, size: tuple[int, int] = SIZE
) -> Rectification:
    found = rectification_of(size, intrinsics, lens)
    assert found is not None
    return found


def skeleton(pixels: FloatArray, size: tuple[int, int]) -> Skeleton:
    everywhere = np.ones(JOINT_COUNT)
    return Skeleton(
        0, 1, np.zeros((JOINT_COUNT, 3)), pixels, everywhere, everywhere > 0, size, None, ""
    )


@pytest.mark.parametrize(
    ("region", "picture"),
    [
        ((0, 0, 0, 0), SIZE),
        ((0, 0, 0, 0), (480, 270)),  # binned, or resized
        ((500, 60, 300, 360), (300, 360)),  # ROI without the principal point
        ((500, 60, 300, 360), (150, 180)),  # the same, binned
    ],
)
@pytest.mark.parametrize("name", LENSES)
def test_pixels_are_those_of_the_given_picture(
    name: str, region: tuple[int, int, int, int], picture: tuple[int, int]
) -> None:
    lens = LENSES[name]
    matrix = CameraView(CAMERA, SIZE, region).matrix_for(picture)
    straight = rectified(lens, matrix, picture)
    given = np.random.default_rng(0).uniform(0.15, 0.85, (JOINT_COUNT, 2)) * picture
    there = in_pixels(rays_of(given, matrix, lens), straight.matrix)
    back = straight.in_given(skeleton(there, picture))
    np.testing.assert_allclose(back.pixels, given, atol=0.05)
    assert back.image_size == picture
    # A white disc is found where the ray of its centre meets the rectified picture.
    for spot, place in zip(given[:4], there[:4], strict=True):
        drawn = np.zeros((picture[1], picture[0], 3), np.uint8)
        cv2.circle(drawn, np.round(spot).astype(int).tolist(), 6, (255, 255, 255), -1)
        rows, columns = np.nonzero(straight.rectified(drawn)[..., 0] > 128)
        np.testing.assert_allclose((columns.mean(), rows.mean()), place, atol=1.5)


@pytest.mark.parametrize("zoom", [1.0, 5.0])
def test_what_the_middle_half_of_each_edge_shows_is_kept(zoom: float) -> None:
    camera = CAMERA * [[zoom, 1.0, 1.0], [1.0, zoom, 1.0], [1.0, 1.0, 1.0]]
    lens = Distortion("plumb_bob", (-0.2 * zoom**2, 0.03 * zoom**4, 0.0, 0.0, 0.0))
    straight = rectified(lens, camera)
    edges = np.array([[2.0, 140.0], [957.0, 270.0], [245.0, 2.0], [480.0, 537.0], [715.0, 537.0]])
    found = in_pixels(rays_of(edges, camera, lens), straight.matrix)
    height, width = straight.rectified(np.zeros((540, 960, 3), np.uint8)).shape[:2]
    assert (found > -0.01 * width).all()
    assert (found < (1.01 * width, 1.01 * height)).all()
    extent = np.ptp(found, axis=0)
    assert (extent > (0.97 * width, 0.97 * height)).all(), "and nothing more"


def test_a_polynomial_that_turns_back_shows_nothing_twice() -> None:
    lens = Distortion("plumb_bob", (-0.3, 0.0, 0.0, 0.0, 0.0))  # turns back at 1 / sqrt(0.9)
    assert lens.reach == pytest.approx(1.054, abs=0.01)
    straight = rectified(lens)
    picture = straight.rectified(np.full((540, 960, 3), 255, np.uint8))
    rows, columns = np.nonzero(picture[..., 0])
    rays = (np.column_stack([columns, rows]) - straight.matrix[:2, 2]) / straight.matrix[0, 0]
    assert np.hypot(*rays.T).max() < 1.06
    # Joints outside the picture stay outside, on their side.
    far = np.tile([[10_000.0, 270.0], [-10_000.0, np.nan]], (JOINT_COUNT // 2, 1))
    back = straight.in_given(skeleton(far, SIZE)).pixels
    assert back[0, 0] > SIZE[0]
    assert np.isnan(back[1]).any()


def test_a_picture_with_negligible_distortion_stays_as_it_is() -> None:
    slight = Distortion("plumb_bob", (-0.005, 0.0, 0.0, 0.0, 0.0))
    assert rectification_of(SIZE, CAMERA, slight) is None
    narrow = CAMERA * [[5.0, 1.0, 1.0], [1.0, 5.0, 1.0], [1.0, 1.0, 1.0]]
    assert rectification_of(SIZE, narrow, Distortion("plumb_bob", (-0.1, 0, 0, 0))) is None


@pytest.mark.faults
@pytest.mark.parametrize("name", LENSES)
def test_a_picture_that_shows_nothing_within_reach_stays_as_it_is(name: str) -> None:
    beside = CAMERA.copy()
    beside[0, 2] = -5000.0
    assert rectification_of(SIZE, beside, LENSES[name]) is None


@pytest.mark.parametrize("name", LENSES)
def test_the_polynomial_of_a_wide_angle_lens_may_turn_back_in_the_corners(name: str) -> None:
    LENSES[name].check_picture(SIZE, CAMERA)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("model", "coefficients", "expected"),
    [
        ("plumb_bob", (0.1, 0.2, 0.3), "0.1, 0.2, 0.3; expected 4 or 5 finite numbers"),
        ("equidistant", (0.1, float("nan"), 0, 0), "0.1, nan, 0, 0; expected 4 finite numbers"),
        ("rational_polynomial", (0.1,) * 5, "expected 8 or 12 or 14 finite numbers"),
        ("fov", (0.9,), "model 'fov'; expected one of plumb_bob, rational_polynomial, equidistant"),
    ],
)
def test_distortion_that_cannot_be_used_is_refused_in_one_sentence(
    model: str, coefficients: tuple[float, ...], expected: str
) -> None:
    with pytest.raises(DistortionError, match=expected.replace("(", r"\(")) as refused:
        Distortion(model, coefficients)
    assert str(refused.value).endswith(": the distortion is not removed")


def through(lens: Distortion) -> Callable[[RgbImage], RgbImage]:
    """What a camera with a lens shows of what a pinhole camera with the same matrix shows."""
    width, height = SIZE
    grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).reshape(-1, 2)
    places = in_pixels(rays_of(grid, CAMERA, lens), CAMERA).astype(np.float32)
    places = places.reshape(height, width, 2)
    return lambda rgb: cv2.remap(rgb, places, None, cv2.INTER_LINEAR)


@pytest.fixture(scope="module")
def frames(clip: Callable[[str], Path]) -> list[tuple[int, RgbImage]]:
    """She squats once."""
    with VideoReader(clip("squat_front.mp4")) as video:
        return list(islice(video, 0, 40, 2))


def seen(
    frames: list[tuple[int, RgbImage]],
    change: Callable[[RgbImage], RgbImage],
    *camera: FloatArray | Distortion | None,
) -> list[Skeleton]:
    estimator = PoseEstimator(open_backend(max_people=1))
    people = [estimator.process(change(rgb), stamp_ns, *camera) for stamp_ns, rgb in frames]
    estimator.close()
    return [one for (one,) in filter(None, people)]


def knees_deg(people: list[Skeleton]) -> FloatArray:
    found = []
    for one in people:
        for side in ("LEFT", "RIGHT"):
            hip, knee, ankle = (
                one.positions[Joint[f"{side}_{part}"]] for part in ("HIP", "KNEE", "ANKLE")
            )
            found.append(angle_deg(tuple(hip - knee), tuple(ankle - knee)))
    return np.array(found)


@pytest.mark.faults
@pytest.mark.slow
def test_a_clip_through_a_wide_angle_lens_has_the_angles_of_the_clip(
    frames: list[tuple[int, RgbImage]],
) -> None:
    plain = seen(frames, lambda rgb: rgb)
    knees = knees_deg(plain)
    assert np.ptp(knees) > 40.0, "she squats"
    for lens in (LENSES["plumb_bob"], LENSES["equidistant"]):
        known = seen(frames, through(lens), CAMERA, lens)
        unknown = seen(frames, through(lens), CAMERA)
        errors = [float(np.abs(knees_deg(each) - knees).mean()) for each in (known, unknown)]
        assert errors[0] < 2.0
        assert errors[1] > 2.0 * errors[0]
        for there, one in zip(plain, known, strict=True):
            points = in_pixels(rays_of(one.pixels, CAMERA, lens), CAMERA)
            assert one.image_size == SIZE
            assert np.median(np.abs(points - there.pixels)) < 1.0
