"""Checks of skeletons that need no true joints: ranges of joints, and feet that stand still."""

from collections.abc import Sequence

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.pose.root import fitted_root
from apsa_perception.pose.skeleton_correction import assumed_intrinsics

KNEE_DEG = (-10.0, 160.0)
"""Flexion of the knee. Adults overextend it by up to 10 degrees (American Academy of Orthopaedic
Surgeons, Greene and Heckman, 1994) and bend it to 157 in a squat (Hemmerich et al., 2006)."""
HIP_DEG = (-40.0, 130.0)
"""Flexion of the hip: -30 to 120 (Greene and Heckman), and 10 degrees for the spine, which the
angle from the shoulders to the knee includes."""
MOST_ELBOW_DEG = 160.0
"""Flexion of the elbow: up to 150 (Greene and Heckman), and 10 degrees for the error of a measure.
Which way an elbow is bent cannot be seen from three joints."""

WINDOW_S = 1.0
LEAST_FRAMES = 3
"""Of a window; fewer have no spread."""
STILL = 0.005
"""A foot stands while heel and toes stay in their places in the picture: their standard deviation
in a window is below this share of the body's height there, about a centimetre."""

SIDES = ("LEFT", "RIGHT")
Figures = dict[str, float]


def out_of_range(joints: FloatArray, poses: CanonicalPose) -> Figures:
    """Percentages of joints bent further than a body can, of those whose limbs are observed.

    Args:
        joints: ``(T, 20, 3)`` metres, optical axes.
        poses: ``(T, 20, ...)``; what is observed.
    """
    hips = _between("HIP", joints)
    trunk = _between("SHOULDER", joints) - hips
    broken: dict[str, list[np.ndarray]] = {"knee": [], "hip": [], "elbow": []}
    for side in SIDES:
        place = {part: joints[:, Joint[f"{side}_{part}"]] for part in _PARTS}
        there = {part: poses.observed[:, Joint[f"{side}_{part}"]] for part in _PARTS}
        left = joints[:, Joint.LEFT_HIP] - joints[:, Joint.RIGHT_HIP]
        thigh, shank = place["KNEE"] - place["HIP"], place["ANKLE"] - place["KNEE"]
        leg = there["HIP"] & there["KNEE"]
        knee, hip = _turn_deg(thigh, shank, left), -_turn_deg(-trunk, thigh, left)
        arm, forearm = place["ELBOW"] - place["SHOULDER"], place["WRIST"] - place["ELBOW"]
        elbow = np.abs(_turn_deg(arm, forearm, np.cross(arm, forearm)))
        broken["knee"].append(_outside(knee, KNEE_DEG)[leg & there["ANKLE"]])
        broken["hip"].append(_outside(hip, HIP_DEG)[leg & there["SHOULDER"]])
        whole = there["SHOULDER"] & there["ELBOW"] & there["WRIST"]
        broken["elbow"].append((elbow > MOST_ELBOW_DEG)[whole])
    return {
        f"{name}_out_of_range_percent": 100.0 * float(values.mean())
        for name, values in ((name, np.concatenate(each)) for name, each in broken.items())
        if len(values)
    }


def foot_slide(
    joints: FloatArray, poses: CanonicalPose, stamps_ns: Sequence[int], image_size: tuple[int, int]
) -> Figures:
    """How far ankles move in space while their feet stand still in the picture, in millimetres.

    Standard deviations in windows, mean over them: down the picture (``vertical``), across it and
    in depth. Empty if no foot stands still that long. The body is placed by its pixels.

    Args:
        joints: ``(T, 20, 3)`` metres, pelvis-relative, optical axes.
        poses: ``(T, 20, ...)``; pixels and what is observed.
        stamps_ns: ``(T,)`` nanoseconds, rising.
        image_size: width and height in pixels.
    """
    intrinsics = assumed_intrinsics(image_size)
    placed = np.full_like(joints, np.nan)
    for i, (one, pixels, observed) in enumerate(
        zip(joints, poses.pixels, poses.observed, strict=True)
    ):
        root = fitted_root(one, pixels, observed, intrinsics)
        if root is not None:
            placed[i] = one + root
    heights = np.nanmax(poses.pixels[..., 1], axis=1) - np.nanmin(poses.pixels[..., 1], axis=1)
    still_px = STILL * float(np.median(heights))
    seconds = (np.asarray(stamps_ns) - stamps_ns[0]) / 1e9
    spread = []
    for start in np.arange(0.0, seconds[-1] - WINDOW_S, WINDOW_S):
        inside = (seconds >= start) & (seconds < start + WINDOW_S)
        if inside.sum() < LEAST_FRAMES:
            continue
        for side in SIDES:
            foot = [Joint[f"{side}_ANKLE"], Joint[f"{side}_FOOT"]]
            whole = poses.observed[np.ix_(inside, foot)].all()
            if whole and poses.pixels[np.ix_(inside, foot)].std(axis=0).max() < still_px:
                spread.append(placed[inside, foot[0]].std(axis=0))
    spread = [each for each in spread if np.isfinite(each).all()]
    if not spread:
        return {}
    across, vertical, depth = 1e3 * np.mean(spread, axis=0)
    return {
        "foot_windows": float(len(spread)),
        "foot_vertical_mm": float(vertical),
        "foot_across_mm": float(across),
        "foot_depth_mm": float(depth),
    }


_PARTS = ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")


def _between(part: str, joints: FloatArray) -> FloatArray:
    """The middle of both sides."""
    return np.asarray(joints[:, [Joint[f"{side}_{part}"] for side in SIDES]].mean(axis=1))


def _turn_deg(start: FloatArray, end: FloatArray, axis: FloatArray) -> FloatArray:
    """Degrees from one ``(T, 3)`` direction to another about an axis, right-handed."""
    about = axis / np.maximum(np.linalg.norm(axis, axis=-1, keepdims=True), 1e-9)
    sine = (np.cross(start, end) * about).sum(axis=-1)
    return np.degrees(np.arctan2(sine, (start * end).sum(axis=-1)))


def _outside(degrees: FloatArray, allowed: tuple[float, float]) -> np.ndarray:
    return (degrees < allowed[0]) | (degrees > allowed[1])
