"""The primary motion of an exercise, whose cycles are counted as repetitions."""

from dataclasses import dataclass

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.model.codes import ExerciseSide
from apsa_perception.repetition.segment import ONE_SIDED


@dataclass(frozen=True)
class PrimaryMotion:
    """The measure whose cycles from rest to a turning point and back are repetitions.

    Attributes:
        measure: name of the measure.
        sides: which sides make the repetition: BOTH is the mean of the visible sides; EITHER is the
            side that moves further, so that one-sided and two-sided repetitions count.
        rest_limit: bound of rest; the movement goes from here towards ``target``.
        target: value to be reached at the turning point.
        min_excursion: least excursion from rest that counts, in the unit of the measure.
        min_duration_s: shorter movements are not repetitions.
        max_duration_s: longer movements are not repetitions.
        leave_fraction: share of the person's own range at which rest is left.
        return_fraction: share of the excursion below which standing still or turning is rest.
        peak_fraction: share of the person's own range from which on the phase is the peak.
        other_side_share: of BOTH sides the one that moves less moves at least by this share of the
            other one.
    """

    measure: str
    sides: ExerciseSide
    rest_limit: float
    target: float
    min_excursion: float
    min_duration_s: float
    max_duration_s: float
    leave_fraction: float = 0.25
    return_fraction: float = 0.33
    peak_fraction: float = 0.8
    other_side_share: float = ONE_SIDED

    @property
    def sign(self) -> float:
        """+1 if the measure increases from rest to the turning point, else -1."""
        return 1.0 if self.target > self.rest_limit else -1.0

    @property
    def rest_bound(self) -> float:
        """Greatest value at rest, of the measure times its sign."""
        return self.sign * self.rest_limit

    @property
    def unit(self) -> str:
        """Unit of the measure."""
        return MEASURES[self.measure].unit
