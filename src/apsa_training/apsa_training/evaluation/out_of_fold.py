"""What the network says of people it never saw, as the cross-validation left it."""

from pathlib import Path

import numpy as np

from apsa_perception.model.skeleton import FloatArray
from apsa_training.calibration import cross_calibrated
from apsa_training.cross_predictions import NETWORK, answers_folder, folds_of, networks
from apsa_training.metrics import IntArray
from apsa_training.prepare import prepare
from apsa_training.sequences import MotionData, MotionSequence


def network_opinions(
    data: MotionData, runs: Path
) -> tuple[list[MotionSequence], FloatArray, IntArray]:
    """The labelled repetitions, P(incorrect) of each, and its fold.

    Args:
        data: a data set with labels.
        runs: work folder of ``apsa_training.crossval``, with its answers.

    Raises:
        ValueError: the answers are not there, or those of other repetitions.
    """
    windows = prepare(data)
    folder = answers_folder(runs, windows)
    stem = networks(windows)[NETWORK].stem
    fold = folds_of(windows)
    score = np.full(len(windows), np.nan)
    for k in np.unique(fold):
        path = folder / f"{stem}-{k}.npy"
        if not path.is_file():
            raise ValueError(f"there is no {path}; run python -m apsa_training.crossval first")
        score[fold == k] = np.load(path)
    labelled = [one for one in data.sequences if one.correct >= 0]
    if len(score) != len(labelled):
        raise ValueError("the answers of the cross-validation are those of other repetitions")
    return labelled, 1.0 - cross_calibrated(score, windows.correct, fold), fold
