"""Times how long a position is held, one frame at a time."""

from dataclasses import dataclass

from apsa_perception.model.time import to_nanoseconds, to_seconds

# Two frames in the position that are farther apart were not seen in between.
_LONGEST_STEP_NS = 500_000_000


@dataclass(frozen=True)
class TimedHold:
    """A hold so far.

    Attributes:
        start_ns: first frame in the position.
        end_ns: last frame in the position.
        held_ns: time seen in the position.
    """

    start_ns: int
    end_ns: int
    held_ns: int

    @property
    def held_s(self) -> float:
        """Seconds seen in the position."""
        return to_seconds(self.held_ns)

    @property
    def missed_s(self) -> float:
        """Seconds between start and end that do not count."""
        return to_seconds(self.end_ns - self.start_ns - self.held_ns)


class HoldTimer:
    """Begins, counts and ends holds.

    A hold begins once the position has been kept for ``start_s``, and counts from its first frame.
    It ends once the position has been left for ``leave_s`` or not been seen for ``unseen_s``. Only
    the time between frames in the position counts, so that a short dropout ends nothing and adds
    nothing.

    Args:
        start_s: seconds in the position until the hold begins.
        leave_s: seconds out of the position until it ends.
        unseen_s: seconds without evidence until it ends.
    """

    def __init__(self, start_s: float, leave_s: float, unseen_s: float) -> None:
        self._start_ns = to_nanoseconds(start_s)
        self._leave_ns = to_nanoseconds(leave_s)
        self._unseen_ns = to_nanoseconds(unseen_s)
        self._current: TimedHold | None = None
        self._began = self._counts = False
        self._left_ns: int | None = None

    @property
    def hold(self) -> TimedHold | None:
        """The hold in progress."""
        return self._current if self._began else None

    def update(self, stamp_ns: int, kept: bool | None) -> TimedHold | None:
        """Process a frame and return the hold that it ends, if any.

        Args:
            stamp_ns: stamp of the frame, increasing.
            kept: whether the position is kept; None: not seen well enough to know.
        """
        ended = None
        if self._current is not None and stamp_ns - self._current.end_ns > self._unseen_ns:
            ended = self.finish()
        if kept:
            self._add(stamp_ns)
        elif kept is None:
            self._counts = False
        else:
            self._counts = False
            self._left_ns = stamp_ns if self._left_ns is None else self._left_ns
            if self._current is not None and (
                not self._began or stamp_ns - self._left_ns >= self._leave_ns
            ):
                ended = self.finish() or ended
        return ended

    def finish(self) -> TimedHold | None:
        """End the hold in progress and return it."""
        ended = self.hold
        self._current = self._left_ns = None
        self._began = self._counts = False
        return ended

    def _add(self, stamp_ns: int) -> None:
        self._left_ns = None
        before = self._current
        if before is None:
            self._current = TimedHold(stamp_ns, stamp_ns, 0)
        else:
            step = stamp_ns - before.end_ns
            counted = step if self._counts and step <= _LONGEST_STEP_NS else 0
            self._current = TimedHold(before.start_ns, stamp_ns, before.held_ns + counted)
            self._began = self._began or self._current.held_ns >= self._start_ns
        self._counts = True
