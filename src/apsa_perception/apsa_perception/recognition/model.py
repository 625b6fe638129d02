"""Tells by which exercise family a repetition was made, or that it was none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.domain import Domain
from apsa_perception.apsa.refinement import SkeletonRefinement, product_by_one_thread
from apsa_perception.apsa.window import canonical_body, resample
from apsa_perception.model.joints import Joint
from apsa_perception.model.paths import share_dir
from apsa_perception.model.skeleton import BoolArray, FloatArray
from apsa_perception.recognition.features import WINDOW_PHASES, repetition_features

FORMAT = 2
"""Version of the file."""

NONE = "none"
"""Family of movements that are no exercise."""

CLIP = 4.0
"""Standardised features are limited to this many standard deviations."""

_MIN_FRAMES = 8
_LEAST_UPRIGHT = 0.5  # height of the neck above the pelvis in torso lengths
_COMMON = {"format": 0, "families": 1, "lift": 2, "lift_bias": 1}
REFINEMENT = "refinement."
"""Beginning of the names of the refinement's arrays."""

_OF_DOMAIN = {"mean": 1, "scale": 1, "projection": 2, "centres": 2, "limits": 1}


@dataclass(frozen=True)
class DomainModel:
    """Linear discriminants for skeletons of one kind of source.

    Attributes:
        mean: ``(F,)`` of the features.
        scale: ``(F,)`` their standard deviation.
        projection: ``(F + H, D)`` onto the discriminants.
        centres: ``(C, D)`` of the classes.
        limits: ``(C,)`` squared distance from the own centre beyond which it is none of them.
    """

    mean: FloatArray
    scale: FloatArray
    projection: FloatArray
    centres: FloatArray
    limits: FloatArray


@dataclass(frozen=True)
class Reading:
    """What one repetition looks like.

    Attributes:
        likelihoods: ``(N,)`` logarithm of the probability of each family.
        novelty: squared distance from the nearest class as a share of its limit; above 1 the
            movement is none of the families.
    """

    likelihoods: FloatArray
    novelty: float


class RecognitionModel:
    """Discriminants of the exercise families, for depth sensors and for cameras.

    The features and their random non-linear combinations are projected onto linear discriminants;
    the squared distance from the centres of the classes gives the probabilities. A family for one
    side has a class for each side. What a camera saw is refined before, as for the quality network.

    Args:
        class_families: family of each of the C classes.
        lift: ``(F, H)`` random directions.
        lift_bias: ``(H,)``.
        domains: discriminants by kind of source.
        refinement: of camera skeletons.
    """

    def __init__(
        self,
        class_families: tuple[str, ...],
        lift: FloatArray,
        lift_bias: FloatArray,
        domains: dict[Domain, DomainModel],
        refinement: SkeletonRefinement,
    ) -> None:
        self._families = tuple(sorted(set(class_families)))
        self._family_of_class = np.array(
            [[name == family for name in class_families] for family in self._families]
        )
        self._lift, self._lift_bias = lift, lift_bias
        self._domains = domains
        self._refinement = refinement

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families in the order of the likelihoods, ``NONE`` among them."""
        return self._families

    @staticmethod
    def load(path: Path | None = None) -> "RecognitionModel":
        """Load a file; None: the installed one.

        Raises:
            ValueError: it cannot be used; one sentence.
        """
        path = path or share_dir("apsa_perception") / "models" / "recognition.npz"
        try:
            with np.load(path, allow_pickle=False) as content:
                arrays: dict[str, npt.NDArray[Any]] = {name: content[name] for name in content}
        except FileNotFoundError as error:
            raise ValueError(f"model file {path} not found") from error
        except Exception as error:  # a damaged archive raises whatever its reader meets
            raise ValueError(f"{path} cannot be read as an array file (.npz): {error}") from error
        _check(path, arrays)
        try:
            return RecognitionModel.of(arrays)
        except ValueError as error:
            raise ValueError(f"{path} is damaged: {error}; copy it again") from error

    @staticmethod
    def of(arrays: Mapping[str, npt.NDArray[Any]]) -> "RecognitionModel":
        """Return the model of the arrays of a file, which fit.

        Raises:
            ValueError: the refinement's arrays do not; one sentence.
        """
        domains = {
            domain: DomainModel(
                **{name: _floats(arrays[f"{domain}_{name}"]) for name in _OF_DOMAIN}
            )
            for domain in Domain
        }
        families = tuple(str(name) for name in arrays["families"])
        refinement = {
            name.removeprefix(REFINEMENT): array.astype(np.float32)
            for name, array in arrays.items()
            if name.startswith(REFINEMENT)
        }
        return RecognitionModel(
            families,
            _floats(arrays["lift"]),
            _floats(arrays["lift_bias"]),
            domains,
            SkeletonRefinement(refinement),
        )

    def read(
        self,
        positions: FloatArray,
        stamps_s: FloatArray,
        observed: BoolArray,
        up: FloatArray,
        domain: Domain,
    ) -> Reading | None:
        """Return what a repetition looks like; None of too few frames or of a lying person.

        All families are done upright.

        Args:
            positions: ``(T, 20, 3)`` metres, camera optical axes.
            stamps_s: ``(T,)`` seconds, strictly increasing.
            observed: ``(T, 20)`` False where a joint is inferred.
            up: ``(3,)`` world up in camera axes.
            domain: what the skeletons come from.
        """
        if len(positions) < _MIN_FRAMES:
            return None
        if domain is Domain.CAMERA:
            positions = self._refinement.refine(positions, up)
        try:
            body, _ = canonical_body(positions, stamps_s, observed, up)
        except ValueError:
            return None
        if np.median(body[:, Joint.NECK, 2]) < _LEAST_UPRIGHT:
            return None
        window = resample(body, stamps_s, WINDOW_PHASES)[None]
        likelihoods, novelty = self.classify(repetition_features(window), domain)
        return Reading(likelihoods[0], float(novelty[0]))

    def classify(self, features: FloatArray, domain: Domain) -> tuple[FloatArray, FloatArray]:
        """Classify ``(N, F)`` features: ``(N, families)`` log probabilities, ``(N,)`` novelty."""
        model = self._domains[domain]
        lifted = lifted_features(features, model.mean, model.scale, self._lift, self._lift_bias)
        places = product_by_one_thread(lifted, model.projection)
        squared = ((places[:, None] - model.centres) ** 2).sum(axis=-1)
        odds = np.exp(-0.25 * (squared - squared.min(axis=1, keepdims=True)))
        shares = (odds / odds.sum(axis=1, keepdims=True)) @ self._family_of_class.T
        return np.log(np.maximum(shares, 1e-4)), (squared / model.limits).min(axis=1)


def lifted_features(
    features: FloatArray,
    mean: FloatArray,
    scale: FloatArray,
    lift: FloatArray,
    lift_bias: FloatArray,
    product: Callable[[FloatArray, FloatArray], FloatArray] = product_by_one_thread,
) -> FloatArray:
    """Standardise ``(N, F)`` features and append ``H`` random combinations: ``(N, F + H)``."""
    standard = np.clip((features - mean) / scale, -CLIP, CLIP)
    combined = 2.0 * np.tanh(product(standard, lift) + lift_bias)
    return np.concatenate([standard, combined], axis=1)


def _check(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    wanted = dict(_COMMON)
    wanted |= {f"{domain}_{name}": axes for domain in Domain for name, axes in _OF_DOMAIN.items()}
    missing = sorted(name for name, axes in wanted.items() if _axes(arrays.get(name)) != axes)
    if missing:
        raise ValueError(f"{path} is no recognition model: {', '.join(missing)} missing or wrong")
    if int(arrays["format"]) != FORMAT:
        raise ValueError(f"{path} has format {int(arrays['format'])}; expected {FORMAT}")
    features, combined = arrays["lift"].shape
    for domain in Domain:
        projection, centres = arrays[f"{domain}_projection"], arrays[f"{domain}_centres"]
        if projection.shape != (features + combined, centres.shape[1]) or len(centres) != len(
            arrays["families"]
        ):
            raise ValueError(
                f"{path} is damaged: the sizes of its arrays do not fit; copy it again"
            )


def _axes(array: npt.NDArray[Any] | None) -> int | None:
    return None if array is None else array.ndim


def _floats(array: npt.NDArray[Any]) -> FloatArray:
    return np.asarray(array, dtype=np.float64)
