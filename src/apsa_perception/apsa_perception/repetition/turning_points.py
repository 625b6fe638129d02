"""Where a movement turns."""

from dataclasses import dataclass

from apsa_perception.repetition.segment import Sample


@dataclass(frozen=True)
class Turn:
    """Where a movement turned outward again before rest.

    Attributes:
        at: the sample nearest to rest.
        least: how far it has to go outward from there to be another repetition.
        moving: the sides that make the movement, 0 or 1.
    """

    at: Sample
    least: float
    moving: frozenset[int]

    def is_left(self, sample: Sample) -> bool:
        """Return whether a side that makes the movement is that far from the turn."""
        again = ((sample.left, self.at.left), (sample.right, self.at.right))
        outward = any(again[side][0] > again[side][1] for side in self.moving)
        return outward and sample.value - self.at.value >= self.least


@dataclass
class TurningPoints:
    """Farthest and nearest samples of a movement.

    Attributes:
        peak: the farthest sample.
        high: the farthest sample since it last turned outward.
        low: the nearest sample since it last turned back.
    """

    peak: Sample
    high: Sample
    low: Sample

    def add(self, sample: Sample) -> None:
        """Take the next sample."""
        if sample.value > self.peak.value:
            self.peak = self.high = self.low = sample
        elif sample.value > self.high.value:
            self.high = sample
        elif sample.value < self.low.value:
            self.low = sample

    @property
    def returned(self) -> float:
        """Way from the peak back to the nearest sample."""
        return self.peak.value - self.low.value
