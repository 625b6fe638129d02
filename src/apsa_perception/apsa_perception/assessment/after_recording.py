"""What can wait until the end of a recording that nobody watches."""

import numpy as np

from apsa_perception.assessment.quality import QualityModel, QualityPrediction
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import FloatArray


class AfterRecording:
    """Computes the joint relevance of all repetitions of a recording after its last frame.

    The network explains ten repetitions together in half the time that it takes for one by one.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[QualityModel, QualityPrediction, FloatArray]] = []

    def joint_relevance(self, model: QualityModel, prediction: QualityPrediction) -> FloatArray:
        """Return ``(20,)`` zeros, which ``finish`` replaces by the relevance of the joints."""
        relevance = np.zeros(JOINT_COUNT)
        self._waiting.append((model, prediction, relevance))
        return relevance

    def finish(self) -> None:
        """Fill in what waits."""
        for model in {id(model): model for model, _, _ in self._waiting}.values():
            waiting = [each[1:] for each in self._waiting if each[0] is model]
            found = model.joint_relevances([prediction for prediction, _ in waiting])
            for (_, relevance), weights in zip(waiting, found, strict=True):
                relevance[:] = weights
        self._waiting.clear()
