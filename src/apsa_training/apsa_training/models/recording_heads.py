"""The heads of the network on whole recordings: scores, named faults, exercise.

The prediction for a recording is the mean over its repetitions.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.segmented_recordings import SegmentedRecordings
from apsa_training.data.sequences import MotionSequence
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.models.heads import HeadConfig
from apsa_training.models.multi_task import (
    HEADS,
    Targets,
    TaskConfig,
    fit_heads,
    predict_heads,
    unknown_targets,
    with_neutral_copies,
)

SCORE = "cTS"
FAULTS = (
    "too_shallow",
    "knees_too_close",
    "torso_incorrect",
    "feet_too_close",
    "knees_too_far_forward",
    "balance_wobbly",
)
"""Squat faults with enough subjects in both classes."""


@dataclass(frozen=True)
class _Tasks:
    """Windows of recordings, each with a neutral copy; see ``with_neutral_copies``.

    ``recording``, ``neutral`` and ``two_sided`` are ``(N,)``.
    """

    data: WindowSet
    recording: npt.NDArray[np.intp]
    neutral: npt.NDArray[np.bool_]
    two_sided: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RecordingPredictions:
    """For R recordings: scores in points ``(R,)``, P(fault) ``(R, F)``, exercise ``(R,)``."""

    score: FloatArray
    faults: FloatArray
    exercise: npt.NDArray[np.intp]


def _tasks_of(recordings: SegmentedRecordings) -> _Tasks:
    data, neutral = with_neutral_copies(recordings.windows)
    return _Tasks(
        data=data,
        recording=np.tile(recordings.recording, 2),
        neutral=neutral,
        two_sided=np.concatenate([recordings.two_sided, np.ones_like(recordings.two_sided)]),
    )


def score_of(sequence: MotionSequence) -> float:
    """Clinical total score in points; NaN where missing."""
    return sequence.scores.get(SCORE, float("nan"))


def predict_recordings(
    recordings: SegmentedRecordings,
    learn: Rows,
    test: Rows,
    network: NetworkConfig,
    config: TaskConfig,
    seed: int,
    heads: tuple[str, ...] = HEADS,
) -> RecordingPredictions:
    """Train the heads on some recordings and predict others.

    Args:
        recordings: all recordings.
        learn: training recordings.
        test: recordings to predict.
        network: shape of the network; its number of families is set here.
        config: training settings.
        seed: of the training.
        heads: heads to train; predictions of the others are meaningless.
    """
    tasks = _tasks_of(recordings)
    score = np.array([score_of(s) for s in recordings.sequences])
    names = recordings.windows.families
    exercise = np.array([names.index(s.family) for s in recordings.sequences])
    centre, spread = np.zeros(len(names)), np.ones(len(names))
    for index in np.unique(exercise[learn]):
        known = score[learn][(exercise[learn] == index) & np.isfinite(score[learn])]
        centre[index], spread[index] = known.mean(), known.std()
    standard = (score - centre[exercise]) / spread[exercise]
    targets = _targets(recordings, tasks, standard, exercise).only(heads)
    rows = np.flatnonzero(np.isin(tasks.recording, learn))
    network = replace(network, families=len(tasks.data.families))
    shape = HeadConfig(errors=len(FAULTS), scores=1, exercises=len(names))
    model = fit_heads(tasks.data, targets, tasks.two_sided, rows, network, shape, config, seed)
    selected = np.flatnonzero(np.isin(tasks.recording, test))
    found = predict_heads(model, tasks.data, selected)

    def mean(values: FloatArray, neutral: bool) -> FloatArray:
        kind = tasks.neutral[selected] == neutral
        of = [values[kind & (tasks.recording[selected] == one)] for one in test]
        return np.stack([own.mean(axis=0) for own in of])

    return RecordingPredictions(
        score=mean(found["scores"], False)[:, 0] * spread[exercise[test]] + centre[exercise[test]],
        faults=1.0 / (1.0 + np.exp(-mean(found["errors"], False))),
        exercise=mean(found["exercise"], True).argmax(axis=1),
    )


def _targets(
    recordings: SegmentedRecordings,
    tasks: _Tasks,
    score: FloatArray,
    exercise: npt.NDArray[np.intp],
) -> Targets:
    faults = np.array(
        [[s.faults.get(fault, np.nan) for fault in FAULTS] for s in recordings.sequences], float
    )
    blank = unknown_targets(len(tasks.data), len(FAULTS), 1)
    scores, errors, which = blank.scores, blank.errors, blank.exercise
    own, neutral = ~tasks.neutral, tasks.neutral
    scores[own, 0] = score[tasks.recording[own]]
    errors[own] = faults[tasks.recording[own]]
    which[neutral] = exercise[tasks.recording[neutral]]
    return replace(blank, scores=scores, errors=errors, exercise=which)
