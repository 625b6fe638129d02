"""Recorded people who repeat an exercise, and everyday movements, for the recognition."""

from dataclasses import replace

import numpy as np

from apsa_perception.recognition.model import RecognitionModel
from apsa_training.augmentation.figure_movements import MOVEMENTS, frames_of
from apsa_training.data.assessment_frames import PERIOD_NS, Frames, held
from support.paths import ROOT
from support.samples import spread

MODEL = RecognitionModel.load(ROOT / "models" / "recognition.npz")
EVERYDAY = tuple(MOVEMENTS)
"""Names of the everyday movements."""


def repeated(exercise: str, count: int) -> Frames:
    """A correct repetition of a recorded person, several times with rest between."""
    (recording, *_) = (
        one
        for one in reversed(spread().sequences)
        if (one.exercise, one.correct, one.is_patient) == (exercise, 1, False)
    )
    own = held(recording, 0.6)
    frames: Frames = []
    for _ in range(count):
        shift = (frames[-1][0] if frames else 0) + PERIOD_NS - own[0][0]
        frames += [
            (stamp + shift, [replace(body, stamp_ns=stamp + shift)]) for stamp, (body,) in own
        ]
    return frames


def everyday(movement: str) -> Frames:
    """A take of an everyday movement."""
    generator = np.random.default_rng(3)
    return frames_of(MOVEMENTS[movement](generator), generator)
