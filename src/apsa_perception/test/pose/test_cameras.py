"""Cameras whose pixels are not square, or whose principal point is not in the middle."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from apsa_perception.biomechanics.geometry import angle_deg
from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.camera_view import CameraView, ViewError
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.sources.video import VideoReader
from support.pose_bodies import PERIOD_NS, PICTURE, pose, striding

ROOT = (0.3, 0.1, 3.0)
SIZE = (640, 480)
ANGLES = [
    [Joint[f"{side}_{part}"] for part in parts]
    for side in ("LEFT", "RIGHT")
    for parts in (("HIP", "KNEE", "ANKLE"), ("SHOULDER", "ELBOW", "WRIST"))
]


def matrix(fx: float, fy: float, cx: float, cy: float) -> FloatArray:
    return np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])


class PictureBackend:
    """Sees a body in a picture as wide as the picture shows it.

    Args:
        intrinsics: of the camera, for pictures of ``SIZE``.
    """

    name = "picture"

    def __init__(self, intrinsics: FloatArray) -> None:
        self._intrinsics = intrinsics

    def detect(self, rgb: RgbImage, stamp_ns: int) -> list[CanonicalPose]:
        across, down = rgb.shape[1] / SIZE[0], rgb.shape[0] / SIZE[1]
        shown = self._intrinsics * [[across], [down], [1.0]]
        points = (striding() + ROOT) @ shown.T
        wide = shown[0, 0] / shown[1, 1]
        body = pose(striding() * [wide, 1.0, 1.0])
        return [body._replace(pixels=points[:, :2] / points[:, 2:])]

    def reset(self) -> None:
        """No state."""

    def close(self) -> None:
        """Nothing to release."""


def angles_deg(positions: FloatArray) -> list[float]:
    """Knees and elbows."""
    found = []
    for first, vertex, other in ANGLES:
        one, two = positions[first] - positions[vertex], positions[other] - positions[vertex]
        found.append(angle_deg(tuple(one), tuple(two)))
    return found


@pytest.mark.faults
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    "intrinsics",
    [
        matrix(600, 600, 320, 240),
        matrix(600, 500, 320, 240),
        matrix(500, 600, 320, 240),
        matrix(600, 600, 420, 180),
        matrix(600, 500, 250, 300),
    ],
    ids=["square", "wide", "high", "off the middle", "wide and off the middle"],
)
def test_a_body_is_recovered_through_any_camera(intrinsics: FloatArray, mirrored: bool) -> None:
    seen = intrinsics.copy()
    if mirrored:  # the estimator flips the picture before the backend sees it
        seen[0, 2] = SIZE[0] - seen[0, 2]
    estimator = PoseEstimator(PictureBackend(seen), mirrored=mirrored)
    for i in range(75):
        people = estimator.process(PICTURE, (i + 1) * PERIOD_NS, intrinsics)
    (body,), true = people, striding()
    assert np.linalg.norm(body.positions - true, axis=1).max() < 0.02
    np.testing.assert_allclose(angles_deg(body.positions), angles_deg(true), atol=1.5)
    assert body.root is not None
    np.testing.assert_allclose(body.root, ROOT, atol=0.05)
    # The overlay is drawn into the picture that was given.
    assert body.image_size == SIZE
    points = (true + ROOT) @ seen.T
    pixels = points[:, :2] / points[:, 2:]
    if mirrored:
        pixels[:, 0] = SIZE[0] - pixels[:, 0]
    np.testing.assert_allclose(body.pixels, pixels, atol=1.0)


def test_people_keep_their_numbers_when_camera_info_comes_late() -> None:
    intrinsics = matrix(600, 500, 250, 300)
    estimator = PoseEstimator(PictureBackend(intrinsics))
    seen = set()
    for i in range(75):
        known = intrinsics if i >= 25 else None
        people = estimator.process(PICTURE, (i + 1) * PERIOD_NS, known)
        seen |= {body.body_id for body in people}
    assert len(people) == 1
    assert seen == {1}


@pytest.mark.faults
@pytest.mark.slow
def test_a_clip_stretched_or_cut_has_the_angles_of_the_clip(clip: Callable[[str], Path]) -> None:
    def knees(change: Callable[[RgbImage], RgbImage], intrinsics: FloatArray | None) -> FloatArray:
        estimator = PoseEstimator(open_backend())
        with VideoReader(clip("squat_front.mp4")) as video:
            frames = [
                estimator.process(change(rgb), stamp, intrinsics)
                for stamp, rgb in islice(video, 40)
            ]
        estimator.close()
        return np.array([angles_deg(people[0].positions)[::2] for people in frames if people])

    def stretched(rgb: RgbImage) -> RgbImage:
        return cv2.resize(rgb, (1200, 540))

    plain = knees(lambda rgb: rgb, matrix(830, 830, 480, 270))
    known = knees(stretched, matrix(1037.5, 830, 600, 270))
    unknown = knees(stretched, None)
    cut = knees(lambda rgb: np.ascontiguousarray(rgb[:, 200:]), matrix(830, 830, 280, 270))
    assert np.abs(plain.max(axis=0) - plain.min(axis=0)).min() > 40.0, "she squats"
    errors = [float(np.abs(each - plain).mean()) for each in (known, unknown, cut)]
    assert errors[0] < 1.0
    assert errors[2] < 2.0
    assert errors[1] > 2.0 * errors[0]


WHOLE = matrix(1000, 1000, 660, 340)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("region", "picture", "expected"),
    [
        ((0, 0, 0, 0), (1280, 720), WHOLE),
        ((0, 0, 0, 0), (640, 360), matrix(500, 500, 330, 170)),  # binned, or resized
        ((0, 0, 0, 0), (1920, 1080), matrix(1500, 1500, 990, 510)),
        ((320, 120, 640, 480), (640, 480), matrix(1000, 1000, 340, 220)),  # ROI
        ((320, 120, 640, 480), (320, 240), matrix(500, 500, 170, 110)),  # ROI, binned
        ((320, 120, 641, 481), (320, 240), matrix(499.22, 498.96, 169.73, 109.77)),
    ],
)
def test_the_matrix_is_that_of_the_part_that_the_picture_shows(
    region: tuple[int, int, int, int], picture: tuple[int, int], expected: FloatArray
) -> None:
    view = CameraView(WHOLE, (1280, 720), region)
    np.testing.assert_allclose(view.matrix_for(picture), expected, atol=0.01)


def test_camera_info_of_other_pictures_is_refused_in_one_sentence() -> None:
    with pytest.raises(ViewError) as refused:
        CameraView(WHOLE, (1280, 720)).matrix_for((640, 480))
    assert str(refused.value) == (
        "images have 640x480 pixels, but camera_info is for 1280x720; expected the same aspect "
        "ratio: use the camera_info of the same driver or image_proc node"
    )
    with pytest.raises(ViewError, match="focal lengths 1000 and 100 pixels; expected finite"):
        CameraView(matrix(1000, 100, 640, 360), (1280, 720))
    unknown_size = CameraView(WHOLE, (0, 0))
    np.testing.assert_array_equal(unknown_size.matrix_for((640, 480)), WHOLE)
