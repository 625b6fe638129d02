"""Fits the recogniser of exercises: linear discriminants of lifted features of repetitions.

Each repetition is used as it is and as its mirror image, once as recorded and once cut and turned a
little, because the coach's counting begins and ends a repetition a little elsewhere. Rounds of both
legs are also used from their turning point on: whoever squats passes from depth to depth, which is
no standing up. Constructed everyday movements are the class of what is no exercise.
"""

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.domain import Domain
from apsa_perception.apsa.refinement import SkeletonRefinement
from apsa_perception.model.body_frame import mirror_body
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.recognition.features import WINDOW_PHASES, repetition_features
from apsa_perception.recognition.model import (
    FORMAT,
    REFINEMENT,
    DomainModel,
    lifted_features,
)
from apsa_training.fitting.recognition_set import RecognitionSet, joined

_TURNED = frozenset({"squat", "sit_to_stand", "inline_lunge", "side_lunge"})
_LIFT = 1000
_SHRINKAGE = 0.02
_LEAST_SCALE = 0.03
_MOST_CUT = 0.12
_WARP = 0.2
_TURN_RAD = 0.12
_LIMIT_QUANTILE = 0.98
_LIMIT_MARGIN = 1.5
_BATCH = 1024


def fit_recognition(
    repetitions: RecognitionSet, refinement: SkeletonRefinement, seed: int = 0
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a model file.

    Args:
        repetitions: those of a camera are refined.
        refinement: of what a camera will see.
        seed: of the random combinations and variants.
    """
    generator = np.random.default_rng(seed)
    arrays: dict[str, npt.NDArray[Any]] = {"format": np.array(FORMAT)}
    known = _with_variants(repetitions, generator)
    features = _features(known.windows)
    lift = generator.normal(size=(features.shape[1], _LIFT)) / np.sqrt(features.shape[1])
    lift, bias = lift.astype(np.float16), (0.5 * generator.normal(size=_LIFT)).astype(np.float16)
    labels = sorted(set(zip(known.family.tolist(), known.side.tolist(), strict=True)))
    class_of = np.array(
        [labels.index(one) for one in zip(known.family.tolist(), known.side.tolist(), strict=True)]
    )
    arrays |= {"lift": lift, "lift_bias": bias, "families": np.array([name for name, _ in labels])}
    for domain in Domain:
        chosen = known.from_camera == (domain is Domain.CAMERA)
        model = _discriminants(
            features[chosen], class_of[chosen], len(labels), lift.astype(float), bias.astype(float)
        )
        arrays |= {f"{domain}_{one.name}": getattr(model, one.name) for one in fields(model)}
    arrays = {
        name: value.astype(np.float32) if value.dtype == np.float64 else value
        for name, value in arrays.items()
    }
    return arrays | {
        f"{REFINEMENT}{name}": value.astype(np.float16)
        for name, value in refinement.tensors.items()
    }


def write_recognition(arrays: dict[str, npt.NDArray[Any]], path: Path) -> None:
    """Write a model file, whole or not at all."""
    unfinished = path.with_suffix(".partial.npz")
    content: dict[str, Any] = dict(arrays)
    np.savez_compressed(unfinished, **content)
    unfinished.replace(path)


def _with_variants(known: RecognitionSet, generator: np.random.Generator) -> RecognitionSet:
    turned = known.rows(np.isin(known.family, sorted(_TURNED)))
    turned = _replaced(turned, np.roll(turned.windows, WINDOW_PHASES // 2, axis=1))
    both = joined([known, turned])
    varied = _replaced(both, _varied(both.windows, generator))
    every = joined([both, varied])
    other = np.array([int(Side(side).opposite) for side in every.side.tolist()])
    mirrored = RecognitionSet(
        mirror_body(every.windows).astype(np.float64),
        every.family,
        other,
        every.fold,
        every.from_camera,
    )
    return joined([every, mirrored])


def _varied(windows: FloatArray, generator: np.random.Generator) -> FloatArray:
    """Cut both ends, stretch time and turn the heading, each at random."""
    count, phases = windows.shape[:2]
    first, last = generator.uniform(0.0, _MOST_CUT, (2, count))
    power = np.exp(_WARP * generator.normal(size=count))
    share = np.linspace(0.0, 1.0, phases) ** power[:, None]
    place = (first[:, None] + (1.0 - last - first)[:, None] * share) * (phases - 1)
    before = np.clip(place.astype(int), 0, phases - 2)
    part = (place - before)[..., None, None]
    row = np.arange(count)[:, None]
    moved = windows[row, before] * (1.0 - part) + windows[row, before + 1] * part
    angle = _TURN_RAD * generator.normal(size=(count, 1, 1))
    x, y = moved[..., 0], moved[..., 1]
    cosine, sine = np.cos(angle), np.sin(angle)
    turned: FloatArray = np.stack(
        [cosine * x - sine * y, sine * x + cosine * y, moved[..., 2]], axis=-1
    )
    return turned


def _discriminants(
    features: FloatArray,
    class_of: npt.NDArray[np.intp],
    classes: int,
    lift: FloatArray,
    bias: FloatArray,
) -> DomainModel:
    """Linear discriminant analysis with one shrunken covariance; classes weigh the same."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + _LEAST_SCALE
    lifted = lifted_features(features, mean, scale, lift, bias, np.matmul)
    centres = np.stack([lifted[class_of == one].mean(axis=0) for one in range(classes)])
    weight = 1.0 / np.sqrt(np.bincount(class_of, minlength=classes) * classes)
    within = (lifted - centres[class_of]) * weight[class_of][:, None]
    covariance = within.T @ within
    size = len(covariance)
    covariance *= 1.0 - _SHRINKAGE
    covariance[np.diag_indices(size)] += _SHRINKAGE / (1 - _SHRINKAGE) * np.trace(covariance) / size
    root = np.linalg.cholesky(covariance)
    between = np.linalg.solve(root, (centres - centres.mean(axis=0)).T).T
    _, strength, axes = np.linalg.svd(between, full_matrices=False)
    kept = axes[strength > 1e-6 * strength[0]]
    projection = np.linalg.solve(root.T, kept.T)
    places, middles = lifted @ projection, centres @ projection
    own = ((places - middles[class_of]) ** 2).sum(axis=1)
    limits = np.array(
        [
            _LIMIT_MARGIN * np.quantile(own[class_of == one], _LIMIT_QUANTILE)
            for one in range(classes)
        ]
    )
    return DomainModel(mean, scale, projection, middles, limits)


def _features(windows: FloatArray) -> FloatArray:
    parts = [windows[start : start + _BATCH] for start in range(0, len(windows), _BATCH)]
    return np.concatenate([repetition_features(part) for part in parts])


def _replaced(known: RecognitionSet, windows: FloatArray) -> RecognitionSet:
    return RecognitionSet(windows, known.family, known.side, known.fold, known.from_camera)
