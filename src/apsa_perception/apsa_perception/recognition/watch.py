"""Recognises the exercise that a person does, from two repetitions."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from apsa_perception.apsa.domain import Domain
from apsa_perception.biomechanics.measures import take_measures
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import ExerciseSide, Side
from apsa_perception.model.skeleton import BoolArray, FloatArray, Skeleton
from apsa_perception.model.time import to_nanoseconds, to_seconds
from apsa_perception.recognition.leg_symmetry import ONE_LEGGED, legs_move_alike
from apsa_perception.recognition.model import Reading
from apsa_perception.repetition.primary_motion import PrimaryMotion
from apsa_perception.repetition.segment import Segment
from apsa_perception.repetition.segmenter import Segmenter

REPETITIONS = 2
"""Repetitions from which an exercise is recognised."""

MOST_NOVELTY = 2.5
"""Mean novelty of the repetitions up to which they are an exercise of the model."""

LEAST_PROBABILITY = 0.6
"""Of the family, in the mean of the repetitions."""

_MAX_PAUSE_S = 10.0
_NAN = float("nan")


@dataclass(frozen=True)
class Recognised:
    """An exercise that was recognised.

    Attributes:
        family: its family.
        exercise: name of the exercise of this family and side.
        likelihoods: mean log probability of each family.
        segments: the repetitions, the last one complete in this frame.
        domain: what the skeletons come from.
    """

    family: str
    exercise: str
    likelihoods: dict[str, float]
    segments: tuple[Segment, ...]
    domain: Domain


class RepetitionReader(Protocol):
    """What tells the exercise of a repetition, such as ``RecognitionModel``."""

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families, in the order of the likelihoods."""

    def read(
        self,
        positions: FloatArray,
        stamps_s: FloatArray,
        observed: BoolArray,
        up: FloatArray,
        domain: Domain,
    ) -> Reading | None:
        """Return what a repetition looks like; see ``RecognitionModel.read``."""


class _Counter:
    """Counts the repetitions of a movement that some exercises share."""

    def __init__(self, motion: PrimaryMotion, max_gap_s: float) -> None:
        self.motion = motion
        self.exercises: dict[str, str] = {}  # name by family
        self.segmenter = Segmenter(motion, max_gap_s)
        self.seen: deque[tuple[Segment, Reading]] = deque(maxlen=REPETITIONS)

    def add(self, segment: Segment, reading: Reading) -> None:
        """Add a repetition; one after a long pause or of another side is the first again."""
        if self.seen:
            last = self.seen[-1][0]
            paused = segment.start_ns - last.end_ns > to_nanoseconds(_MAX_PAUSE_S)
            if paused or segment.side is not last.side:
                self.seen.clear()
        self.seen.append((segment, reading))


class RecognitionWatch:
    """Watches one person for any exercise of the model, frame by frame.

    The movement of every exercise is counted; what a repetition looks like tells whether it was
    this exercise.

    Args:
        exercises: the exercises that may be recognised; those of other families are left out.
        model: the recogniser.
        max_gap_s: as of the ``Segmenter``.
    """

    def __init__(
        self, exercises: Iterable[ExerciseDefinition], model: RepetitionReader, max_gap_s: float
    ) -> None:
        self._model = model
        counters: dict[PrimaryMotion, _Counter] = {}
        for exercise in sorted(exercises, key=lambda each: each.side is not ExerciseSide.EITHER):
            if exercise.family in model.families and exercise.motion is not None:
                counter = counters.setdefault(exercise.motion, _Counter(exercise.motion, max_gap_s))
                counter.exercises.setdefault(exercise.family, exercise.name)
        self._counters = tuple(counters.values())
        self._measures = tuple(dict.fromkeys(one.motion.measure for one in self._counters))
        longest_s = max((one.motion.max_duration_s for one in self._counters), default=0.0)
        self._kept_ns = to_nanoseconds(longest_s + 1.0)
        self._frames: deque[tuple[Skeleton, Posture]] = deque()

    def reset(self) -> None:
        """Forget everything: another person, or a new start."""
        self._frames.clear()
        for counter in self._counters:
            counter.segmenter.reset()
            counter.seen.clear()

    def interrupt(self) -> None:
        """Drop the movement in progress: a part of it was not seen."""
        self._frames.clear()
        for counter in self._counters:
            counter.segmenter.interrupt()

    def update(self, skeleton: Skeleton, posture: Posture) -> Recognised | None:
        """Process a frame; return the exercise that its repetition reveals, if any."""
        stamp_ns = skeleton.stamp_ns
        self._frames.append((skeleton, posture))
        while self._frames[0][0].stamp_ns < stamp_ns - self._kept_ns:
            self._frames.popleft()
        values = {
            (one.name, one.side): one.value
            for one in take_measures(posture, self._measures)
            if not one.reason
        }
        found: list[Recognised] = []
        readings: dict[tuple[int, int], Reading | None] = {}
        for counter in self._counters:
            left, right = (
                values.get((counter.motion.measure, side), _NAN) for side in (Side.LEFT, Side.RIGHT)
            )
            segment = counter.segmenter.update(stamp_ns, left, right)
            if segment is None:
                continue
            span = (segment.start_ns, segment.end_ns)
            if span not in readings:
                readings[span] = self._read(segment)
            reading = readings[span]
            if reading is not None:
                counter.add(segment, reading)
                if (recognised := self._recognised(counter)) is not None:
                    found.append(recognised)
        if not found:
            return None
        best = max(found, key=lambda one: one.likelihoods[one.family]).family
        # Of several exercises of a family the first one: for either side, if there is such a one.
        return next(one for one in found if one.family == best)

    def _recognised(self, counter: _Counter) -> Recognised | None:
        if len(counter.seen) < REPETITIONS:
            return None
        if np.mean([reading.novelty for _, reading in counter.seen]) > MOST_NOVELTY:
            return None
        mean = np.mean([reading.likelihoods for _, reading in counter.seen], axis=0)
        mean = mean - np.log(np.exp(mean).sum())
        likelihoods = dict(zip(self._model.families, mean.tolist(), strict=True))
        family = max(likelihoods, key=lambda name: likelihoods[name])
        if family not in counter.exercises or likelihoods[family] < np.log(LEAST_PROBABILITY):
            return None
        segments = tuple(segment for segment, _ in counter.seen)
        if family in ONE_LEGGED and legs_move_alike(self._positions(segments[-1])):
            return None  # squats of people who were not trained on may look like lunges
        domain = _domain_of(self._frames[-1][0])
        return Recognised(family, counter.exercises[family], likelihoods, segments, domain)

    def _frames_of(self, segment: Segment) -> list[tuple[Skeleton, Posture]]:
        return [
            frame
            for frame in self._frames
            if segment.start_ns <= frame[0].stamp_ns <= segment.end_ns
        ]

    def _positions(self, segment: Segment) -> FloatArray:
        return np.stack([skeleton.positions for skeleton, _ in self._frames_of(segment)])

    def _read(self, segment: Segment) -> Reading | None:
        frames = self._frames_of(segment)
        if not frames:
            return None
        skeletons = [skeleton for skeleton, _ in frames]
        stamps_s = to_seconds(
            np.array([one.stamp_ns - skeletons[0].stamp_ns for one in skeletons], dtype=np.int64)
        )
        return self._model.read(
            np.stack([one.positions for one in skeletons]),
            stamps_s,
            np.stack([posture.seen for _, posture in frames]),
            frames[-1][1].up,
            _domain_of(skeletons[-1]),
        )


def _domain_of(skeleton: Skeleton) -> Domain:
    return Domain.CAMERA if skeleton.image_size != (0, 0) else Domain.DEPTH_SENSOR
