"""Labelled sequences as arrays of canonical windows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.sides import family
from apsa_perception.apsa.window import canonical_window
from apsa_perception.model.skeleton import DEFAULT_UP
from apsa_training.sequences import UNLABELLED, MotionData, MotionSequence

USABLE_CONFIDENCE = 0.5
"""A joint that a depth camera merely infers has this confidence and still a usable position."""


@dataclass(frozen=True)
class WindowSet:
    """Windows of a data set and what is known of each.

    Attributes:
        source: name of the data set.
        windows: ``(N, PHASES, 20, 3)`` float32 canonical.
        joint_valid: ``(N, 20)`` float32, 1 usable.
        family: ``(N,)`` index into ``families``.
        correct: ``(N,)`` 1, 0 or ``UNLABELLED``.
        subject: ``(N,)`` names of the people.
        is_patient: ``(N,)``.
        families: exercise names without their side.
        exercises: all exercise names met, with their side.
        exercise: ``(N,)`` the name of each.
        dropped: ``(name, reason)`` of sequences that give no window.
    """

    source: str
    windows: npt.NDArray[np.float32]
    joint_valid: npt.NDArray[np.float32]
    family: npt.NDArray[np.intp]
    correct: npt.NDArray[np.intp]
    subject: npt.NDArray[np.str_]
    is_patient: npt.NDArray[np.bool_]
    families: tuple[str, ...]
    exercises: tuple[str, ...]
    exercise: npt.NDArray[np.str_]
    dropped: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.windows)


def prepare(data: MotionData, families: tuple[str, ...] | None = None) -> WindowSet:
    """Cut every labelled sequence into its canonical window.

    Args:
        data: loaded sequences; those without a correct/incorrect label are left out.
        families: the order of families to use, as a trained model has it; sequences of others are
            dropped. Without it, the order is alphabetical.
    """
    labelled = [s for s in data.sequences if s.correct != UNLABELLED]
    order = families or tuple(sorted({family(s.exercise) for s in labelled}))
    kept: list[MotionSequence] = []
    windows, valid = [], []
    dropped = list(data.dropped)
    for sequence in labelled:
        if family(sequence.exercise) not in order:
            dropped.append((sequence.name, "exercise the model was not trained on"))
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
        raise ValueError(f"no labelled sequence of {data.source} can be used")
    return WindowSet(
        source=data.source,
        windows=np.stack(windows),
        joint_valid=np.stack(valid),
        family=np.array([order.index(family(s.exercise)) for s in kept]),
        correct=np.array([s.correct for s in kept]),
        subject=np.array([s.subject for s in kept]),
        is_patient=np.array([s.is_patient for s in kept]),
        families=order,
        exercises=tuple(sorted({s.exercise for s in kept})),
        exercise=np.array([s.exercise for s in kept]),
        dropped=tuple(dropped),
    )
