"""Order of the stamps of a stream of frames: which are used, dropped, or begin a new recording."""

from apsa_perception.model.time import to_nanoseconds, to_seconds

RESTART_S = 1.0
"""Stamps that run back by more than this mean a new recording: the state is reset."""

MAX_STEP_S = 1.0
"""A stamp that is further ahead of the last one is used only if the next frame confirms it."""

UNCONFIRMED_LIMIT = 3
"""After this many frames in a row that are too far apart, the stream itself is that slow."""


class StampError(ValueError):
    """The stamp of a frame cannot be used; the message gives the reason."""


def microseconds_after(stamp_ns: int, last_us: int | None) -> int:
    """Return the stamp in whole microseconds.

    Raises:
        StampError: it is not later than the last one, ``last_us``, by at least a microsecond.
    """
    stamp_us = stamp_ns // 1000
    if last_us is not None and stamp_us <= last_us:
        raise StampError(
            f"the stamp {stamp_ns} ns is not later than {last_us * 1000} ns, that of the last "
            "picture, by at least a microsecond"
        )
    return stamp_us


class StampGate:
    """Decides for each frame of a stream whether its stamp can be used.

    A camera driver or a recorder can write a wrong stamp. A single one far ahead of the others is
    dropped: taken as the present time, it would make each later frame look like a new recording.
    A real gap in a recording therefore costs its first frame. A stamp of 0 is that of a driver
    without a clock, and never used.

    Call ``check`` first, and ``accept`` when the frame has been used.

    Args:
        max_step_s: largest step in seconds that needs no confirmation.
    """

    def __init__(self, max_step_s: float = MAX_STEP_S) -> None:
        self._max_step_ns = to_nanoseconds(max_step_s)
        self._last_ns: int | None = None
        self._ahead_ns: int | None = None
        self._unconfirmed = 0

    def check(self, stamp_ns: int) -> bool:
        """Return whether the frame begins a new recording, so that the state must be reset.

        Args:
            stamp_ns: stamp of the frame in nanoseconds.

        Raises:
            StampError: the frame must be dropped.
        """
        if stamp_ns <= 0:
            raise StampError("the stamp is 0; expected the time at which the picture was taken")
        last_ns, ahead_ns = self._last_ns, self._ahead_ns
        self._ahead_ns = None
        if last_ns is None:
            return False
        step_ns = stamp_ns - last_ns
        if step_ns > self._max_step_ns:
            follows = ahead_ns is not None and 0 < stamp_ns - ahead_ns <= self._max_step_ns
            if not follows and self._unconfirmed < UNCONFIRMED_LIMIT:
                self._ahead_ns = stamp_ns
                self._unconfirmed += 1
                raise StampError(
                    f"the stamp {to_seconds(stamp_ns):.3f} s is {to_seconds(step_ns):.1f} s ahead "
                    f"of the last one; it is used if the next frame follows it"
                )
            return False
        if step_ns < -to_nanoseconds(RESTART_S):
            return True
        if step_ns <= 0:
            raise StampError(
                f"stamp {stamp_ns} ns does not increase; expected more than {last_ns} ns"
            )
        return False

    def accept(self, stamp_ns: int) -> None:
        """Take the stamp of a used frame as the present time."""
        self._last_ns = stamp_ns
        self._unconfirmed = 0
