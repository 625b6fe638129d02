"""Exercises and views that a network judges: those in which it was right often enough."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.domain import Domain
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.evaluation.metrics import THRESHOLD, auc

JudgedViews = Mapping[Domain, Mapping[str, frozenset[View]]]
"""The views from which each family is judged, by domain; families without any are left out."""

_LEAST_OF_EACH = 20
"""Correct and incorrect repetitions without which nothing is known of a view."""


@dataclass(frozen=True)
class Reliability:
    """What is required of a network.

    Attributes:
        least_auc: of strangers, mean of the data sets.
        most_wrong: share of the correct repetitions that are called incorrect.
        uncertain_band: scores closer than this to 0.5 are not given.
    """

    least_auc: float
    most_wrong: float
    uncertain_band: float

    def is_met(
        self, score: FloatArray, correct: npt.NDArray[np.intp], source: npt.NDArray[np.str_]
    ) -> bool:
        """Return whether scores of strangers are reliable.

        Args:
            score: ``(N,)`` calibrated P(correct).
            correct: ``(N,)`` labels.
            source: ``(N,)`` data sets, which differ in what they call correct, so that no pair of
                repetitions is compared across them.
        """
        if len(np.unique(correct)) < 2:
            return False
        wrong = float((score[correct == 1] < THRESHOLD - self.uncertain_band).mean())
        each = [auc(correct[source == one], score[source == one]) for one in np.unique(source)]
        known = [value for value in each if np.isfinite(value)]
        return bool(known) and float(np.mean(known)) >= self.least_auc and wrong <= self.most_wrong


def judged_views(
    data: WindowSet,
    view: npt.NDArray[np.str_],
    score: FloatArray,
    rows: Rows,
    required: Reliability,
) -> JudgedViews:
    """Return what is judged, by what the network said of strangers.

    An exercise that is told reliably as a whole is judged from all views, another one from those
    from which it is: leaving out a view of the former gained nothing (docs/quality.md). A depth
    sensor sees the body alike from everywhere.

    Args:
        data: windows.
        view: ``(N,)`` of the camera onto each, values of ``View``.
        score: ``(N,)`` calibrated P(correct) by a network that did not know the person.
        rows: windows that decide.
        required: what is reliable.
    """
    source = np.array([name.partition("-")[0] for name in data.subject.tolist()])

    def is_met(chosen: Rows) -> bool:
        return required.is_met(score[chosen], data.correct[chosen], source[chosen])

    found: dict[Domain, dict[str, frozenset[View]]] = {domain: {} for domain in Domain}
    for index, name in enumerate(data.families):
        own = rows[data.family[rows] == index]
        sensor, camera = own[~data.from_camera[own]], own[data.from_camera[own]]
        if is_met(sensor):
            found[Domain.DEPTH_SENSOR][name] = ALL_VIEWS
        if is_met(camera):
            found[Domain.CAMERA][name] = ALL_VIEWS
            continue
        seen = {each: camera[view[camera] == each] for each in ALL_VIEWS}
        views = frozenset(
            each
            for each, own in seen.items()
            if np.bincount(data.correct[own], minlength=2).min() >= _LEAST_OF_EACH and is_met(own)
        )
        if views:
            found[Domain.CAMERA][name] = views
    return found
