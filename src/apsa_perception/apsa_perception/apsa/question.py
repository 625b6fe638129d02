"""What the network is asked about one repetition."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor

from apsa_perception.apsa.domain import Domain
from apsa_perception.apsa.window import CanonicalWindow
from apsa_perception.model.joints import JOINT_COUNT, MIRROR_INDEX


@dataclass(frozen=True)
class Question:
    """One repetition, corrected if a camera saw it.

    Attributes:
        window: canonical window as it was seen.
        position: ``(1, PHASES, 20, 3)`` input of the network.
        joint_valid: ``(1, 20)``.
        family: ``(1,)``.
        readings: ``(1, M, S)``, see ``ApsaNetwork.readings``.
        domain: where the skeletons come from.
    """

    window: CanonicalWindow
    position: Tensor
    joint_valid: Tensor
    family: Tensor
    readings: Tensor
    domain: Domain

    @property
    def sides(self) -> npt.NDArray[np.intp]:
        """``(20,)`` from joints of the person to those of the window."""
        return MIRROR_INDEX if self.window.mirrored else np.arange(JOINT_COUNT)
