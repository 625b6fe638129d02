"""Errors of camera skeletons before and after the refinement, of people it was not fitted on."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.refinement import SkeletonRefinement, normalised
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.fitting.refinement_fit import DrawnFrames

ANGLES = {
    "knee": ("HIP", "KNEE", "ANKLE"),
    "hip": ("SHOULDER", "HIP", "KNEE"),
    "elbow": ("SHOULDER", "ELBOW", "WRIST"),
    "shoulder": ("HIP", "SHOULDER", "ELBOW"),
}
"""Angles at the joint in the middle."""


def refinement_figures(
    frames: DrawnFrames, fold: npt.NDArray[np.intp], refinements: Sequence[SkeletonRefinement]
) -> dict[str, dict[str, float]]:
    """Mean absolute errors, each frame refined by the refinement of its fold.

    Args:
        frames: drawn people.
        fold: ``(N,)`` fold of each frame.
        refinements: of each fold, fitted on the people of the others.

    Returns:
        ``joint`` in millimetres and the angles in degrees, each with ``seen`` and ``refined``.
    """
    seen = frames.seen.astype(np.float64)
    refined = np.empty_like(seen)
    for k, refinement in enumerate(refinements):
        own = fold == k
        refined[own] = refinement.joints_of(frames.given[own])
    refined = normalised(refined)[1] * normalised(frames.true.astype(np.float64))[0]
    found: dict[str, dict[str, float]] = {}
    for title, joints in (("seen", seen), ("refined", refined)):
        distance = np.linalg.norm(joints - frames.true, axis=-1).mean(axis=1)
        found.setdefault("joint", {})[title] = float((1000.0 * distance * frames.size_m).mean())
        for name in ANGLES:
            error = np.abs(angles(joints, name) - angles(frames.true, name))
            found.setdefault(name, {})[title] = float(error.mean())
    return found


def angles(joints: npt.NDArray[np.floating], name: str) -> FloatArray:
    """Return ``(2, N)`` degrees of both sides of one of ``ANGLES`` in ``(N, 20, 3)`` joints."""
    return np.stack(
        [
            _angle(*(joints[:, Joint[f"{side}_{part}"]] for part in ANGLES[name]))
            for side in ("LEFT", "RIGHT")
        ]
    )


def _angle(
    start: npt.NDArray[np.floating],
    middle: npt.NDArray[np.floating],
    end: npt.NDArray[np.floating],
) -> FloatArray:
    one, other = start - middle, end - middle
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    cosine = (one * other).sum(axis=1) / np.maximum(lengths, 1e-9)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
