"""How a set ended compared with its beginning, as page, report and terminal show it."""

from collections.abc import Mapping
from typing import NamedTuple

from apsa_feedback.stream.formatting import localised, points
from apsa_perception.model.results import SessionStatus


class SetCourse(NamedTuple):
    """Differences at the end of a set; None where they were not measured.

    Attributes:
        slower_percent: how much slower the last two repetitions were than the fastest.
        score_change: points 0..100 by which the last two were better than the first two.
    """

    slower_percent: int | None = None
    score_change: int | None = None

    def lines(self, words: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return what was measured: the key of its word, and its value for people."""
        found = []
        if self.slower_percent is not None:
            found.append(("speed_loss", localised(f"{self.slower_percent} %", words)))
        if self.score_change is not None:
            signed = f"{self.score_change:+d}" if self.score_change else "0"
            found.append(("score_change", signed.replace("-", "\u2212")))
        return found

    def meaning(self, words: Mapping[str, str]) -> str:
        """Return what the figures that were measured mean; empty without one."""
        return " ".join(words[f"{key}_meaning"] for key, _ in self.lines(words))


def course_of(speed_loss: float, score_change: float) -> SetCourse:
    """Return the course for the values of a session; exactly 0 is what was not measured.

    Args:
        speed_loss: 0..1 as in ``SessionStatus``; 0 below three repetitions.
        score_change: -1..1 as in ``SessionStatus``; 0 below four judged repetitions.
    """
    return SetCourse(
        points(speed_loss) if speed_loss else None, points(score_change) if score_change else None
    )


def course_of_set(session: SessionStatus) -> SetCourse:
    """Return the course of the present set of a session."""
    return course_of(session.speed_loss, session.score_change)
