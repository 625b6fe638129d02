"""Made-up people as labelled recordings."""

from dataclasses import replace
from typing import Any

import numpy as np

from apsa_perception.model.codes import Side
from apsa_training.data.sequences import MotionSequence
from support.figures import Frames


def recorded(frames: Frames, **labels: Any) -> MotionSequence:
    """A correct repetition of subject 1, a squat unless the labels say otherwise."""
    bodies = [people[0] for _, people in frames]
    stamps_s = np.array([body.stamp_ns for body in bodies]) * 1e-9
    recording = MotionSequence(
        name="made up",
        subject="1",
        family="squat",
        side=Side.BOTH,
        correct=1,
        is_patient=False,
        positions=np.stack([body.positions for body in bodies]),
        stamps_s=stamps_s - stamps_s[0],
        confidence=np.stack([body.confidence for body in bodies]),
        observed=np.stack([body.observed for body in bodies]),
    )
    return replace(recording, **labels)
