"""What the coach says during a hold: its beginning, the seconds, its end."""

from collections.abc import Mapping

from apsa_feedback.coaching.cue_keys import CueKey
from apsa_perception.model.codes import ExerciseKind, HoldState, Phase
from apsa_perception.model.results import ErrorSet, HoldResult, SessionStatus
from apsa_perception.model.time import to_nanoseconds

LEFT_S = (10, 5)
"""Seconds before the target at which the rest is announced."""

COUNT_EVERY_S = 10
"""Seconds between two counts without a target, or beyond it."""

Said = tuple[CueKey, Mapping[str, object]]
"""Key of a cue and the values of its placeholders."""


class HoldCues:
    """Follows the holds of a session; depends on their seconds alone, so a replay says the same."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget the hold in progress: another session."""
        self._seconds = 0
        self._waiting_since: int | None = None

    def add(self, hold: HoldResult) -> list[Said]:
        """Return what to say about a hold now."""
        self._waiting_since = None
        if hold.state is HoldState.BEGAN:
            self._seconds = 0
            return [(CueKey.HOLD_BEGAN, {})]
        before, self._seconds = self._seconds, int(hold.held_s)
        target = int(hold.target_s)
        if hold.state is HoldState.ENDED:
            if target and hold.held_s >= target:
                return []  # it was said when the target was reached
            return [(CueKey.HOLD_ENDED, {"count": self._seconds})]
        return _second(before, self._seconds, target)

    def hint(self, live: ErrorSet, session: SessionStatus | None, after_s: float) -> CueKey | None:
        """Return a hint if the person is seen, but has not taken the position for a while."""
        hold = session is not None and session.exercise_kind is ExerciseKind.HOLD
        if not hold or live.phase is not Phase.REST:
            self._waiting_since = None
            return None
        if self._waiting_since is None:
            self._waiting_since = live.stamp_ns
        due = live.stamp_ns - self._waiting_since >= to_nanoseconds(after_s)
        return CueKey.TAKE_POSITION if due else None


def _second(before: int, now: int, target: int) -> list[Said]:
    """What to say of a full second; at a low frame rate some are passed over."""

    def passed(second: float) -> bool:
        return before < second <= now

    if target and passed(target):
        return [(CueKey.HOLD_REACHED, {"count": target})]
    for left in LEFT_S:
        # Of a short hold that would be said right after its beginning.
        if target >= 2 * left and passed(target - left):
            return [(CueKey.HOLD_LEFT, {"count": left})]
    if target >= 2 * LEFT_S[0] and passed(target / 2):
        return [(CueKey.HOLD_HALF, {})]
    if now >= target and now // COUNT_EVERY_S > before // COUNT_EVERY_S:
        return [(CueKey.HOLD_COUNT, {"count": now - now % COUNT_EVERY_S})]
    return []
