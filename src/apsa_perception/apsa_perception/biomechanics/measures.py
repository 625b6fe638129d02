"""All biomechanical measures of a frame.

Angles are in degrees because limits are written and read by people. A sided measure exists once
for each side of the person.

What one camera bears: angles between segments from any direction, though depth is guessed and
10 degrees of error are usual; frontal-plane measures only in the picture and only when the person
faces the camera or turns the back to it; the forward lean only when the person does not
(Krosshaug & Bahr, J Biomech 2005; Schurr et al., Int J Sports Phys Ther 2017).
"""

from collections.abc import Iterable

from apsa_perception.biomechanics.arms import ARMS
from apsa_perception.biomechanics.legs import LEGS
from apsa_perception.biomechanics.measure import Measure
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.trunk import TRUNK
from apsa_perception.model.results import MeasureResult

MEASURES: dict[str, Measure] = {measure.name: measure for measure in (*LEGS, *TRUNK, *ARMS)}
"""Every measure by name."""


def take_measures(posture: Posture, names: Iterable[str]) -> tuple[MeasureResult, ...]:
    """Take the named measures for all their sides, in order."""
    return tuple(
        measure.take(posture, side)
        for measure in (MEASURES[name] for name in names)
        for side in measure.sides
    )
