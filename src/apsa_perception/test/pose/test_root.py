"""The pelvis in the camera's frame."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.root import locate_root
from support.pose_bodies import INTRINSICS, pose, standing


def test_recovers_a_known_place_from_some_observed_joints() -> None:
    root = (0.4, -0.2, 3.5)
    seen = pose(standing(), root)
    observed = np.zeros(20, np.bool_)
    observed[[0, 2, 3, 4, 8, 13, 17]] = True
    seen.pixels[~observed] = np.nan
    found = locate_root(seen.positions, seen.pixels, observed, INTRINSICS)
    assert found is not None
    np.testing.assert_allclose(found, root, atol=1e-9)


@pytest.mark.parametrize(
    ("joints", "intrinsics"),
    [
        (slice(0, 5), INTRINSICS),  # too few
        (slice(0, 20), np.zeros((3, 3))),  # CameraInfo of an uncalibrated camera
        (slice(0, 20), np.full((3, 3), np.nan)),
        (slice(0, 20), np.diag([1e-308, 1e-308, 1.0])),
        (slice(0, 20), np.diag([1e300, 1e300, 1.0])),
    ],
)
def test_is_none_where_it_cannot_be_determined(joints: slice, intrinsics: FloatArray) -> None:
    seen = pose(standing())
    observed = np.zeros(20, np.bool_)
    observed[joints] = True
    assert locate_root(seen.positions, seen.pixels, observed, intrinsics) is None


def test_is_none_for_a_body_that_comes_out_behind_the_camera() -> None:
    seen = pose(standing())
    mirrored = 2 * INTRINSICS[:2, 2] - seen.pixels
    assert locate_root(seen.positions, mirrored, seen.observed, INTRINSICS) is None


@pytest.mark.slow
@pytest.mark.parametrize("camera", ["cam01", "cam02", "cam03", "cam04"])
def test_is_within_a_tenth_of_the_distance_of_the_four_camera_reference(
    camera: str,
    clip: Callable[[str], Path],
    run_clip: Callable[..., Any],
) -> None:
    folder = clip(f"balance_4cam/{camera}.mp4").parent
    calibration = json.loads((folder / "cameras.json").read_text())["cameras"][camera]
    with (folder / "reference_3d.csv").open() as file:
        rows = list(csv.DictReader(file))
    hips = np.array(
        [[[float(row[f"{s}_hip_{a}"]) for a in "xyz"] for s in ("left", "right")] for row in rows]
    )
    truth = hips.mean(axis=1) @ np.array(calibration["R_world_to_camera"]).T + calibration["t_m"]
    intrinsics = np.array(calibration["K"])
    errors = []
    for skeletons, place in zip(
        run_clip(f"balance_4cam/{camera}.mp4").skeletons, truth, strict=False
    ):
        for body in skeletons:
            found = locate_root(body.positions, body.pixels, body.observed, intrinsics)
            assert found is not None
            errors.append(found - place)
    assert len(errors) > 80
    # 5 % of size from the model, 2 cm of the reference, and what the hidden limbs of camera 3 add.
    limit = 0.1 * np.linalg.norm(truth, axis=1).mean()
    assert np.median(np.linalg.norm(errors, axis=1)) < limit
    assert np.abs(np.median(errors, axis=0))[:2].max() < 0.1
