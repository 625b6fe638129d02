"""Architecture of the APSA network: its sizes, and which of its parts are used."""

from dataclasses import dataclass

from apsa_perception.apsa.features import EXCURSIONS, FEATURES, REST
from apsa_perception.apsa.window import PHASES

STAT_CHANNELS = 3
"""Squashed forms of each deviation: linear near 0, over a wider range, and logarithmic."""

PRIORS = ("anatomical", "learned", "off")
_BOUNDS = {
    "families": (1, 1000),
    "width": (1, 1024),
    "heads": (1, 64),
    "joint_layers": (0, 32),
    "limb_layers": (0, 32),
    "patch": (1, PHASES),
    "radius": (0, PHASES),
    "stride": (1, PHASES),
    "dropout": (0.0, 1.0),
    "feature_dropout": (0.0, 1.0),
}
"""Larger networks come from a damaged file and would exhaust the memory."""


@dataclass(frozen=True)
class NetworkConfig:
    """Architecture of the network.

    Attributes:
        families: number of exercise families (sides merged).
        width: token width.
        heads: attention heads.
        joint_layers: spatial + temporal layers at joint level.
        limb_layers: layers at limb level.
        patch: phases merged into one time step.
        radius: temporal attention reaches this number of steps in both directions ...
        stride: ... and every step at a multiple of this distance.
        dropout: dropout in the residual branches.
        feature_dropout: share of features dropped in training.
        prior: "anatomical" prunes by the mask; "learned" attends to all pairs with a learned
            strength; "off" attends to all pairs by content only.
        sparse_time: whether temporal attention is local and strided, else dense.
        hierarchy: whether joints are pooled to limbs and limbs to the body, else joints directly.
        posture: whether features at rest are inputs too, for data in which everyone starts an
            exercise in the same position; a constantly wrong posture can then be detected.
    """

    families: int
    width: int = 32
    heads: int = 4
    joint_layers: int = 1
    limb_layers: int = 1
    patch: int = 4
    radius: int = 1
    stride: int = 4
    dropout: float = 0.1
    feature_dropout: float = 0.2
    prior: str = "anatomical"
    sparse_time: bool = True
    hierarchy: bool = True
    posture: bool = False

    @property
    def readings(self) -> tuple[str, ...]:
        """Statistics that are computed of each feature."""
        return (*EXCURSIONS, REST) if self.posture else EXCURSIONS

    @property
    def deviations(self) -> int:
        """Number of deviations that the heads get beside the body token."""
        return len(FEATURES) * len(self.readings) * STAT_CHANNELS

    def __post_init__(self) -> None:
        if self.prior not in PRIORS:
            raise ValueError(f"prior is {self.prior!r}; expected one of {', '.join(PRIORS)}")
        for name, (low, high) in _BOUNDS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} is {value!r}; expected {low} to {high}")
