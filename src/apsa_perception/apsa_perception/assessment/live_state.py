"""What the tracking of one exerciser finds in a frame, and its results for the session."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from apsa_perception.assessment.repetition_judge import Verdict
from apsa_perception.assessment.session import Session
from apsa_perception.model.codes import HoldState, Phase, SessionEvent, Side
from apsa_perception.model.results import (
    AssessmentResult,
    ErrorResult,
    ErrorSet,
    HoldResult,
    MeasureResult,
)

MOVING = (Phase.OUTWARD, Phase.PEAK, Phase.RETURN)


class LiveState(NamedTuple):
    """Result of a frame.

    Attributes:
        phase: phase of the repetition; PEAK during a hold.
        errors: live errors.
        measures: measures of the exercise.
        verdict: the repetition that the frame finishes.
        other_side: the side that moved or held instead of that of the exercise; else None.
        sideways: sentence about a picture that is turned, so that no error is raised; else empty.
        not_returned: whether a movement is not counted because it did not reach rest.
        holds: results of holds.
    """

    phase: Phase
    errors: tuple[ErrorResult, ...]
    measures: tuple[MeasureResult, ...]
    verdict: Verdict | None = None
    other_side: Side | None = None
    sideways: str = ""
    not_returned: bool = False
    holds: tuple[HoldResult | ErrorSet, ...] = ()

    def of_another_exercise(self, sentence: str) -> "LiveState":
        """Return the frame of a person who does another exercise: no errors and no score.

        Args:
            sentence: says which one it is.
        """
        verdict = self.verdict and self.verdict.of_another_exercise(sentence)
        return self._replace(errors=(), verdict=verdict)


def hold_results(
    holds: Iterable[HoldResult | ErrorSet], session: Session
) -> list[HoldResult | ErrorSet]:
    """Count the holds that a frame ends, report that, and return the results to publish."""
    results = session.count_holds(holds)
    if any(isinstance(one, HoldResult) and one.state is HoldState.ENDED for one in results):
        session.report(SessionEvent.HOLD, "")
    return results


def frame_results(
    state: LiveState, session: Session, live: Callable[..., ErrorSet]
) -> list[AssessmentResult]:
    """Count what a frame finishes, and return the results to publish.

    Args:
        state: what was found.
        session: counts repetitions and holds.
        live: makes the error set of the frame from its fields that the exercise determines.
    """
    results: list[AssessmentResult] = [*hold_results(state.holds, session)]
    verdict = state.verdict
    if verdict is not None:
        session.count_repetition(verdict.quality.grade)
        results += [
            session.identity.own(verdict.repetition),
            session.identity.own(verdict.quality),
            session.identity.own(verdict.errors),
        ]
    if state.not_returned:
        session.note_not_returned()
    if state.other_side is not None:
        session.note_other_side(state.other_side)
    session.note_sideways(state.sideways)
    return [
        *results,
        live(
            repetition=session.done + (state.phase in MOVING),
            phase=state.phase,
            errors=state.errors,
            measures=state.measures,
        ),
    ]
