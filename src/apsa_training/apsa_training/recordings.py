"""Recordings of a whole exercise cut into canonical windows, one a repetition.

The repetitions are those that the coach itself counts. A recording in which it counts none is one
window. Neither duration nor frame rate reach the windows: in KIMORE they tell the groups apart.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.sides import family, name_of
from apsa_perception.apsa.window import CanonicalWindow, canonical_window
from apsa_perception.assessment.offline import assess
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.skeleton import DEFAULT_UP
from apsa_training.cache import code_mark
from apsa_training.evaluation.runs import one_after_the_other
from apsa_training.prepare import USABLE_CONFIDENCE, WindowSet
from apsa_training.sequences import MotionData, MotionSequence

_MIN_FRAMES = 8
Repetition = tuple[str, int, int]
"""Exercise with its side, first frame, end."""


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


def cut(data: MotionData, library: ExerciseLibrary, work: Path | None = None) -> Recordings:
    """Cut every recording into the windows of its repetitions.

    Args:
        data: recordings.
        library: the exercises, which say what a repetition is.
        work: folder where the repetitions found are kept for the next run.
    """
    windows: list[CanonicalWindow] = []
    recording: list[int] = []
    exercises: list[str] = []
    for index, found in enumerate(_kept_repetitions(data, library, work)):
        for exercise, start, stop in found:
            windows.append(_window(data.sequences[index], exercise, slice(start, stop)))
            recording.append(index)
            exercises.append(exercise)
    of = [data.sequences[index] for index in recording]
    families = tuple(sorted({family(exercise) for exercise in exercises}))
    return Recordings(
        sequences=data.sequences,
        windows=WindowSet(
            source=data.source,
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


def _kept_repetitions(
    data: MotionData, library: ExerciseLibrary, work: Path | None
) -> list[list[Repetition]]:
    if work is None:
        return [_repetitions(sequence, library) for sequence in data.sequences]
    path = work / f"{data.source}-repetitions-{_mark(data, library)}.json"
    if not path.is_file():
        found = [_repetitions(sequence, library) for sequence in data.sequences]
        work.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".partial")
        unfinished.write_text(json.dumps(found), encoding="utf-8")
        unfinished.replace(path)
    kept: list[list[Repetition]] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _mark(data: MotionData, library: ExerciseLibrary) -> str:
    """Twelve characters that change with the recordings, the exercises and the code that counts."""
    used = [asdict(library.get(name)) for name in sorted({s.exercise for s in data.sequences})]
    size = [(s.name, len(s.positions)) for s in data.sequences]
    # The order of a set is another in every run.
    text = json.dumps([used, size, code_mark(__name__)], default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, frozenset) else str(value)


def _repetitions(sequence: MotionSequence, library: ExerciseLibrary) -> list[Repetition]:
    """Exercise with its side, first frame and end of each repetition."""
    frames = one_after_the_other([sequence])
    stamps = np.array([stamp for stamp, _ in frames])
    found: list[Repetition] = []
    for one in assess(frames, sequence.exercise, library).repetitions:
        start, stop = np.searchsorted(stamps, [one.start_ns, one.end_ns + 1]).tolist()
        if stop - start >= _MIN_FRAMES:
            found.append((name_of(sequence.exercise, one.side), start, stop))
    return found or [(sequence.exercise, 0, len(stamps))]


def _window(sequence: MotionSequence, exercise: str, rows: slice) -> CanonicalWindow:
    return canonical_window(
        sequence.positions[rows],
        sequence.stamps_s[rows],
        sequence.confidence[rows] >= USABLE_CONFIDENCE,
        exercise,
        DEFAULT_UP,
    )
