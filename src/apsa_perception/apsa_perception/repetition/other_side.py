"""The side that is not followed while the other one returns: arms or legs in turn overlap."""

import math
from collections.abc import Sequence

from apsa_perception.repetition.segment import Sample


class OtherSide:
    """Follows the side that is on its way back, and keeps the values of the other one.

    In alternating curls one arm goes up while the other one goes down. The farther of both sides
    would never reach rest, so the returning side is followed until it has, and then the movement
    of the other one from its own beginning. If the pose model exchanges left and right for some
    frames, the limb is followed, not the name of its side.
    """

    def __init__(self) -> None:
        self._side: int | None = None
        self._before = self._last = (math.nan, math.nan)
        self._jump = math.inf
        self._samples: list[Sample] = []

    def begin(self, samples: Sequence[Sample], jump: float) -> None:
        """Follow the side that is farther from rest from now on.

        Args:
            samples: those since the turning point; the other side was nearer to rest in each.
            jump: no side gets farther than this from where its speed would take it in a frame.
        """
        self._jump, self._samples = jump, []
        for sample in samples:
            self._side = 0 if math.isnan(sample.right) or sample.left >= sample.right else 1
            self._keep(sample.stamp_ns, (sample.left, sample.right))

    def clear(self) -> None:
        """Follow no side."""
        self._side, self._samples = None, []

    def followed(self, stamp_ns: int, values: tuple[float, float]) -> float | None:
        """Return the value of the side that is followed; None if there is none.

        Args:
            stamp_ns: stamp of the frame.
            values: of the left and the right side; greater is farther from rest.
        """
        if self._side is None:
            return None
        if self._is_exchanged(values):
            self._side = 1 - self._side
        self._keep(stamp_ns, values)
        return values[self._side]

    def movement(self, rest: float, least: float) -> Sequence[Sample]:
        """Return the samples of the other side since it left rest, or was nearest to it.

        Args:
            rest: value at rest.
            least: way from there that is a movement; less gives no samples.
        """
        if not self._samples:
            return ()
        # Beyond rest it moves with the trunk, as in marching with a lean.
        values = [max(sample.value, rest) for sample in self._samples]
        nearest = len(values) - 1 - values[::-1].index(min(values))
        return self._samples[nearest:] if max(values[nearest:]) - values[nearest] > least else ()

    def _keep(self, stamp_ns: int, values: tuple[float, float]) -> None:
        self._before, self._last = self._last, values
        value = values[1 - self._side] if self._side is not None else math.nan
        if not math.isnan(value):
            self._samples.append(Sample(stamp_ns, value, *values))

    def _is_exchanged(self, values: tuple[float, float]) -> bool:
        """Whether both sides jumped to where the other one was."""
        sides = zip(values, self._last, self._before, reversed(self._last), strict=True)
        return all(
            abs(value - (2.0 * last - before)) > self._jump > abs(value - other)
            for value, last, before, other in sides
        )
