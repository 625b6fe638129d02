"""Recordings of several repetitions, segmented into one canonical window per repetition.

The coach's own repetition counter finds the repetitions; a recording without any is one window.
Windows hold neither duration nor frame rate: in KIMORE these separate patients from controls.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.sides import name_of
from apsa_perception.apsa.window import CanonicalWindow, canonical_window
from apsa_perception.assessment.offline import assess
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import DEFAULT_UP
from apsa_training.data.assessment_frames import concatenated
from apsa_training.data.cache import code_mark
from apsa_training.data.sequences import MotionData, MotionSequence
from apsa_training.data.window_set import USABLE_CONFIDENCE, WindowSet

_MIN_FRAMES = 8
Repetition = tuple[int, int, int]
"""Moving side (value of ``Side``), first frame, frame after the last."""


@dataclass(frozen=True)
class SegmentedRecordings:
    """Recordings and the windows of their repetitions.

    Attributes:
        sequences: R recordings.
        windows: N windows; ``correct`` is 1 for controls, whose repetitions are the reference,
            and 0 for patients.
        recording: ``(N,)`` index of the recording.
    """

    sequences: tuple[MotionSequence, ...]
    windows: WindowSet
    recording: npt.NDArray[np.intp]

    @property
    def two_sided(self) -> npt.NDArray[np.bool_]:
        """``(N,)`` whether both sides move, so that the mirror image has the same labels."""
        both: npt.NDArray[np.bool_] = self.windows.side == Side.BOTH
        return both


def segment(
    data: MotionData, library: ExerciseLibrary, work: Path | None = None
) -> SegmentedRecordings:
    """Segment every recording into the windows of its repetitions.

    Args:
        data: recordings.
        library: exercise definitions, which define a repetition.
        work: cache folder for the repetitions found; None: no cache.
    """
    windows: list[CanonicalWindow] = []
    recording: list[int] = []
    labels: list[tuple[str, Side]] = []
    for index, found in enumerate(_cached_repetitions(data, library, work)):
        sequence = data.sequences[index]
        for value, start, stop in found:
            side = Side(value)
            label = name_of(sequence.family, side)
            windows.append(_window(sequence, label, slice(start, stop)))
            recording.append(index)
            labels.append((sequence.family, side))
    of = [data.sequences[index] for index in recording]
    families = tuple(sorted({family for family, _ in labels}))
    exercise = [name_of(*label) for label in labels]
    return SegmentedRecordings(
        sequences=data.sequences,
        windows=WindowSet(
            source=data.source,
            windows=np.stack([w.positions for w in windows]).astype(np.float32),
            joint_valid=np.stack([w.joint_valid for w in windows]).astype(np.float32),
            family=np.array([families.index(family) for family, _ in labels]),
            side=np.array([int(side) for _, side in labels]),
            correct=np.array([int(not s.is_patient) for s in of]),
            subject=np.array([s.subject for s in of]),
            recording=np.array([s.name for s in of]),
            is_patient=np.array([s.is_patient for s in of]),
            families=families,
            exercises=tuple(sorted(set(exercise))),
            exercise=np.array(exercise),
            from_camera=np.array([bool(s.seen_by) for s in of]),
            as_coached=np.full(len(of), True),
            dropped=data.dropped,
        ),
        recording=np.array(recording),
    )


def _cached_repetitions(
    data: MotionData, library: ExerciseLibrary, work: Path | None
) -> list[list[Repetition]]:
    if work is None:
        return [_repetitions(sequence, library) for sequence in data.sequences]
    path = work / f"{data.source}-repetitions-{_mark(data, library)}.json"
    if not path.is_file():
        found = [_repetitions(sequence, library) for sequence in data.sequences]
        work.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(json.dumps(found), encoding="utf-8")
        partial.replace(path)
    cached: list[list[Repetition]] = json.loads(path.read_text(encoding="utf-8"))
    return cached


def _mark(data: MotionData, library: ExerciseLibrary) -> str:
    """Twelve characters that change with the recordings, the exercises and the counting code."""
    used = [asdict(library.get(name)) for name in sorted({s.exercise for s in data.sequences})]
    size = [(s.name, len(s.positions)) for s in data.sequences]
    text = json.dumps([used, size, code_mark(__name__)], default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    """JSON form; the iteration order of a set differs from run to run."""
    return sorted(map(str, value)) if isinstance(value, frozenset) else str(value)


def _repetitions(sequence: MotionSequence, library: ExerciseLibrary) -> list[Repetition]:
    frames = concatenated([sequence])
    stamps = np.array([stamp for stamp, _ in frames])
    found: list[Repetition] = []
    for one in assess(frames, sequence.exercise, library).repetitions:
        start, stop = np.searchsorted(stamps, [one.start_ns, one.end_ns + 1]).tolist()
        if stop - start >= _MIN_FRAMES:
            side = one.side if sequence.side is Side.BOTH else sequence.side
            found.append((int(side), start, stop))
    return found or [(int(sequence.side), 0, len(stamps))]


def _window(sequence: MotionSequence, exercise: str, rows: slice) -> CanonicalWindow:
    return canonical_window(
        sequence.positions[rows],
        sequence.stamps_s[rows],
        sequence.confidence[rows] >= USABLE_CONFIDENCE,
        exercise,
        DEFAULT_UP,
    )
