"""Recorded motion as frames for the assessment."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import to_nanoseconds
from apsa_training.data.sequences import MotionSequence

Frames = list[tuple[int, list[Skeleton]]]

PERIOD_NS = 40_000_000
_NO_PIXELS = np.full((JOINT_COUNT, 2), np.nan)


def concatenated(sequences: Sequence[MotionSequence]) -> Frames:
    """Concatenate recordings of single repetitions, as if one person did them in a row."""
    frames: Frames = []
    start_ns = PERIOD_NS
    for one in sequences:
        for i, since_s in enumerate(one.stamps_s):
            stamp = start_ns + to_nanoseconds(since_s)
            body = Skeleton(
                stamp, 1, one.positions[i], _NO_PIXELS, one.confidence[i], one.observed[i]
            )
            frames.append((stamp, [body]))
        start_ns = frames[-1][0] + PERIOD_NS
    return frames


def by_subject(sequences: Sequence[MotionSequence]) -> dict[tuple[str, str], list[MotionSequence]]:
    """Group the sequences by subject and exercise; the order within a group is kept."""
    ordered = sorted(sequences, key=lambda one: (one.subject, one.exercise))
    groups = groupby(ordered, key=lambda one: (one.subject, one.exercise))
    return {key: list(group) for key, group in groups}
