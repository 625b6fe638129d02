"""Recorded motion as frames for the assessment."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.view import View
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
        stamps = [start_ns + to_nanoseconds(since_s) for since_s in one.stamps_s]
        frames += [(stamp, [_body(one, row, stamp)]) for row, stamp in enumerate(stamps)]
        start_ns = frames[-1][0] + PERIOD_NS
    return frames


def held(one: MotionSequence, seconds: float) -> Frames:
    """A recording whose first and last posture are held for some seconds."""
    count = max(1, round(to_nanoseconds(seconds) / PERIOD_NS))
    begin = PERIOD_NS * (count + 1)
    end = begin + to_nanoseconds(float(one.stamps_s[-1]))
    rows = [
        *((begin - PERIOD_NS * step, 0) for step in range(count, 0, -1)),
        *((begin + to_nanoseconds(s), row) for row, s in enumerate(one.stamps_s)),
        *((end + PERIOD_NS * step, -1) for step in range(1, count + 1)),
    ]
    return [(stamp, [_body(one, row, stamp)]) for stamp, row in rows]


def main_view(one: MotionSequence) -> View:
    """Return the view of the camera in most frames of a recording, as the coach sees it."""
    settings = AssessmentSettings(camera_pitch_deg=one.camera_pitch_deg)
    postures = PostureTracker(settings)
    views = Counter(postures.posture(body).view for _, (body,) in held(one, 0.0))
    return views.most_common(1)[0][0]


def _body(one: MotionSequence, row: int, stamp: int) -> Skeleton:
    return Skeleton(
        stamp_ns=stamp,
        body_id=1,
        positions=one.positions[row],
        pixels=_NO_PIXELS if one.pixels is None else one.pixels[row],
        confidence=one.confidence[row],
        observed=one.observed[row],
        image_size=one.image_size,
        source=one.seen_by,
    )


def by_subject(sequences: Sequence[MotionSequence]) -> dict[tuple[str, str], list[MotionSequence]]:
    """Group the sequences by subject and exercise; the order within a group is kept."""
    ordered = sorted(sequences, key=lambda one: (one.subject, one.exercise))
    groups = groupby(ordered, key=lambda one: (one.subject, one.exercise))
    return {key: list(group) for key, group in groups}
