"""How often and how long a position was held in a session."""

from dataclasses import dataclass, replace

from apsa_perception.model.codes import HoldState
from apsa_perception.model.results import HoldResult


@dataclass(frozen=True)
class HoldCounts:
    """The holds that have ended.

    Attributes:
        number: how many.
        best_s: seconds of the longest.
        total_s: seconds of all together.
    """

    number: int = 0
    best_s: float = 0.0
    total_s: float = 0.0

    def with_hold(self, hold: HoldResult) -> "HoldCounts":
        """Return the counts with another hold that has ended; one in progress changes nothing."""
        if hold.state is not HoldState.ENDED:
            return self
        return HoldCounts(
            self.number + 1, max(self.best_s, hold.held_s), self.total_s + hold.held_s
        )

    def completed(self, hold: HoldResult) -> HoldResult:
        """Return the hold with the best and the total time of the session, itself included."""
        return replace(
            hold, best_s=max(self.best_s, hold.held_s), total_s=self.total_s + hold.held_s
        )
