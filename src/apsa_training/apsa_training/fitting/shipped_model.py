"""Weights as they are shipped: network, refinement of camera skeletons, limits of each domain."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import load_file, save_file
from sklearn.linear_model import LogisticRegression

from apsa_perception.apsa.domain import CameraRecognition, Domain, proportions
from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.refinement import SkeletonRefinement
from apsa_perception.apsa.weights import ApsaModel, DomainLimits, ModelHeader, compared
from apsa_perception.biomechanics.view import View
from apsa_training.data.folds import FoldConfig
from apsa_training.data.window_set import Rows, WindowSet, joined, rows_of
from apsa_training.fitting.optimisation import in_batches, tensors
from apsa_training.fitting.refinement_fit import RefinementConfig, fit_refinement
from apsa_training.fitting.training_set import TrainingSet, combined_folds

_PASS = 0.9


@dataclass(frozen=True)
class QualityData:
    """Windows to learn quality from.

    Attributes:
        windows: of depth sensors, then of cameras; the latter refined by a network that was not
            fitted on the subject.
        fold: ``(N,)``.
        refinements: of each fold, fitted on the people of the others.
        view: ``(N,)`` of the camera onto the person, values of ``View``; unknown for a sensor.
    """

    windows: WindowSet
    fold: npt.NDArray[np.intp]
    refinements: tuple[SkeletonRefinement, ...]
    view: npt.NDArray[np.str_]


def quality_data(
    training: TrainingSet,
    folds: Mapping[str, FoldConfig],
    config: RefinementConfig,
    seed: int,
    folder: Path,
) -> QualityData:
    """Refine the drawings out of fold and join all windows.

    Args:
        training: recordings and drawings.
        folds: by data set.
        config: training of the refinement.
        seed: of its training.
        folder: where fitted refinements are kept.
    """
    fold_of_frame = combined_folds(training.frames.subject, folds)
    refinements, camera = [], []
    for k in range(int(fold_of_frame.max()) + 1):
        rows = np.flatnonzero(fold_of_frame != k)
        refinement = _kept(
            folder / f"refinement-{k}.safetensors",
            lambda rows=rows: fit_refinement(training.frames, rows, config, seed),  # type: ignore[misc]
        )
        refinements.append(refinement)
        seen = training.camera_windows(refinement)
        rows = np.flatnonzero(combined_folds(seen.subject, folds) == k)
        camera.append(rows_of(seen, rows))
    windows = _joined_again([training.sensor, *camera])
    fold = combined_folds(windows.subject, folds)
    names, by_camera = windows.recording.tolist(), windows.from_camera.tolist()
    view = [
        training.view_of[name] if is_seen else View.UNKNOWN
        for name, is_seen in zip(names, by_camera, strict=True)
    ]
    return QualityData(windows, fold, tuple(refinements), np.array(view))


def final_refinement(
    training: TrainingSet, config: RefinementConfig, seed: int, folder: Path
) -> SkeletonRefinement:
    """The refinement fitted on everybody."""
    rows = np.arange(len(training.frames.subject))
    return _kept(
        folder / "refinement-all.safetensors",
        lambda: fit_refinement(training.frames, rows, config, seed),
    )


def _kept(path: Path, fit: Callable[[], SkeletonRefinement]) -> SkeletonRefinement:
    if not path.is_file():
        partial = path.with_suffix(".partial")
        save_file(dict(fit().tensors), partial)
        partial.replace(path)
    return SkeletonRefinement(load_file(path))


def _joined_again(sets: list[WindowSet]) -> WindowSet:
    """Join sets whose subjects have the names of their data sets already."""
    names = np.concatenate([each.subject for each in sets])
    return replace(joined(sets), subject=names)


def fit_recognition(training: TrainingSet) -> tuple[CameraRecognition, float]:
    """Learn to tell cameras from depth sensors by proportions; return the accuracy, too."""
    measured = [
        [proportions(one.positions) for data in sets for one in data.sequences]
        for sets in (training.camera, training.recorded)
    ]
    is_camera = np.repeat([1, 0], [len(each) for each in measured])
    values = np.stack([*measured[0], *measured[1]])
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(values, is_camera)
    weights = tuple(float(each) for each in model.coef_[0])
    accuracy = float(model.score(values, is_camera))
    return CameraRecognition(weights, float(model.intercept_[0])), accuracy


def novelty_of(model: ApsaNetwork, data: WindowSet, rows: Rows) -> npt.NDArray[np.float32]:
    """``(len(rows), E)`` novelty of windows for each family."""
    windows, valid, _ = tensors(data)
    found = []
    with torch.no_grad():
        for pick in in_batches(rows):
            readings = model.readings(windows[pick])
            each = [
                model.novelty(readings, valid[pick], torch.full((len(pick),), index))
                for index in range(len(data.families))
            ]
            found.append(torch.stack(each, dim=1).numpy())
    return np.concatenate(found)


def least_novelty(
    novelty: npt.NDArray[np.float32], data: WindowSet, rows: Rows, alike: Sequence[Sequence[str]]
) -> npt.NDArray[np.float32]:
    """``(len(rows),)`` novelty of windows for the family that they are most like.

    Args:
        novelty: ``(len(rows), E)``.
        data: windows.
        rows: which of them.
        alike: groups of families that are not told apart.
    """
    own = compared(data.families, alike)[data.family[rows]]
    return np.asarray(np.where(own, novelty, np.inf).min(axis=1))


def domain_limits(
    model: ApsaNetwork,
    data: WindowSet,
    rows: Rows,
    slopes: Mapping[Domain, float],
    margin: float,
    judged: Mapping[Domain, Mapping[str, Collection[View]]],
    alike: Sequence[Sequence[str]],
) -> dict[Domain, DomainLimits]:
    """Limits of each domain from the correct repetitions among the rows.

    A family's likeness limit lets nine in ten of its correct repetitions pass.
    """
    novelty = novelty_of(model, data, rows)
    own = novelty[np.arange(len(rows)), data.family[rows]]
    correct, camera = data.correct[rows] == 1, data.from_camera[rows]
    least = least_novelty(novelty, data, rows, alike)
    limits = {}
    for domain, here in ((Domain.DEPTH_SENSOR, ~camera), (Domain.CAMERA, camera)):
        largest = [
            float(own[here & correct & (data.family[rows] == index)].max(initial=0.0))
            for index in range(len(data.families))
        ]
        likeness = [
            float(np.quantile((own / least)[here & correct & (data.family[rows] == index)], _PASS))
            if (here & correct & (data.family[rows] == index)).any()
            else 1.0
            for index in range(len(data.families))
        ]
        limits[domain] = DomainLimits(
            slopes[domain],
            tuple(margin * value for value in largest),
            tuple(likeness),
        ).judging(judged[domain])
    return limits


@dataclass(frozen=True)
class Naming:
    """What a header says beside the network: see ``ModelHeader``."""

    name: str
    version: str
    ignored: Mapping[str, tuple[str, ...]]
    alike: tuple[tuple[str, ...], ...]
    sources: Mapping[str, str]
    uncertain_band: float


def assembled(
    network: ApsaNetwork,
    refinement: SkeletonRefinement,
    recognition: CameraRecognition,
    data: WindowSet,
    limits: Mapping[Domain, DomainLimits],
    naming: Naming,
    training: dict[str, object],
) -> tuple[ApsaModel, ModelHeader]:
    """Put weights and header together."""
    header = ModelHeader(
        exercises=tuple(sorted({*data.exercises, *data.families})),
        families=data.families,
        network=network.config,
        recognition=recognition,
        limits=limits,
        training=training,
        **vars(naming),
    )
    return ApsaModel(network, refinement), header
