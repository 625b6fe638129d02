"""The exercises of a programme as lines of terminal text."""

from apsa_feedback.coaching.programme_runs import ExerciseRow, ProgrammeRuns
from apsa_feedback.stream.formatting import points, printable
from apsa_perception.model.results import SessionStatus
from apsa_perception.programmes.definition import Programme

_HEAD = ("Exercise", "Sets", "Counted", "Quality")
_NOTHING = "-"


def programme_lines(runs: ProgrammeRuns, status: SessionStatus, programme: Programme | None) -> str:
    """Return the exercises of the run of a session with sets, counted and mean score.

    Empty for a programme of a single set, of which the summary of the session tells all.

    Args:
        runs: what was done.
        status: a state of the session.
        programme: its programme; None: it is not known.
    """
    rows = [_HEAD, *(_cells(row) for row in runs.rows(status, programme))]
    if len(rows) == 1:
        return ""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    title = programme.title if programme else status.programme
    head = f"Programme summary: {printable(title)}"
    return "\n".join([head, "", *(f"  {line}" for line in lines)])


def _cells(row: ExerciseRow) -> tuple[str, ...]:
    counted = f"{row.held_s:.0f} s held" if row.is_hold else str(row.counted)
    return (
        printable(row.title),
        f"{row.sets} of {row.set_count}",
        counted if row.counted else _NOTHING,
        _NOTHING if row.score is None else str(points(row.score)),
    )
