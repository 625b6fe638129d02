"""Labelled sequences as arrays of canonical windows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.window import canonical_window
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import DEFAULT_UP
from apsa_training.data.sequences import UNLABELLED, MotionData, MotionSequence

Rows = npt.NDArray[np.intp]
"""Indices of windows or recordings."""
USABLE_CONFIDENCE = 0.5
"""Confidence of a joint that a depth camera only inferred; its position is still usable."""
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
        is_patient: ``(N,)``.
        families: exercise names without their side.
        exercises: all exercise names in the data, with their side.
        exercise: ``(N,)`` exercise name of each window.
        dropped: ``(name, reason)`` of sequences without a window.
    """

    source: str
    windows: npt.NDArray[np.float32]
    joint_valid: npt.NDArray[np.float32]
    family: npt.NDArray[np.intp]
    side: npt.NDArray[np.intp]
    correct: npt.NDArray[np.intp]
    subject: npt.NDArray[np.str_]
    is_patient: npt.NDArray[np.bool_]
    families: tuple[str, ...]
    exercises: tuple[str, ...]
    exercise: npt.NDArray[np.str_]
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
                DEFAULT_UP,
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
        is_patient=np.array([s.is_patient for s in kept]),
        families=order,
        exercises=tuple(sorted({s.exercise for s in kept})),
        exercise=np.array([s.exercise for s in kept]),
        dropped=tuple(dropped),
    )
