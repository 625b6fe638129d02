"""Out-of-fold predictions of the quality network from the cache of the cross-validation."""

from pathlib import Path

import numpy as np

from apsa_perception.model.skeleton import FloatArray
from apsa_training.config.configurations import NetworkTraining
from apsa_training.data.folds import folds_of
from apsa_training.data.sequences import MotionData, MotionSequence
from apsa_training.data.window_set import prepare
from apsa_training.evaluation.cross_predictions import NETWORK, networks, predictions_folder
from apsa_training.evaluation.metrics import IntArray
from apsa_training.fitting.calibration import cross_calibrated


def out_of_fold_errors(
    data: MotionData, config: NetworkTraining, work: Path
) -> tuple[list[MotionSequence], FloatArray, IntArray]:
    """Labelled repetitions, out-of-fold P(incorrect) of each, and its fold.

    Args:
        data: data set with labels.
        config: configuration of the cross-validation.
        work: its cache folder.

    Raises:
        ValueError: there are no predictions in the cache, or they are of other repetitions.
    """
    windows = prepare(data)
    folder = predictions_folder(work, windows)
    stem = networks(windows, config)[NETWORK].stem
    fold = folds_of(windows.subject, config.folds)
    score = np.full(len(windows), np.nan)
    for k in np.unique(fold):
        path = folder / f"{stem}-{k}.npy"
        if not path.is_file():
            raise ValueError(f"{path} not found; run python -m apsa_training.crossval first")
        score[fold == k] = np.load(path)
    labelled = [one for one in data.sequences if one.correct >= 0]
    if len(score) != len(labelled):
        raise ValueError(
            f"the cross-validation has {len(score)} predictions; expected {len(labelled)}"
        )
    return labelled, 1.0 - cross_calibrated(score, windows.correct, fold), fold
