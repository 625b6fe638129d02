"""The heads of the network on recordings: scores, named errors, and which exercise it is.

A recording is judged by the mean answer over its repetitions.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.network import NetworkConfig
from apsa_perception.apsa.sides import family
from apsa_perception.model.skeleton import FloatArray
from apsa_training.fit import Rows
from apsa_training.heads import HeadConfig
from apsa_training.prepare import WindowSet
from apsa_training.recipe import SEED
from apsa_training.recordings import Recordings
from apsa_training.sequences import MotionSequence
from apsa_training.tasks import (
    HEADS,
    Targets,
    TaskConfig,
    answer_heads,
    doubled,
    fit_heads,
    unknown,
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
"""Squat faults that enough people have and enough have not."""


@dataclass(frozen=True)
class Tasks:
    """Windows twice: under their exercise, and under any exercise for the exercise head.

    ``recording`` is ``(N,)``; ``neutral`` ``(N,)`` is True for the second kind.
    """

    data: WindowSet
    recording: npt.NDArray[np.intp]
    neutral: npt.NDArray[np.bool_]
    two_sided: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class HeadAnswers:
    """For R recordings: scores in points ``(R,)``, P(fault) ``(R, F)``, exercise ``(R,)``."""

    score: FloatArray
    faults: FloatArray
    exercise: npt.NDArray[np.intp]


def tasks_of(recordings: Recordings) -> Tasks:
    """Every window of the recordings twice, see ``doubled``."""
    data, neutral = doubled(recordings.windows)
    return Tasks(
        data=data,
        recording=np.tile(recordings.recording, 2),
        neutral=neutral,
        two_sided=np.concatenate([recordings.two_sided, np.ones_like(recordings.two_sided)]),
    )


def score_of(sequence: MotionSequence) -> float:
    """Clinical total score, NaN where missing."""
    return sequence.scores.get(SCORE, float("nan"))


def answer_recordings(
    recordings: Recordings,
    learn: Rows,
    test: Rows,
    heads: tuple[str, ...] = HEADS,
    config: TaskConfig | None = None,
) -> HeadAnswers:
    """Train the heads on some recordings and answer others.

    Args:
        recordings: all of them.
        learn: recordings to learn from.
        test: recordings to answer.
        heads: which heads to train; the answers of the others mean nothing.
        config: how to train.
    """
    tasks = tasks_of(recordings)
    score = np.array([score_of(s) for s in recordings.sequences])
    names = recordings.windows.families
    exercise = np.array([names.index(family(s.exercise)) for s in recordings.sequences])
    centre, spread = np.zeros(len(names)), np.ones(len(names))
    for index in np.unique(exercise[learn]):
        known = score[learn][(exercise[learn] == index) & np.isfinite(score[learn])]
        centre[index], spread[index] = known.mean(), known.std()
    standard = (score - centre[exercise]) / spread[exercise]
    targets = _targets(recordings, tasks, standard, exercise).only(heads)
    rows = np.flatnonzero(np.isin(tasks.recording, learn))
    network = NetworkConfig(families=len(tasks.data.families), posture=True)
    shape = HeadConfig(errors=len(FAULTS), scores=1, exercises=len(names))
    training = config or TaskConfig()
    model = fit_heads(tasks.data, targets, tasks.two_sided, rows, network, shape, training, SEED)
    asked = np.flatnonzero(np.isin(tasks.recording, test))
    found = answer_heads(model, tasks.data, asked)

    def mean(values: FloatArray, neutral: bool) -> FloatArray:
        kind = tasks.neutral[asked] == neutral
        of = [values[kind & (tasks.recording[asked] == one)] for one in test]
        return np.stack([own.mean(axis=0) for own in of])

    return HeadAnswers(
        score=mean(found["scores"], False)[:, 0] * spread[exercise[test]] + centre[exercise[test]],
        faults=1.0 / (1.0 + np.exp(-mean(found["errors"], False))),
        exercise=mean(found["exercise"], True).argmax(axis=1),
    )


def _targets(
    recordings: Recordings, tasks: Tasks, score: FloatArray, exercise: npt.NDArray[np.intp]
) -> Targets:
    faults = np.array(
        [[s.faults.get(fault, np.nan) for fault in FAULTS] for s in recordings.sequences], float
    )
    blank = unknown(len(tasks.data), len(FAULTS), 1)
    scores, errors, which = blank.scores, blank.errors, blank.exercise
    judged, neutral = ~tasks.neutral, tasks.neutral
    scores[judged, 0] = score[tasks.recording[judged]]
    errors[judged] = faults[tasks.recording[judged]]
    which[neutral] = exercise[tasks.recording[neutral]]
    return replace(blank, scores=scores, errors=errors, exercise=which)
