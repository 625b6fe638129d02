"""Rows of the tables from the results of one recording."""

import math
from enum import IntEnum

from apsa_perception.model.codes import ErrorCode, ErrorScope, Grade
from apsa_perception.model.results import (
    AssessmentResult,
    ErrorResult,
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
)
from apsa_perception.model.time import to_seconds
from apsa_perception.recordings.schema import (
    ERRORS,
    HOLDS,
    MEASURES,
    QUALITY,
    REPETITIONS,
    Row,
    Rows,
)


class Collector:
    """Takes the results of a recording as they arise and keeps what the tables hold.

    An error that is raised while moving is one row, with its state when it was cleared.

    Args:
        recording: name of the recording.
        exercise: name of its exercise.
    """

    def __init__(self, recording: str, exercise: str) -> None:
        self._common = {"recording": recording, "exercise": exercise}
        self.rows: Rows = {name: [] for name in (REPETITIONS, HOLDS, ERRORS, QUALITY, MEASURES)}
        self.frames = self.frames_with_person = 0
        self._first_ns = self._last_ns = 0
        self._duration_ns = 0
        self._live: dict[ErrorCode, Row] = {}
        self._hold: tuple[int, Row] | None = None

    def restart(self) -> None:
        """Another session begins: the clock was set back."""
        self._duration_ns += self._last_ns - self._first_ns
        self._first_ns = self._last_ns = 0
        self._live.clear()
        self._hold = None

    def add(self, result: AssessmentResult) -> None:
        """Take a result."""
        match result:
            case RepetitionResult():
                self._add_repetition(result)
            case HoldResult():
                self._add_hold(result)
            case QualityResult():
                self._add_quality(result)
            case ErrorSet(scope=ErrorScope.LIVE):
                self._add_live(result)
            case ErrorSet():
                self._add_verdict(result)

    def summary(self) -> Row:
        """Return counts over the whole recording, for its row in the table of recordings."""
        grades = [row["grade"] for row in self.rows[QUALITY]]
        scores = [row["score"] for row in self.rows[QUALITY] if row["score"] is not None]
        return {
            **self._common,
            "frames": self.frames,
            "frames_with_person": self.frames_with_person,
            "duration_s": to_seconds(self._duration_ns + self._last_ns - self._first_ns),
            "repetitions": len(self.rows[REPETITIONS]),
            "judged": len(scores),
            "good": grades.count(_word(Grade.GOOD)),
            "mean_score": math.fsum(scores) / len(scores) if scores else None,
        }

    def _of(self, result: RepetitionResult | QualityResult | ErrorSet) -> Row:
        index = result.index if isinstance(result, RepetitionResult) else result.repetition
        return {
            **self._common,
            "session_id": result.session_id,
            "body": result.body_id,
            "repetition": index,
        }

    def _since_start_s(self, stamp_ns: int) -> float:
        """Seconds of the recording until a stamp, without what a clock was set back by."""
        return to_seconds(self._duration_ns + stamp_ns - self._first_ns)

    def _add_repetition(self, result: RepetitionResult) -> None:
        self.rows[REPETITIONS].append(
            {
                **self._of(result),
                "side": _word(result.side),
                "start_ns": result.start_ns,
                "peak_ns": result.peak_ns,
                "end_ns": result.end_ns,
                "start_s": self._since_start_s(result.start_ns),
                "duration_s": result.duration_s,
                "measure": result.measure,
                "unit": result.unit,
                "rest_value": _known(result.rest_value),
                "peak_value": _known(result.peak_value),
                "target_value": _known(result.target_value),
                "confidence": _known(result.confidence),
            }
        )

    def _add_hold(self, result: HoldResult) -> None:
        """Add a hold, or what has changed of it since it began."""
        if self._hold is None or self._hold[0] != result.start_ns:
            self._hold = result.start_ns, {}
            self.rows[HOLDS].append(self._hold[1])
        self._hold[1].update(
            **self._common,
            session_id=result.session_id,
            body=result.body_id,
            hold=result.index,
            side=_word(result.side),
            state=_word(result.state),
            start_ns=result.start_ns,
            end_ns=result.end_ns,
            start_s=self._since_start_s(result.start_ns),
            held_s=result.held_s,
            missed_s=result.missed_s,
            target_s=result.target_s,
            measure=result.measure,
            unit=result.unit,
            value=_known(result.value),
            confidence=_known(result.confidence),
        )

    def _add_quality(self, result: QualityResult) -> None:
        self.rows[QUALITY].append(
            {
                **self._of(result),
                "score": _known(result.score),
                "grade": _word(result.grade),
                "not_judged_reason": _word(result.not_judged_reason),
                "reason": result.reason,
                "confidence": _known(result.confidence),
                "joint_relevance": result.joint_relevance.tolist(),
                "source": _word(result.source),
                "model_name": result.model_name,
                "model_version": result.model_version,
                "window_start_ns": result.window_start_ns,
                "window_end_ns": result.window_end_ns,
            }
        )

    def _add_verdict(self, result: ErrorSet) -> None:
        common = self._of(result)
        self.rows[ERRORS] += [
            {**common, "scope": _word(result.scope), **_error(each)} for each in result.errors
        ]
        self.rows[MEASURES] += [
            {
                **common,
                "measure": each.name,
                "side": _word(each.side),
                "unit": each.unit,
                "value": _known(each.value),
                "uncertainty": _known(each.uncertainty),
                "reason": each.reason,
            }
            for each in result.measures
        ]

    def _add_live(self, result: ErrorSet) -> None:
        self.frames += 1
        self.frames_with_person += result.body_id != 0
        self._first_ns = self._first_ns or result.stamp_ns
        self._last_ns = result.stamp_ns
        if not result.errors and not self._live:
            return
        for code in self._live.keys() - {each.code for each in result.errors}:
            del self._live[code]
        for each in result.errors:
            row = self._live.get(each.code)
            if row is None:
                row = self._live[each.code] = {**self._of(result), "scope": "live"}
                self.rows[ERRORS].append(row)
            row.update(_error(each))


def _error(error: ErrorResult) -> Row:
    return {
        "error": error.name,
        "code": int(error.code),
        "severity": _word(error.severity),
        "probability": _known(error.probability),
        "side": _word(error.side),
        "phase": _word(error.phase),
        "joints": [_word(joint) for joint in error.joints],
        "measure": error.measure,
        "unit": error.unit,
        "value": _known(error.value),
        "limit": _known(error.limit),
        "source": _word(error.source),
        "source_name": error.source_name,
        "start_ns": error.start_ns,
        "end_ns": error.end_ns,
    }


def _word(value: IntEnum) -> str:
    return value.name.lower()


def _known(value: float) -> float | None:
    """A number, or None where there is none: NaN is a number in most readers of Parquet."""
    return float(value) if math.isfinite(value) else None
