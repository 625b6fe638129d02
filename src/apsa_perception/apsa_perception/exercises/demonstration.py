"""What a person shows of a movement, and the repetitions of it.

The movement is found by itself: the sided angle that goes farthest from where it began, in terms of
its error. Angles of the legs go before all others where they move in earnest: whoever squats may
lift the arms as far, but not the other way round.
"""

from dataclasses import dataclass

import numpy as np

from apsa_perception.biomechanics.legs import LEGS
from apsa_perception.biomechanics.measures import MEASURES, take_measures
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import View
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.repetition.primary_motion import MovingSides, PrimaryMotion
from apsa_perception.repetition.segmenter import Segment, Segmenter

LEAST_SEEN = 0.7
"""Least share of the frames in which a measure must have been taken to be used."""
FIRST_FRAMES = 5
"""The first frames in which a measure was taken show rest."""

_LEAST_WAY = 2.0  # errors of the measure
_IN_EARNEST = 3.0  # the same
_OF_LEGS = frozenset(measure.name for measure in LEGS)
_TAKES_PART = 0.5
_MAX_GAP_S = 1.0
_SHORTEST_S = 0.3
_LONGEST_S = 60.0


@dataclass(frozen=True)
class Movement:
    """The movement that is shown.

    Attributes:
        measure: name of the measure that moves.
        sides: which sides of it.
        rest: value in rest.
        way: signed way from rest to the turning point.
    """

    measure: str
    sides: MovingSides
    rest: float
    way: float


class Demonstration:
    """Takes in what a person shows, from rest on, frame by frame."""

    def __init__(self) -> None:
        self._stamps: list[int] = []
        self._rows: list[list[float]] = []
        self._keys: list[tuple[str, Side]] = []
        self._views: set[View] = set()

    def add(self, stamp_ns: int, posture: Posture) -> None:
        """Take a frame in; stamps rise."""
        results = take_measures(posture, MEASURES)
        self._keys = [(one.name, one.side) for one in results]
        self._rows.append([one.value for one in results])
        self._stamps.append(stamp_ns)
        self._views |= set(View) if posture.depth_measured else {posture.view}

    @property
    def views(self) -> tuple[View, ...]:
        """Every view that was shown, or all where depth was measured or none is known."""
        known = [view for view in View if view is not View.UNKNOWN]
        return tuple(view for view in known if view in self._views) or tuple(known)

    def series(self, name: str, side: Side) -> FloatArray:
        """Values ``(T,)`` of a measure, NaN where it was not judged."""
        column = self._keys.index((name, side))
        return np.array([row[column] for row in self._rows])

    def movement(self) -> Movement:
        """Find the movement; ``ValueError`` where none is larger than its error."""
        ways: dict[str, dict[Side, tuple[float, float]]] = {}
        far: dict[str, float] = {}
        for name, measure in MEASURES.items() if self._rows else ():
            if not measure.sided or measure.unit != "deg":
                continue
            values = {side: self.series(name, side) for side in measure.sides}
            ways[name] = {
                side: _rest_and_way(one)
                for side, one in values.items()
                if np.isfinite(one).mean() > LEAST_SEEN
            }
            farthest = max((abs(way) for _, way in ways[name].values()), default=0.0)
            far[name] = farthest / measure.typical_error
        legs = {name: way for name, way in far.items() if name in _OF_LEGS and way >= _IN_EARNEST}
        best = max(legs or far, key=lambda name: far[name], default="")
        if not best or far[best] < _LEAST_WAY:
            raise ValueError(
                "no movement was seen that is larger than its error; show whole repetitions, with "
                "the limbs that move in view"
            )
        return _with_sides(best, ways[best])

    def repetitions(self, movement: Movement) -> list[Segment]:
        """The whole repetitions, from rest to rest."""
        motion = PrimaryMotion(
            measure=movement.measure,
            sides=movement.sides,
            rest_limit=movement.rest + 0.4 * movement.way,
            target=movement.rest + movement.way,
            min_excursion=0.5 * abs(movement.way),
            min_duration_s=_SHORTEST_S,
            max_duration_s=_LONGEST_S,
        )
        segmenter = Segmenter(motion, _MAX_GAP_S)
        left, right = (self.series(motion.measure, side) for side in (Side.LEFT, Side.RIGHT))
        rows = zip(self._stamps, left.tolist(), right.tolist(), strict=True)
        found = [segmenter.update(*row) for row in rows]
        return [segment for segment in found if segment is not None]

    def count(self) -> int:
        """Number of whole repetitions; 0 also while there is no movement."""
        try:
            return len(self.repetitions(self.movement()))
        except ValueError:
            return 0


def _with_sides(name: str, ways: dict[Side, tuple[float, float]]) -> Movement:
    """The movement of those sides of the measure that take part in it."""
    largest = max((way for _, way in ways.values()), key=abs)
    rests = {side: rest for side, (rest, way) in ways.items() if way / largest > _TAKES_PART}
    sides = MovingSides.BOTH
    if len(rests) == 1:
        sides = MovingSides.LEFT if Side.LEFT in rests else MovingSides.RIGHT
    return Movement(name, sides, float(np.mean(list(rests.values()))), largest)


def _rest_and_way(values: FloatArray) -> tuple[float, float]:
    """Where the values begin, and the signed way to their farther end, outliers left out."""
    seen = values[np.isfinite(values)]
    rest = float(np.median(seen[:FIRST_FRAMES]))
    low, high = (float(end) - rest for end in np.percentile(seen, [5, 95]))
    return rest, high if high > -low else low
