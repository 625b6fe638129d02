"""The common form of all data sets: labelled motion sequences."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from apsa_perception.apsa.sides import name_of
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import BoolArray, FloatArray

UNLABELLED = -1


@dataclass(frozen=True)
class MotionSequence:
    """One recording in the axes of its camera or sensor.

    Attributes:
        name: name of the source file.
        subject: the person, unique within the data set.
        family: name of the exercise without its side.
        side: the person's own moving side; ``Side.BOTH`` for two-sided exercises.
        correct: 1 correct, 0 incorrect, ``UNLABELLED`` without a label.
        is_patient: whether the person is a patient.
        positions: ``(T, 20, 3)`` metres, pelvis-relative, camera optical axes.
        stamps_s: ``(T,)`` seconds since the first frame, strictly increasing.
        confidence: ``(T, 20)`` 0..1.
        observed: ``(T, 20)``.
        scores: clinical scores by name; empty where the data set has none.
        faults: named faults that raters judged present or absent.
        seen_by: name of the pose model, if a camera saw it; empty: a depth sensor.
        pixels: ``(T, 20, 2)`` pixels, if a camera saw it.
        image_size: width and height of its picture in pixels.
        camera_pitch_deg: how far it looks down.
        as_coached: whether the coach decided where the repetition begins and ends.
    """

    name: str
    subject: str
    family: str
    side: Side
    correct: int
    is_patient: bool
    positions: FloatArray
    stamps_s: FloatArray
    confidence: FloatArray
    observed: BoolArray
    scores: dict[str, float] = field(default_factory=dict)
    faults: dict[str, bool] = field(default_factory=dict)
    seen_by: str = ""
    pixels: FloatArray | None = None
    image_size: tuple[int, int] = (0, 0)
    camera_pitch_deg: float = 0.0
    as_coached: bool = False

    @property
    def exercise(self) -> str:
        """Name of the exercise with its side, such as ``hurdle_step_left``."""
        return name_of(self.family, self.side)

    @property
    def up(self) -> FloatArray:
        """``(3,)`` world up in the axes of the recording."""
        pitch = np.radians(self.camera_pitch_deg)
        return np.array([0.0, -np.cos(pitch), -np.sin(pitch)])


@dataclass(frozen=True)
class MotionData:
    """A loaded data set and what was left out of it.

    Attributes:
        source: name of the data set: irds, kimore or ui_prmd.
        sequences: usable sequences.
        dropped: ``(name, reason)`` of the others.
    """

    source: str
    sequences: tuple[MotionSequence, ...]
    dropped: tuple[tuple[str, str], ...] = ()

    def summary(self) -> str:
        """Return a listing: counts, labels, subjects, and what was dropped with the reason."""
        people = sorted({sequence.subject for sequence in self.sequences})
        patients = {s.subject for s in self.sequences if s.is_patient}
        labels = Counter(sequence.correct for sequence in self.sequences)
        lines = [
            f"{self.source}: {len(self.sequences)} sequences, {len(people)} subjects "
            f"({len(patients)} patients), {labels[1]} correct, {labels[0]} incorrect, "
            f"{labels[UNLABELLED]} unlabelled",
            "  subjects: " + " ".join(people),
        ]
        exercises = Counter(sequence.exercise for sequence in self.sequences)
        lines += [f"  {name}: {count}" for name, count in sorted(exercises.items())]
        reasons = Counter(reason for _, reason in self.dropped)
        lines += [f"  dropped {count}: {reason}" for reason, count in sorted(reasons.items())]
        return "\n".join(lines)
