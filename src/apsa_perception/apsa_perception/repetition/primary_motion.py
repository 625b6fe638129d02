"""The movement whose going out and coming back is a repetition."""

from dataclasses import dataclass
from enum import Enum

from apsa_perception.biomechanics.measures import MEASURES


class MovingSides(Enum):
    """Which sides of a sided measure make a repetition."""

    BOTH = "both"
    """Both sides together: the mean of the sides that are seen."""
    LEFT = "left"
    RIGHT = "right"
    EITHER = "either"
    """Whichever side moves further; one-sided and two-sided repetitions both count."""


@dataclass(frozen=True)
class PrimaryMotion:
    """The measure whose going out and coming back is a repetition.

    Attributes:
        measure: name of the measure.
        sides: which sides make the repetition.
        rest_limit: bound that the measure must be on the right side of to count as rest.
        target: value asked for at the turning point; its place relative to ``rest_limit`` tells
            the direction of the movement.
        min_excursion: least way from rest to the turning point that counts, unit of the measure.
        min_duration_s: shorter movements are no repetitions.
        max_duration_s: longer movements are no repetitions.
        leave_fraction: share of the person's own range after which rest is left.
        return_fraction: share of the excursion below which standing still or turning is rest.
        peak_fraction: share of the person's own range from which on the movement is at its peak.
    """

    measure: str
    sides: MovingSides
    rest_limit: float
    target: float
    min_excursion: float
    min_duration_s: float
    max_duration_s: float
    leave_fraction: float = 0.25
    return_fraction: float = 0.33
    peak_fraction: float = 0.8

    @property
    def sign(self) -> float:
        """+1 where the measure rises from rest to peak, else -1."""
        return 1.0 if self.target > self.rest_limit else -1.0

    @property
    def unit(self) -> str:
        """Unit of the measure."""
        return MEASURES[self.measure].unit
