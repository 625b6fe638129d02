"""A recording drawn and seen through the project's own pose estimation."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import BoolArray, FloatArray
from apsa_perception.pose.backend import PoseBackend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_training.camera.appearance import dress
from apsa_training.camera.axes import to_laboratory
from apsa_training.camera.body import load_body, simplified
from apsa_training.camera.drawing import Painter, Picture
from apsa_training.camera.furniture import chair_of
from apsa_training.camera.limbs import LimbPainter
from apsa_training.camera.posing import Motion, follow, skin
from apsa_training.camera.variation import Variation
from apsa_training.camera.viewpoint import Viewpoint
from apsa_training.data.sequences import MotionSequence

LEAD_S = 0.5
"""The first posture is held so long before the recording: tracking confirms a person first."""
_MARGIN_M = 0.12  # from joint centres to the outline
_FIT_STEPS = 6
_CELL_M = 0.012  # two pixels of a person who fills the picture


@dataclass(frozen=True)
class Observation:
    """What the camera sees of a recording.

    Attributes:
        stamps_s: ``(F,)`` seconds from the first picture of the recording, rising.
        seen: ``(F,)`` whether a person was found.
        positions: ``(F, 20, 3)`` metres, pelvis-relative, optical axes; NaN where not seen.
        pixels: ``(F, 20, 2)`` pixels; NaN where not seen.
        confidence: ``(F, 20)`` 0..1; 0 where not seen.
        observed: ``(F, 20)``.
        truth: ``(F, 20, 3)`` true joint centres, pelvis-relative, optical axes.
        true_pixels: ``(F, 20, 2)`` pixels.
        image_size: width and height in pixels.
    """

    stamps_s: FloatArray
    seen: BoolArray
    positions: FloatArray
    pixels: FloatArray
    confidence: FloatArray
    observed: BoolArray
    truth: FloatArray
    true_pixels: FloatArray
    image_size: tuple[int, int]


def fit_viewpoint(viewpoint: Viewpoint, motion: Motion, framing: float) -> Viewpoint:
    """Move a camera so that the whole motion fills a share of the picture, centred."""
    low, high = motion.joints.min(axis=(0, 1)), motion.joints.max(axis=(0, 1))
    slope = math.tan(math.radians(viewpoint.pitch_deg))
    distance = float(np.linalg.norm(high - low)) + 1.0
    for _ in range(_FIT_STEPS):
        height = float(low[2] + high[2]) / 2 + slope * distance
        viewpoint = replace(viewpoint, distance_m=distance, height_m=height)
        pixels = viewpoint.pixels(viewpoint.optical(motion.joints))
        margin = _MARGIN_M * viewpoint.focal_px / distance
        extent = 2.0 * (np.abs(pixels - viewpoint.centre_px).max(axis=(0, 1)) + margin)
        share = float((extent / (viewpoint.width, viewpoint.height)).max())
        distance *= share / framing
    return viewpoint


def pictures(
    recording: MotionSequence, variation: Variation, bodies: Path
) -> Iterator[tuple[float, int, Picture, Viewpoint, Motion]]:
    """Draw a recording, with its first posture held before it.

    Args:
        recording: what is done.
        variation: how it is drawn.
        bodies: folder where made bodies are kept.

    Yields:
        Seconds (negative before the recording), frame of the recording, picture, camera, motion.
    """
    body = simplified(load_body(variation.phenotype, bodies), _CELL_M)
    motion = follow(body, to_laboratory(recording.positions))
    viewpoint = fit_viewpoint(variation.viewpoint, motion, variation.framing)
    random = np.random.default_rng(variation.noise_seed)
    dressed, colours = dress(body, variation.appearance)
    quads, chair = dressed.quads, chair_of(body, motion, variation.wheelchair)
    beside = np.empty((0, 3))
    if chair is not None:
        beside = chair[0]
        quads = np.concatenate([quads, chair[1] + len(dressed.vertices)])
        wood = np.broadcast_to(variation.scene.furniture, (len(chair[1]), 3))
        colours = np.concatenate([colours, wood])
    if variation.limbs:
        limbs = LimbPainter(viewpoint, variation.scene, variation.appearance, random)
    else:
        painter = Painter(viewpoint, variation.scene, quads, colours, random)
    stamps_s = recording.stamps_s
    period = 1.0 / variation.frame_rate_hz
    for second in np.arange(-LEAD_S, stamps_s[-1] + 1e-6, period):
        if second > 0.0 and random.random() < variation.missing:
            continue
        frame = int(np.abs(stamps_s - second).argmin())
        if variation.limbs:
            picture = limbs.draw(motion.joints[frame])
        else:
            picture = painter.draw(np.concatenate([skin(dressed, motion, frame), beside]))
        yield float(second), frame, picture, viewpoint, motion


def observe(
    recording: MotionSequence, variation: Variation, bodies: Path, backend: PoseBackend
) -> Observation:
    """Draw a recording and find the person in its pictures, as the pose node would."""
    estimator = PoseEstimator(backend, corrected=False)
    estimator.reset()
    rows: list[tuple[float, bool, FloatArray, FloatArray, FloatArray, BoolArray]] = []
    truth, true_pixels = [], []
    nowhere = np.full((JOINT_COUNT, 3), np.nan)
    unseen = (False, nowhere, nowhere[:, :2], np.zeros(JOINT_COUNT), np.zeros(JOINT_COUNT, bool))
    for second, frame, picture, viewpoint, motion in pictures(recording, variation, bodies):
        people = estimator.process(picture, round((second + 2 * LEAD_S) * 1e9))
        if second < 0.0:
            continue
        if people:
            one = people[0]
            seen = (True, one.positions, one.pixels, one.confidence, one.observed)
        rows.append((second, *(seen if people else unseen)))
        optical = viewpoint.optical(motion.joints[frame])
        truth.append(optical - optical[0])
        true_pixels.append(viewpoint.pixels(optical))
    stamps, found, positions, pixels, confidence, observed = zip(*rows, strict=True)
    return Observation(
        stamps_s=np.array(stamps),
        seen=np.array(found),
        positions=np.stack(positions),
        pixels=np.stack(pixels),
        confidence=np.stack(confidence),
        observed=np.stack(observed),
        truth=np.stack(truth),
        true_pixels=np.stack(true_pixels),
        image_size=(variation.viewpoint.width, variation.viewpoint.height),
    )
