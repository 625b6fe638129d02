"""The samples since the last rest."""

from collections import deque
from collections.abc import Iterator

from apsa_perception.repetition.segment import Sample

# Values that stay within a narrow band for this time are a posture, not a slow movement.
_SETTLED_NS = 1_200_000_000
LEAD_IN_NS = 400_000_000
"""So much of the rest before a repetition is judged with it, because its start is noticed late: the
knees are bent by 40 degrees by then in a fast squat."""


class History:
    """Samples in order, oldest first."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()

    def __iter__(self) -> Iterator[Sample]:
        return iter(self._samples)

    @property
    def first(self) -> Sample:
        """The oldest sample; there must be one."""
        return self._samples[0]

    @property
    def last(self) -> Sample | None:
        """The newest sample, if any."""
        return self._samples[-1] if self._samples else None

    def add(self, sample: Sample) -> None:
        """Take the next sample."""
        self._samples.append(sample)

    def clear(self) -> None:
        """Forget all samples."""
        self._samples.clear()

    def forget_before(self, stamp_ns: int) -> None:
        """Forget what is older than a stamp; the newest sample must not be."""
        while self._samples[0].stamp_ns < stamp_ns:
            self._samples.popleft()

    def last_within(self, most: float) -> Sample:
        """Return the newest sample not above a value; the oldest one if there is none."""
        within = (sample for sample in reversed(self._samples) if sample.value <= most)
        return next(within, self._samples[0])

    def first_within(self, most: float, since_ns: int) -> Sample:
        """Return the oldest sample since a stamp that is not above a value; there must be one."""
        return next(
            sample
            for sample in self._samples
            if sample.stamp_ns >= since_ns and sample.value <= most
        )

    def rest_before(self, start: Sample, most: float) -> int:
        """Return the stamp of the first frame of the rest before a movement.

        Args:
            start: first sample of the movement.
            most: greatest value of the rest.
        """
        since_ns = start.stamp_ns
        for past in reversed(self._samples):
            if past.stamp_ns < start.stamp_ns:
                if past.value > most or start.stamp_ns - past.stamp_ns > LEAD_IN_NS:
                    break
                since_ns = past.stamp_ns
        return since_ns

    def is_settled(self, stamp_ns: int, band: float) -> bool:
        """Return whether the values have stayed within a band for a while."""
        since = stamp_ns - _SETTLED_NS
        if self._samples[0].stamp_ns > since:
            return False
        recent = []
        for past in reversed(self._samples):
            if past.stamp_ns < since:
                break
            recent.append(past.value)
        return max(recent) - min(recent) < band
