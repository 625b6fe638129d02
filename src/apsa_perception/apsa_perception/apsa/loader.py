"""Loading of the network without importing torch before a network is needed."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apsa_perception.apsa.predictor import QualityModel


def load_quality_model(path: str | Path) -> "QualityModel":
    """Load a weight file.

    Raises:
        ValueError: the file cannot be used; one sentence.
    """
    from apsa_perception.apsa.predictor import QualityModel  # imports torch, which takes seconds

    return QualityModel.load(path)
