"""The common form of every data set: one labelled motion sequence."""

from collections import Counter
from dataclasses import dataclass, field

from apsa_perception.apsa.sides import family
from apsa_perception.model.skeleton import BoolArray, FloatArray

UNLABELLED = -1


@dataclass(frozen=True)
class MotionSequence:
    """One recording, in the axes of a level camera.

    Attributes:
        name: name of the source file.
        subject: the person, unique within the data set.
        exercise: exercise name; for one-sided exercises it ends in the person's own moving side.
        correct: 1 correct, 0 incorrect, ``UNLABELLED`` where the set does not say.
        is_patient: whether the person is a patient.
        positions: ``(T, 20, 3)`` metres, pelvis-relative, camera optical axes.
        stamps_s: ``(T,)`` seconds from the first frame, rising.
        confidence: ``(T, 20)`` 0..1.
        observed: ``(T, 20)``.
        scores: clinical scores by name, absent where the set has none.
        faults: named yes/no faults judged for this recording.
    """

    name: str
    subject: str
    exercise: str
    correct: int
    is_patient: bool
    positions: FloatArray
    stamps_s: FloatArray
    confidence: FloatArray
    observed: BoolArray
    scores: dict[str, float] = field(default_factory=dict)
    faults: dict[str, bool] = field(default_factory=dict)

    @property
    def movement(self) -> str:
        """The exercise without its side: ``hurdle_step`` for ``hurdle_step_left``."""
        return family(self.exercise)


@dataclass(frozen=True)
class MotionData:
    """A loaded data set and what was left out of it, with the reason.

    Attributes:
        source: name of the data set: irds, kimore or ui_prmd.
        sequences: what can be used.
        dropped: ``(name, reason)`` of everything else.
    """

    source: str
    sequences: tuple[MotionSequence, ...]
    dropped: tuple[tuple[str, str], ...] = ()

    def summary(self) -> str:
        """Return a listing for people: counts, labels, subjects, what was dropped and why."""
        people = sorted({sequence.subject for sequence in self.sequences})
        patients = {s.subject for s in self.sequences if s.is_patient}
        labels = Counter(sequence.correct for sequence in self.sequences)
        lines = [
            f"{self.source}: {len(self.sequences)} sequences, {len(people)} subjects "
            f"({len(patients)} patients), {labels[1]} correct, {labels[0]} incorrect, "
            f"{labels[UNLABELLED]} without that label",
            "  subjects: " + " ".join(people),
        ]
        exercises = Counter(sequence.exercise for sequence in self.sequences)
        lines += [f"  {name}: {count}" for name, count in sorted(exercises.items())]
        reasons = Counter(reason for _, reason in self.dropped)
        lines += [f"  dropped {count}: {reason}" for reason, count in sorted(reasons.items())]
        return "\n".join(lines)
