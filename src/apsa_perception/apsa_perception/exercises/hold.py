"""Definition of a hold: the position whose time is measured."""

import math
from dataclasses import dataclass

from apsa_perception.model.codes import ExerciseSide


@dataclass(frozen=True)
class PositionLimit:
    """What one measure must keep to.

    Attributes:
        measure: name of the measure.
        low: least value in the position; minus infinity: none.
        high: greatest value in the position; infinity: none.
        hysteresis: how far beyond a bound the value must be for the position to be left.
        other_side: whether the measure of the side that is not held counts, as of a lifted leg.
    """

    measure: str
    low: float
    high: float
    hysteresis: float
    other_side: bool

    def keeps(self, value: float, held: bool) -> bool:
        """Return whether the value is within the bounds, which are wider once it is held."""
        margin = self.hysteresis if held else 0.0
        return self.low - margin <= value <= self.high + margin

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """The bounds; None where there is none."""
        low = self.low if math.isfinite(self.low) else None
        return low, self.high if math.isfinite(self.high) else None


@dataclass(frozen=True)
class Hold:
    """A position that is held, and how its time is measured.

    Attributes:
        sides: which sides hold it: both together, left, right, or either of them.
        position: limits that are all kept in the position; the first measure is the one shown.
        target_s: seconds that are asked for; 0: as long as possible.
        start_s: seconds in the position after which the hold begins; they count.
        leave_s: seconds out of the position after which the hold ends; they do not count.
        unseen_s: seconds without enough evidence after which it ends; they do not count.
    """

    sides: ExerciseSide
    position: tuple[PositionLimit, ...]
    target_s: float
    start_s: float
    leave_s: float
    unseen_s: float

    @property
    def measure(self) -> str:
        """Name of the measure that is shown."""
        return self.position[0].measure
