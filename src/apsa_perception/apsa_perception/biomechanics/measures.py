"""All biomechanical measures of a frame.

Angles are in degrees because people write and read their limits. A sided measure exists once for
each side of the person.

One camera can measure angles between segments from any view, though depth is estimated and errors
of 10 degrees are usual; measures of the frontal plane only in the image plane of a view from the
front or back; the forward lean only in other views (Krosshaug & Bahr, J Biomech 2005; Schurr et
al., Int J Sports Phys Ther 2017).
"""

from collections.abc import Iterable

from apsa_perception.biomechanics.arms import ARMS
from apsa_perception.biomechanics.legs import LEGS
from apsa_perception.biomechanics.lying import LYING
from apsa_perception.biomechanics.measure import Measure
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.trunk import TRUNK
from apsa_perception.model.codes import Side
from apsa_perception.model.results import MeasureResult

MEASURES: dict[str, Measure] = {measure.name: measure for measure in (*LEGS, *TRUNK, *LYING, *ARMS)}
"""Every measure by name."""


def take_measures(posture: Posture, names: Iterable[str]) -> tuple[MeasureResult, ...]:
    """Take the named measures for all their sides, in order."""
    measures = [MEASURES[name] for name in names]
    return tuple([one.take(posture, side) for one in measures for side in one.sides])


class MeasuresOnDemand:
    """Measures of a posture, each taken when it is first asked for."""

    def __init__(self, posture: Posture) -> None:
        self._posture = posture
        self._taken: dict[tuple[str, int], MeasureResult] = {}

    def take(self, measure: Measure, side: Side) -> MeasureResult:
        """Return a measure for a side."""
        key = (measure.name, int(side))
        result = self._taken.get(key)
        if result is None:
            result = self._taken[key] = measure.take(self._posture, side)
        return result
