"""Labelled sequences as arrays of canonical windows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.window import canonical_window
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_training.data.sequences import UNLABELLED, MotionData, MotionSequence

Rows = npt.NDArray[np.intp]
"""Indices of windows or recordings."""
USABLE_CONFIDENCE = 0.5
"""Confidence of a joint that a depth camera only inferred; its position is still usable."""
_ARRAYS = (
    "windows", "joint_valid", "family", "side", "correct", "subject", "recording", "is_patient",
    "exercise", "from_camera", "as_coached",
)  # fmt: skip
NOT_TRAINED = "exercise the model was not trained on"


@dataclass(frozen=True)
class WindowSet:
    """Canonical windows of a data set with their labels.

    Attributes:
        source: name of the data set.
        windows: ``(N, PHASES, 20, 3)`` float32 canonical.
        joint_valid: ``(N, 20)`` float32, 1 usable.
        family: ``(N,)`` index into ``families``.
        side: ``(N,)`` moving side, values of ``Side``.
        correct: ``(N,)`` 1, 0 or ``UNLABELLED``.
        subject: ``(N,)`` names of the subjects.
        recording: ``(N,)`` names of the recordings; a drawing has the name of what it was drawn
            from.
        is_patient: ``(N,)``.
        families: exercise names without their side.
        exercises: all exercise names in the data, with their side.
        exercise: ``(N,)`` exercise name of each window.
        from_camera: ``(N,)`` whether a camera saw it.
        as_coached: ``(N,)`` whether the coach decided where it begins and ends.
        dropped: ``(name, reason)`` of sequences without a window.
    """

    source: str
    windows: npt.NDArray[np.float32]
    joint_valid: npt.NDArray[np.float32]
    family: npt.NDArray[np.intp]
    side: npt.NDArray[np.intp]
    correct: npt.NDArray[np.intp]
    subject: npt.NDArray[np.str_]
    recording: npt.NDArray[np.str_]
    is_patient: npt.NDArray[np.bool_]
    families: tuple[str, ...]
    exercises: tuple[str, ...]
    exercise: npt.NDArray[np.str_]
    from_camera: npt.NDArray[np.bool_]
    as_coached: npt.NDArray[np.bool_]
    dropped: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.windows)

    @property
    def one_sided(self) -> npt.NDArray[np.bool_]:
        """``(E,)`` whether each family has a moving side."""
        sided = self.family[self.side != Side.BOTH]
        return np.isin(np.arange(len(self.families)), sided)


def prepare(data: MotionData, families: tuple[str, ...] | None = None) -> WindowSet:
    """Compute the canonical window of every labelled sequence.

    Args:
        data: loaded sequences; unlabelled ones are left out.
        families: families of a trained model, in its order; sequences of other families are
            dropped. Default: all families in alphabetical order.

    Raises:
        ValueError: no sequence can be used.
    """
    labelled = [s for s in data.sequences if s.correct != UNLABELLED]
    if not labelled:
        raise ValueError(f"{data.source} has no sequence labelled correct or incorrect")
    order = families or tuple(sorted({s.family for s in labelled}))
    kept: list[MotionSequence] = []
    windows, valid = [], []
    dropped = list(data.dropped)
    for sequence in labelled:
        if sequence.family not in order:
            dropped.append((sequence.name, NOT_TRAINED))
            continue
        try:
            window = canonical_window(
                sequence.positions,
                sequence.stamps_s,
                sequence.confidence >= USABLE_CONFIDENCE,
                sequence.exercise,
                sequence.up,
            )
        except ValueError as error:
            dropped.append((sequence.name, str(error)))
            continue
        kept.append(sequence)
        windows.append(window.positions.astype(np.float32))
        valid.append(window.joint_valid.astype(np.float32))
    if not kept:
        found = ", ".join(sorted({s.family for s in labelled}))
        raise ValueError(
            f"no sequence of {data.source} can be used: its exercises are {found}; "
            f"expected one of {', '.join(order)}"
        )
    return WindowSet(
        source=data.source,
        windows=np.stack(windows),
        joint_valid=np.stack(valid),
        family=np.array([order.index(s.family) for s in kept]),
        side=np.array([int(s.side) for s in kept]),
        correct=np.array([s.correct for s in kept]),
        subject=np.array([s.subject for s in kept]),
        recording=np.array([s.name for s in kept]),
        is_patient=np.array([s.is_patient for s in kept]),
        families=order,
        exercises=tuple(sorted({s.exercise for s in kept})),
        exercise=np.array([s.exercise for s in kept]),
        from_camera=np.array([bool(s.seen_by) for s in kept]),
        as_coached=np.array([s.as_coached for s in kept]),
        dropped=tuple(dropped),
    )


def joined(sets: Sequence[WindowSet]) -> WindowSet:
    """Join window sets of the same families; subjects get the name of their data set.

    Raises:
        ValueError: the families differ.
    """
    if len({each.families for each in sets}) != 1:
        raise ValueError("the window sets have different families")
    rows = {
        name: np.concatenate([getattr(each, name) for each in sets])
        for name in _ARRAYS
        if name != "subject"
    }
    return WindowSet(
        source="+".join(dict.fromkeys(each.source for each in sets)),
        subject=np.concatenate([np.char.add(f"{each.source}-", each.subject) for each in sets]),
        families=sets[0].families,
        exercises=tuple(sorted({name for each in sets for name in each.exercises})),
        dropped=tuple(item for each in sets for item in each.dropped),
        **rows,
    )


def rows_of(data: WindowSet, rows: Rows) -> WindowSet:
    """Some windows of a set."""
    arrays: dict[str, Any] = {name: getattr(data, name)[rows] for name in _ARRAYS}
    return replace(data, **arrays)


def without_joints(data: WindowSet, ignored: Mapping[str, Sequence[str]]) -> WindowSet:
    """Mark joints of some families as not usable.

    Args:
        data: windows.
        ignored: names of the joints, by family.
    """
    valid = data.joint_valid.copy()
    for name, joints in ignored.items():
        if name in data.families:
            rows = np.flatnonzero(data.family == data.families.index(name))
            columns = np.array([int(Joint[joint.upper()]) for joint in joints])
            valid[np.ix_(rows, columns)] = 0.0
    return replace(data, joint_valid=valid)
