"""Constructed postures drawn as a person and seen through the pose estimation."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from apsa_perception.assessment import offline
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.pose.backend import PoseBackend
from apsa_perception.pose.skeleton_correction import corrected
from apsa_training.camera.axes import to_optical
from apsa_training.camera.body import Phenotype
from apsa_training.camera.drawn_files import poses_of, stamps_ns_of
from apsa_training.camera.observation import Observation, observe
from apsa_training.camera.variation import draw_variation
from apsa_training.camera.viewpoint import Viewpoint
from apsa_training.data.sequences import MotionSequence
from support.paths import ROOT
from support.poses import Pose, at

PITCH_DEG = 5.0
_BODIES = ROOT / "tests" / "data" / "bodies"

Steps = tuple[tuple[float, Pose], ...]


def _recording(steps: Steps, rate_hz: float) -> MotionSequence:
    """Constructed postures as a recording."""
    stamps = np.arange(0.0, steps[-1][0] + 1e-6, 1.0 / rate_hz)
    joints = np.stack([at(float(second), steps).joints() for second in stamps])
    seen = np.ones((len(stamps), JOINT_COUNT))
    return MotionSequence(
        "constructed", "nobody", "constructed", Side.BOTH, 1, False, to_optical(joints), stamps,
        seen, seen > 0,
    )  # fmt: skip


def draw(
    name: str, steps: Steps, yaw_deg: float, backend: PoseBackend, rate_hz: float = 10.0
) -> Observation:
    """Draw and observe postures from a direction, and correct the skeletons as the coach does.

    Args:
        name: what is done; with the direction it decides clothes, light and surroundings.
        steps: the seconds at which postures are reached.
        yaw_deg: direction of the camera, as of a viewpoint.
        backend: finds the person.
        rate_hz: frame rate.
    """
    variation = replace(
        draw_variation(3, "nobody", f"{name} {yaw_deg:g}", 0),
        phenotype=Phenotype(),
        viewpoint=Viewpoint(yaw_deg=yaw_deg, pitch_deg=PITCH_DEG),
        frame_rate_hz=rate_hz,
        missing=0.0,
        framing=0.8,
    )
    drawn = observe(_recording(steps, rate_hz), variation, _BODIES, backend)
    arrays, positions = vars(drawn), drawn.positions.copy()
    positions[drawn.seen] = corrected(poses_of(arrays), stamps_ns_of(arrays), drawn.image_size)
    return replace(drawn, positions=positions)


def frames(drawn: Observation, true: bool) -> Iterator[offline.Frame]:
    """The true skeletons, or those that were seen."""
    for index, second in enumerate(drawn.stamps_s):
        stamp = round((float(second) + 1.0) * 1e9)
        values: Any = (drawn.positions, drawn.pixels, drawn.confidence, drawn.observed)
        if true:
            sure = np.full(drawn.confidence.shape, 0.99)
            values = (drawn.truth, drawn.true_pixels, sure, sure > 0)
        elif not drawn.seen[index]:
            yield stamp, []
            continue
        yield stamp, [Skeleton(stamp, 1, *(each[index] for each in values), drawn.image_size)]
