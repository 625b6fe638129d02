"""The overview of many recordings: one page that needs nothing else and works offline."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from apsa_perception.recordings.schema import ERRORS, FAILURES, QUALITY, RECORDINGS, Row

MOST_ROWS = 5000
"""Recordings that the page lists; browsers get slow with more. The tables hold all."""

_PACKAGE = "apsa_perception.recordings"
_SHOWN_SCORES = 30
_SHOWN_ERRORS = 3
_BINS = 10


@dataclass
class RecordingSummary:
    """What the page shows of a recording.

    Attributes:
        name: its name.
        exercise: name of its exercise.
        failure: why it could not be judged; empty if it could.
        notes: what is missing of it.
        duration_s: last minus first frame.
        repetitions: repetitions counted.
        judged: of which got a score.
        good: of which graded good.
        mean_score: of the judged ones; None without one.
        scores: of its first repetitions in their order; None where one was not judged.
        errors: how many repetitions have an error, by its name.
    """

    name: str
    exercise: str
    failure: str = ""
    notes: str = ""
    duration_s: float = 0.0
    repetitions: int = 0
    judged: int = 0
    good: int = 0
    mean_score: float | None = None
    scores: list[float | None] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


@dataclass
class ExerciseSummary:
    """The same of all recordings of an exercise; ``bins`` counts the scores by tenths."""

    name: str
    recordings: int = 0
    repetitions: int = 0
    judged: int = 0
    good: int = 0
    bins: list[int] = field(default_factory=lambda: [0] * _BINS)
    errors: Counter[str] = field(default_factory=Counter)
    total_score: float = 0.0

    @property
    def shares(self) -> list[float]:
        """Count of each bin over that of the fullest one."""
        return [count / max(*self.bins, 1) for count in self.bins]

    @property
    def mean_score(self) -> float | None:
        """Mean of all scores; None without one."""
        return self.total_score / self.judged if self.judged else None


class Overview:
    """Collects what the page shows while rows pass by."""

    def __init__(self) -> None:
        self._recordings: dict[str, RecordingSummary] = {}
        self._exercises: dict[str, ExerciseSummary] = {}

    def passing(self, rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
        """Yield the rows unchanged."""
        for table, row in rows:
            self._add(table, row)
            yield table, row

    def html(self) -> str:
        """Return the page; failures come first."""
        listed = sorted(self._recordings.values(), key=lambda one: not one.failure)
        exercises = sorted(self._exercises.values(), key=lambda one: one.name)
        for exercise in exercises:
            own = [each for each in listed if each.exercise == exercise.name]
            exercise.recordings = len(own)
            exercise.repetitions = sum(each.repetitions for each in own)
        script = (files(_PACKAGE) / "overview.js").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        return (
            _environment()
            .get_template("overview.html.jinja")
            .render(
                style=(files(_PACKAGE) / "overview.css").read_text(encoding="utf-8"),
                script=script,
                policy="default-src 'none'; style-src 'unsafe-inline'; "
                f"script-src 'sha256-{digest}'",
                recordings=listed[:MOST_ROWS],
                count=len(listed),
                failures=[each for each in listed if each.failure][:MOST_ROWS],
                exercises=exercises,
                hours=sum(each.duration_s for each in listed) / 3600.0,
            )
        )

    def _add(self, table: str, row: Row) -> None:
        if table not in (RECORDINGS, FAILURES, QUALITY, ERRORS):
            return
        name, exercise = row["recording"], row["exercise"]
        one = self._recordings.setdefault(name, RecordingSummary(name, exercise))
        whole = self._exercises.setdefault(exercise, ExerciseSummary(exercise))
        if table == FAILURES:
            one.failure = row["reason"]
        elif table == RECORDINGS:
            for key in ("notes", "duration_s", "repetitions", "judged", "good", "mean_score"):
                setattr(one, key, row[key])
        elif table == QUALITY:
            score = row["score"]
            if len(one.scores) < _SHOWN_SCORES:
                one.scores.append(score)
            if score is not None:
                whole.judged += 1
                whole.good += row["grade"] == "good"
                whole.total_score += score
                whole.bins[min(int(score * _BINS), _BINS - 1)] += 1
        elif row["scope"] != "live":
            one.errors[row["error"]] += 1
            whole.errors[row["error"]] += 1


def write_overview(out: Path, overview: Overview) -> None:
    """Write ``index.html``; readers see the earlier one until it is complete.

    Raises:
        OSError: it cannot be written.
    """
    partial = out / ".index.html.partial"
    partial.write_text(overview.html(), encoding="utf-8")
    partial.replace(out / "index.html")


def _environment() -> Environment:
    """The template environment: text is escaped, an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"points": _points, "bars": _bars, "common": _common, "clock": _clock}
    return environment


def _points(score: float | None) -> str:
    return "–" if score is None else f"{100.0 * score:.0f}"


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"


def _bars(values: Sequence[float | None]) -> list[tuple[int, float, str]]:
    """Position, height 0..1 and kind of each bar of a small chart of values 0..1."""
    return [
        (index, 0.5 if value is None else max(value, 0.04), "unknown" if value is None else "known")
        for index, value in enumerate(values)
    ]


def _common(errors: Counter[str]) -> str:
    """The most frequent errors with their counts."""
    found = errors.most_common(_SHOWN_ERRORS)
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in found) or "–"
