"""Reports of a person over weeks: squats, elbow flexion of both sides, a wall sit, a programme."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from apsa_feedback.outputs.report import files
from apsa_feedback.outputs.report.plan import PlannedPart
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_perception.model.codes import ExerciseKind, HoldState, RatingState, Side
from apsa_perception.model.results import (
    HoldResult,
    MeasureResult,
    QualityResult,
    RepetitionResult,
    SetRating,
)
from support.feedback_cases import book, live, ns, repetition

PERSON = "P-017"
FIRST_DAY = datetime.fromisoformat("2025-12-18T17:30:00+01:00")
DAYS = (0, 12, 33)
SETS = 4


def squats(part: int, better: float) -> SessionRecord:
    """Three squats; the right side bends less."""
    record = SessionRecord(PERSON, "squat", "Squat")
    record.session_id = f"squat {part} {better}"
    for at in range(1, 140):
        bent = 170.0 - (70.0 + better) * max(0.0, 1.0 - abs((at / 10) % 4 - 3))
        sides = ((Side.LEFT, bent), (Side.RIGHT, bent + 8.0 * (bent < 140.0)))
        measures = tuple(MeasureResult("knee_angle", value, "deg", side) for side, value in sides)
        record.add_live(live(at / 10, measures=measures))
    for index in (1, 2, 3):
        for event in repetition(4.0 * index, index):
            if isinstance(event, RepetitionResult):
                record.add_repetition(
                    replace(event, measure="knee_angle", rest_value=170.0,
                            peak_value=100.0 - better, target_value=90.0)
                )  # fmt: skip
            elif isinstance(event, QualityResult):
                record.add_quality(replace(event, score=0.6 + better / 60.0))
    return record


def elbow(side: Side, better: float) -> SessionRecord:
    """Three repetitions of one side."""
    name = side.name.lower()
    record = SessionRecord(PERSON, f"elbow_flexion_{name}", f"Elbow flexion, {name}")
    record.family, record.session_id = "elbow_flexion", f"elbow {name} {better}"
    lag = 25.0 if side is Side.RIGHT else 0.0
    for index in (1, 2, 3):
        for event in repetition(4.0 * index, index):
            if isinstance(event, RepetitionResult):
                record.add_repetition(
                    replace(event, side=side, measure="elbow_angle", rest_value=165.0,
                            peak_value=60.0 + lag - better, target_value=50.0)
                )  # fmt: skip
            elif isinstance(event, QualityResult):
                record.add_quality(replace(event, score=0.9 - lag / 100 + better / 200.0))
    return record


def wall_sit(better: float) -> SessionRecord:
    """One hold."""
    record = SessionRecord(PERSON, "wall_sit", "Wall sit", ExerciseKind.HOLD)
    record.session_id = f"hold {better}"
    held = 20.0 + better
    record.add_hold(
        HoldResult(ns(held), 1, "wall_sit", 1, Side.BOTH, HoldState.ENDED, 0, ns(held), held, 0.0,
                   held, held, 30.0, "knee_angle", "deg", 95.0, 0.9)
    )  # fmt: skip
    return record


def write_weeks(folder: Path, locale: str = "en") -> None:
    """Write a run of a programme of four sets on each of three days; the first one was stopped."""
    for run, day in enumerate(DAYS):
        better = 6.0 * run
        sets = [squats(1, better), elbow(Side.LEFT, better), elbow(Side.RIGHT, better)]
        if run:
            sets.append(wall_sit(better))
        for number, record in enumerate(sets, 1):
            record.plan = PlannedPart(
                "knee", "Knee", f"run {run}", SETS, number, 1, 0 if record.is_hold else 3, 20.0
            )
            record.rating = SetRating(
                record.session_id, RatingState.ANSWERED, 5 - run - number % 2, 3.0 + number / 2,
                "a little stiff" if number == 1 else "",
            )  # fmt: skip
            when = FIRST_DAY + timedelta(days=day, minutes=3 * number)
            files.write(folder, record, book(locale), when)


def do_knee(folder: Path, when: str, done: int, run: str = "", sets: int = 2) -> None:
    """Write the reports of a run of the programme knee, of which ``done`` sets were done."""
    begun = datetime.fromisoformat(when)
    for number in range(1, done + 1):
        record = squats(number, 0.0)
        record.session_id = f"{when} {number}"
        record.plan = PlannedPart("knee", "Knee", run or when, sets, 1, number, 3, 0.0)
        files.write(folder, record, book(), begun + timedelta(minutes=3 * number))
