"""Data of a session: repetitions, errors and the curve of the primary measure; no pictures."""

import math
import statistics
from dataclasses import asdict
from typing import Any

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.outputs.report.curve import Curve
from apsa_feedback.outputs.report.plan import PlannedPart
from apsa_feedback.outputs.report.records import (
    ErrorRecord,
    HoldRecord,
    RepetitionRecord,
    Summary,
)
from apsa_feedback.outputs.report.sides import SideValues, by_side
from apsa_feedback.stream.score_reasons import weightiest
from apsa_feedback.stream.tempo import phases_of
from apsa_perception.assessment.personal_limits import ChangedLimit
from apsa_perception.model.codes import ExerciseKind, Grade, RatingState
from apsa_perception.model.results import (
    ErrorResult,
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SetRating,
)
from apsa_perception.model.time import to_seconds

FORMAT = "apsa-report/1"
SIDE_DIFFERENCE = "side_difference"


class SessionRecord:
    """Collects the results of one session of one exercise.

    Args:
        person: pseudonym; empty without one.
        exercise: name of the exercise.
        title: its title for people.
        kind: whether repetitions or holds are recorded.

    Attributes:
        family: the exercise without its side.
        session_id: which session it is; empty before its first frame.
        rating: pain, effort and note of the person, if they answered.
        plan: its place in a programme; None: there was none.
        course: how the set ended compared with its beginning, as ``speed_loss`` and
            ``score_change`` of the session.
        limits: limits of errors that were those of the person.
        counted: repetitions that the session counted, also an unfinished one that counts.
    """

    def __init__(
        self,
        person: str,
        exercise: str,
        title: str,
        kind: ExerciseKind = ExerciseKind.REPETITIONS,
    ) -> None:
        self.person, self.exercise, self.title = person, exercise, title
        self.is_hold = kind is ExerciseKind.HOLD
        self.holds: dict[int, HoldRecord] = {}
        self.measure = self.unit = ""
        self.repetitions: list[RepetitionRecord] = []
        self.curve: dict[str, Curve] = {}
        self.cues: list[tuple[float, str]] = []
        self.duration_s = 0.0
        self.family, self.session_id = exercise, ""
        self.rating = SetRating()
        self.plan: PlannedPart | None = None
        self.course = (0.0, 0.0)
        self.limits: tuple[ChangedLimit, ...] = ()
        self.counted = 0
        self._start_ns: int | None = None

    @property
    def empty(self) -> bool:
        """Whether no result was added."""
        return self._start_ns is None

    @property
    def answered(self) -> bool:
        """Whether the person rated the set."""
        return self.rating.state is RatingState.ANSWERED

    @property
    def count(self) -> int:
        """Repetitions of the set as page and voice count them; the last may be unfinished."""
        return max(self.counted, len(self.repetitions))

    @property
    def is_warm_up(self) -> bool:
        """Whether it is a warm-up of a programme."""
        return self.plan is not None and self.plan.warm_up

    @property
    def is_test(self) -> bool:
        """Whether it is the only set of a programme and complete, so that it has a result."""
        return self.plan is not None and self.plan.sets == 1 and self.plan.took_s > 0

    @property
    def test_time_s(self) -> float | None:
        """Time for the planned repetitions of a test; None: the count is the result, or no test."""
        plan = self.plan
        if plan is None or not self.is_test or not 0 < plan.repetitions <= self.count:
            return None
        return plan.took_s

    def is_tried_only(self, least: int) -> bool:
        """Whether so little was done that it is no session: no hold, few repetitions, no rating.

        A test has a result with a single repetition, too.

        Args:
            least: repetitions of a session, unless fewer were planned and done.
        """
        if self.answered or self.holds or (self.is_test and self.count):
            return False
        planned = self.plan.repetitions if self.plan else 0
        return self.count < (min(least, planned) if planned else least)

    def add_rating(self, rating: SetRating) -> bool:
        """Take the rating if it is an answer about this session; return whether it is new."""
        answers = rating.state is RatingState.ANSWERED and rating.session_id == self.session_id
        if not answers or rating == self.rating:
            return False
        self.rating = rating
        return True

    def begin(self, stamp_ns: int) -> None:
        """Take the stamp of the first frame, unless it is known."""
        if self._start_ns is None:
            self._start_ns = stamp_ns

    def add_live(self, errors: ErrorSet) -> None:
        """Add the measures of a frame; the first is the primary one."""
        self.begin(errors.stamp_ns)
        now = self._seconds(errors.stamp_ns)
        self.duration_s = max(self.duration_s, now)
        if not errors.measures:
            return
        first = errors.measures[0]
        self.measure, self.unit = first.name, first.unit
        for measure in errors.measures:
            if measure.name == first.name:
                self.curve.setdefault(measure.side.name.lower(), Curve()).add(now, measure.value)

    def add_repetition(self, repetition: RepetitionResult) -> None:
        """Add a finished repetition; its quality and errors follow."""
        self.begin(repetition.start_ns)
        self.measure, self.unit = repetition.measure, repetition.unit
        one = RepetitionRecord(
            index=repetition.index,
            side=repetition.side.name.lower(),
            start_s=self._seconds(repetition.start_ns),
            peak_s=self._seconds(repetition.peak_ns),
            end_s=self._seconds(repetition.end_ns),
            duration_s=round(repetition.duration_s, 3),
            rest=round(repetition.rest_value, 3),
            peak=round(repetition.peak_value, 3),
            target=round(repetition.target_value, 3),
        )
        own = SideValues(one.peak, round(one.range, 3))
        since_s = self.repetitions[-1].end_s if self.repetitions else 0.0
        sides = by_side(self.curve, one.side, one.start_s, one.peak_s, own, since_s)
        one.left, one.right = sides["left"], sides["right"]
        self.repetitions.append(one)

    def add_hold(self, hold: HoldResult) -> None:
        """Add a hold, or what has changed of it since it began."""
        self.begin(hold.start_ns)
        self.measure, self.unit = hold.measure, hold.unit
        self.holds[hold.index] = HoldRecord(
            index=hold.index,
            side=hold.side.name.lower(),
            start_s=self._seconds(hold.start_ns),
            end_s=self._seconds(hold.end_ns),
            held_s=round(hold.held_s, 3),
            missed_s=round(hold.missed_s, 3),
            target_s=hold.target_s,
            value=_number(hold.value),
        )

    def add_hold_errors(self, errors: ErrorSet) -> None:
        """Add the errors of a hold that has ended."""
        if errors.repetition in self.holds:
            self.holds[errors.repetition].errors = [self._error(each) for each in errors.errors]

    def add_quality(self, quality: QualityResult) -> None:
        """Add the quality of a repetition."""
        record = self._find(quality.repetition)
        if record is not None:
            record.score = quality.score if math.isfinite(quality.score) else None
            record.grade = quality.grade.name.lower()
            record.reason = quality.reason
            record.not_judged_reason = quality.not_judged_reason.name.lower()
            joints = weightiest(quality.joint_relevance)
            record.weighed = " ".join(joint.name.lower() for joint in joints)
            record.judged_by = f"{quality.model_name} {quality.model_version}".strip()

    def add_errors(self, errors: ErrorSet) -> None:
        """Add the errors and measures of a repetition."""
        record = self._find(errors.repetition)
        if record is not None:
            record.errors = [self._error(each) for each in errors.errors]
            record.side_difference = next(
                (_number(m.value) for m in errors.measures if m.name == SIDE_DIFFERENCE), None
            )
            if (phases := phases_of(errors)) is not None:
                record.out_s, record.hold_s, record.back_s = (round(each, 3) for each in phases)

    def add_cue(self, cue: CueResult) -> None:
        """Add a cue."""
        self.cues.append((self._seconds(cue.stamp_ns), cue.text))

    def summary(self) -> Summary:
        """Return the key figures."""
        scores = [r.score for r in self.repetitions if r.score is not None]
        held = [hold.held_s for hold in self.holds.values()]
        differences = [r.side_difference for r in self.repetitions if r.side_difference is not None]
        return Summary(
            repetitions=self.count,
            judged=len(scores),
            good=sum(r.grade == Grade.GOOD.name.lower() for r in self.repetitions),
            mean_score=_mean(scores),
            mean_range=_mean([r.range for r in self.repetitions]),
            mean_side_difference=_mean(differences),
            best_hold_s=max(held, default=0.0) if self.is_hold else None,
            total_hold_s=round(sum(held), 3) if self.is_hold else None,
        )

    def as_json(self, written: str) -> dict[str, Any]:
        """Return JSON values; ``written`` is the wall-clock time, the only part that varies."""
        return {
            "format": FORMAT,
            "person": self.person,
            "written": written,
            "exercise": self.exercise,
            "title": self.title,
            "family": self.family,
            "session_id": self.session_id,
            "plan": asdict(self.plan) if self.plan else None,
            "rating": self._rating(),
            "duration_s": round(self.duration_s, 3),
            "speed_loss": round(self.course[0], 4),
            "score_change": round(self.course[1], 4),
            "measure": self.measure,
            "unit": self.unit,
            "summary": asdict(self.summary()),
            "repetitions": [
                {**asdict(r), "score": r.written_score, "range": round(r.range, 3)}
                for r in self.repetitions
            ],
            "limits": [asdict(limit) for limit in self.limits],
            "holds": [asdict(hold) for hold in self.holds.values()],
            "curve": {side: list(curve) for side, curve in self.curve.items()},
            "cues": [{"at_s": at, "text": text} for at, text in self.cues],
        }

    def _rating(self) -> dict[str, Any] | None:
        if not self.answered:
            return None
        effort = None if self.rating.effort is None else round(self.rating.effort, 2)
        return {"pain": self.rating.pain, "effort": effort, "note": self.rating.note}

    def _find(self, index: int) -> RepetitionRecord | None:
        return next((r for r in reversed(self.repetitions) if r.index == index), None)

    def _error(self, error: ErrorResult) -> ErrorRecord:
        return ErrorRecord(
            name=error.name,
            severity=int(error.severity),
            side=error.side.name.lower(),
            start_s=self._seconds(error.start_ns),
            end_s=self._seconds(error.end_ns),
            measure=error.measure,
            value=_number(error.value),
            limit=_number(error.limit),
            unit=error.unit,
        )

    def _seconds(self, stamp_ns: int) -> float:
        """Seconds since the first frame; earlier events, such as the first cue, are at 0."""
        start_ns = stamp_ns if self._start_ns is None else self._start_ns
        return round(to_seconds(max(stamp_ns - start_ns, 0)), 3)


def _number(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None


def _mean(values: list[float]) -> float | None:
    return round(statistics.fmean(values), 6) if values else None
