"""Recordings of a whole exercise cut into canonical windows, one a repetition.

The repetitions are those that the coach itself counts. A recording in which it counts none is one
window. Neither duration nor frame rate reach the windows: in KIMORE they tell the groups apart.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.window import CanonicalWindow, canonical_window, family
from apsa_perception.codes import Side
from apsa_perception.evaluation.runs import assess, one_after_the_other
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.skeleton.types import DEFAULT_UP
from apsa_perception.training.prepare import USABLE_CONFIDENCE, WindowSet
from apsa_perception.training.sequences import MotionData, MotionSequence

_SUFFIX = {Side.LEFT: "_left", Side.RIGHT: "_right", Side.BOTH: ""}
_MIN_FRAMES = 8


@dataclass(frozen=True)
class Recordings:
    """Recordings and the windows of their repetitions.

    Attributes:
        sequences: R recordings.
        windows: N windows; ``correct`` is 1 for people who are no patients, whose repetitions are
            the reference, else 0.
        recording: ``(N,)`` index of the recording.
        two_sided: ``(N,)`` whether both sides move, so that the mirror image means the same.
    """

    sequences: tuple[MotionSequence, ...]
    windows: WindowSet
    recording: npt.NDArray[np.intp]
    two_sided: npt.NDArray[np.bool_]


def cut(data: MotionData, library: ExerciseLibrary) -> Recordings:
    """Cut every recording into the windows of its repetitions."""
    windows: list[CanonicalWindow] = []
    recording: list[int] = []
    exercises: list[str] = []
    for index, sequence in enumerate(data.sequences):
        for exercise, window in _repetitions(sequence, library):
            windows.append(window)
            recording.append(index)
            exercises.append(exercise)
    of = [data.sequences[index] for index in recording]
    families = tuple(sorted({family(exercise) for exercise in exercises}))
    return Recordings(
        sequences=data.sequences,
        windows=WindowSet(
            windows=np.stack([w.positions for w in windows]).astype(np.float32),
            joint_valid=np.stack([w.joint_valid for w in windows]).astype(np.float32),
            family=np.array([families.index(family(exercise)) for exercise in exercises]),
            correct=np.array([int(not s.is_patient) for s in of]),
            subject=np.array([s.subject for s in of]),
            is_patient=np.array([s.is_patient for s in of]),
            families=families,
            exercises=tuple(sorted(set(exercises))),
            exercise=np.array(exercises),
            dropped=data.dropped,
        ),
        recording=np.array(recording),
        two_sided=np.array([family(exercise) == exercise for exercise in exercises]),
    )


def _repetitions(
    sequence: MotionSequence, library: ExerciseLibrary
) -> list[tuple[str, CanonicalWindow]]:
    """Exercise with its side, and window, of each repetition."""
    frames = one_after_the_other([sequence])
    stamps = np.array([stamp for stamp, _ in frames])
    found = []
    for one in assess(frames, sequence.exercise, library).repetitions:
        rows = np.flatnonzero((stamps >= one.start_ns) & (stamps <= one.end_ns))
        if len(rows) >= _MIN_FRAMES:
            found.append((sequence.exercise + _SUFFIX[one.side], rows))
    found = found or [(sequence.exercise, np.arange(len(stamps)))]
    return [(exercise, _window(sequence, exercise, rows)) for exercise, rows in found]


def _window(sequence: MotionSequence, exercise: str, rows: npt.NDArray[np.intp]) -> CanonicalWindow:
    return canonical_window(
        sequence.positions[rows],
        sequence.stamps_s[rows],
        sequence.confidence[rows] >= USABLE_CONFIDENCE,
        exercise,
        DEFAULT_UP,
    )
