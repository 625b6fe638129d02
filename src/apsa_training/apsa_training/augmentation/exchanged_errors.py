"""Drawings with the errors that pose estimation made in other drawings.

Every drawing was seen once: by one camera, on one body, in one set of clothes. Its recording is
known, so what differs from it is known, and that can be added to another recording of the same
exercise. It is mostly the camera's error, but holds the drawn body's proportions as well, and the
tilt of the sensor, which was levelled for the drawing.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from apsa_training.data.window_set import Rows, WindowSet


@dataclass(frozen=True)
class Drawings:
    """Drawings among some rows of a data set, and what they were drawn from.

    Attributes:
        drawn: ``(M,)`` positions of the drawings among the rows.
        recorded: ``(M,)`` positions of their recordings among the rows.
    """

    drawn: Tensor
    recorded: Tensor


def drawn_from(data: WindowSet, rows: Rows) -> Drawings:
    """Find the drawings among the rows whose recording is among them, too.

    Repetitions as the coach cuts them are left out: it cuts a drawing at other moments.
    """
    names = list(zip(data.subject[rows].tolist(), data.recording[rows].tolist(), strict=True))
    whole = ~data.as_coached[rows]
    seen = data.from_camera[rows]
    recorded = {names[row]: row for row in np.flatnonzero(whole & ~seen).tolist()}
    pairs = [
        (row, recorded[names[row]])
        for row in np.flatnonzero(whole & seen).tolist()
        if names[row] in recorded
    ]
    drawn, origin = torch.tensor(pairs, dtype=torch.long).reshape(-1, 2).T
    return Drawings(drawn, origin)


def with_exchanged_errors(
    windows: Tensor,
    family: Tensor,
    drawings: Drawings,
    probability: float,
    generator: torch.Generator,
) -> Tensor:
    """Return the windows, some drawings with the errors of others of the same exercise.

    Args:
        windows: ``(N, PHASES, 20, 3)``.
        family: ``(N,)`` index of the exercise.
        drawings: which of them are drawings, and of what.
        probability: that a drawing gets the errors of another one.
        generator: draws which, and whose.
    """
    errors = windows[drawings.drawn] - windows[drawings.recorded]
    of = family[drawings.drawn]
    giver = torch.arange(len(of))
    for own in (torch.nonzero(of == each)[:, 0] for each in of.unique()):
        giver[own] = own[torch.randint(len(own), (len(own),), generator=generator)]
    exchanged = torch.rand(len(of), generator=generator) < probability
    changed = windows.clone()
    changed[drawings.drawn[exchanged]] = (
        windows[drawings.recorded[exchanged]] + errors[giver[exchanged]]
    )
    return changed
