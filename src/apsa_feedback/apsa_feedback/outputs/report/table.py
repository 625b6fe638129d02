"""The table of a report as CSV: a row for each repetition or hold, complete by itself."""

import csv
import io

from apsa_feedback.outputs.report.records import HoldRecord, RepetitionRecord
from apsa_feedback.outputs.report.session_record import SessionRecord

_SESSION_COLUMNS = ("person", "date", "exercise", "programme", "set")
_SET_COLUMNS = (
    "speed_loss", "score_change", "pain", "effort", "note", "set_repetitions", "set_took_s",
    "warm_up",
)  # fmt: skip
"""The same in each row: how the set ended, 0..1 and -1..1, what the person answered, and what was
done: its repetitions, also an unfinished one that counts, and its time if it is complete."""

_COLUMNS = (
    "repetition", "side", "start_s", "duration_s", "measure", "unit", "rest", "peak", "target",
    "range", "left", "right", "side_difference", "score", "grade", "reason", "errors",
)  # fmt: skip
_HOLD_COLUMNS = (
    "hold", "side", "start_s", "end_s", "held_s", "missed_s", "target_s", "measure", "unit",
    "value", "errors",
)  # fmt: skip

Cell = str | int | float | None


def columns_of(*, hold: bool) -> tuple[str, ...]:
    """Return the names of the columns of a session of repetitions or of holds."""
    return (*_SESSION_COLUMNS, *(_HOLD_COLUMNS if hold else _COLUMNS), *_SET_COLUMNS)


def rows_of(record: SessionRecord, written: str) -> list[tuple[Cell, ...]]:
    """Return the rows of a session; ``left`` and ``right`` are the values at the turning point.

    Args:
        record: the session.
        written: ISO 8601 time of its report.
    """
    plan, rating = record.plan, record.rating
    session = (
        record.person, written, record.exercise,
        plan.programme if plan else "", plan.set_number if plan else None,
    )  # fmt: skip
    # Exactly 0 is what was not measured, as in Session.msg.
    course = (round(value, 4) or None for value in record.course)
    of_set = (
        *course, rating.pain, rating.effort, rating.note,
        None if record.is_hold else record.count,
        (plan.took_s or None) if plan else None, int(record.is_warm_up),
    )  # fmt: skip
    if record.is_hold:
        return [(*session, *_hold(record, hold), *of_set) for hold in record.holds.values()]
    return [(*session, *_repetition(record, one), *of_set) for one in record.repetitions]


def table(record: SessionRecord, written: str) -> str:
    """Return the rows of a session as CSV with the names of the columns."""
    return as_csv(columns_of(hold=record.is_hold), rows_of(record, written))


def as_csv(columns: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> str:
    """Return rows as CSV; a text never starts a formula in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue()


def _repetition(record: SessionRecord, one: RepetitionRecord) -> tuple[Cell, ...]:
    return (
        one.index, one.side, one.start_s, one.duration_s, record.measure, record.unit,
        one.rest, one.peak, one.target, round(one.range, 3),
        one.left.peak if one.left else None, one.right.peak if one.right else None,
        one.side_difference,
        one.written_score, one.grade, one.reason, " ".join(error.name for error in one.errors),
    )  # fmt: skip


def _hold(record: SessionRecord, hold: HoldRecord) -> tuple[Cell, ...]:
    return (
        hold.index, hold.side, hold.start_s, hold.end_s, hold.held_s, hold.missed_s,
        hold.target_s, record.measure, record.unit, hold.value,
        " ".join(error.name for error in hold.errors),
    )  # fmt: skip


def _plain(cell: Cell) -> Cell:
    risky = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if risky else cell
