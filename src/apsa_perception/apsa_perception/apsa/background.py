"""The network, loaded in the background: importing torch takes longer than starting a camera."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.sides import family
from apsa_perception.apsa.weight_file import judged_views, read_weight_file
from apsa_perception.biomechanics.view import View
from apsa_perception.model.garbage import lasting_objects
from apsa_perception.model.skeleton import FloatArray

if TYPE_CHECKING:
    from apsa_perception.apsa.prediction import QualityPrediction
    from apsa_perception.apsa.predictor import QualityModel


class BackgroundModel:
    """A ``QualityModel`` whose name and exercises are known at once; the first judgement waits.

    Loading begins with ``load``, or else with the first judgement: a check of the settings, or
    recordings of exercises that the network does not judge, do without torch.

    Args:
        path: weight file.

    Raises:
        ValueError: it cannot be used; one sentence.
    """

    def __init__(self, path: Path) -> None:
        header, _ = read_weight_file(path)
        self._header = header
        self.name = str(header["name"])
        self.version = str(header["version"])
        self.exercises = tuple(str(each) for each in header["exercises"])
        self._path = path
        self._loader = ThreadPoolExecutor(1, "network")
        self._loading: Future[QualityModel] | None = None

    def judged_views(self, exercise: str, source: str) -> frozenset[View]:
        """Return the views from which the network judges an exercise in skeletons of a source."""
        if exercise not in self.exercises:
            return frozenset()
        return judged_views(self._header, family(exercise), source)

    def load(self) -> "Future[QualityModel]":
        """Load the network in the background, unless that has begun."""
        if self._loading is None:
            self._loading = self._loader.submit(_load, self._path)
        return self._loading

    @property
    def failure(self) -> str:
        """Why the network cannot be used; empty until it has been loaded and when it can."""
        loading = self._loading
        error = loading.exception() if loading is not None and loading.done() else None
        return str(error) if error else ""

    def close(self) -> None:
        """End the thread that loads the network."""
        self._loader.shutdown()

    def joint_relevances(self, predictions: "Sequence[QualityPrediction]") -> list[FloatArray]:
        """Return the joint relevance of predictions of this network, computed at once."""
        return self.load().result().joint_relevances(predictions)

    def judge(
        self,
        positions: FloatArray,
        stamps_s: FloatArray,
        confidence: FloatArray,
        observed: npt.NDArray[np.bool_],
        exercise: str,
        up: FloatArray,
        source: str = "",
    ) -> "QualityPrediction":
        """Judge a repetition; see ``apsa_perception.assessment.quality.QualityModel``.

        Raises:
            RuntimeError: the network could not be loaded.
        """
        try:
            model = self.load().result()
        except ValueError as error:
            raise RuntimeError(str(error)) from error
        return model.judge(positions, stamps_s, confidence, observed, exercise, up, source)


def _load(path: Path) -> "QualityModel":
    return _quality_model().load(path)


@cache
def _quality_model() -> "type[QualityModel]":
    """The class of the network, whose import is that of torch; imported once."""
    with lasting_objects():
        from apsa_perception.apsa.predictor import QualityModel
    return QualityModel
