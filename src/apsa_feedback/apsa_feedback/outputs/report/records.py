"""The records of a session: repetitions, holds, their errors, and the key figures."""

from dataclasses import dataclass, field

from apsa_feedback.outputs.report.sides import SideValues
from apsa_feedback.stream.tempo import Phases
from apsa_perception.model.codes import Grade


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """An error of a repetition; times are seconds since the start, value and limit in ``unit``."""

    name: str
    severity: int
    side: str
    start_s: float
    end_s: float
    measure: str
    value: float | None
    limit: float | None
    unit: str


@dataclass(slots=True)
class RepetitionRecord:
    """A repetition with its quality and errors; times are seconds since the start.

    ``not_judged_reason``: name of the reason without a score; in reports of older versions empty.
    ``weighed``: names of the joints that weighed most for a score of the network, with spaces.
    ``out_s``, ``hold_s`` and ``back_s``: its phases, in a set with a tempo.
    """

    index: int
    side: str
    start_s: float
    peak_s: float
    end_s: float
    duration_s: float
    rest: float
    peak: float
    target: float
    score: float | None = None
    grade: str = Grade.NOT_JUDGED.name.lower()
    reason: str = ""
    not_judged_reason: str = ""
    judged_by: str = ""
    weighed: str = ""
    side_difference: float | None = None
    out_s: float | None = None
    hold_s: float | None = None
    back_s: float | None = None
    left: SideValues | None = None
    right: SideValues | None = None
    errors: list[ErrorRecord] = field(default_factory=list)

    @property
    def range(self) -> float:
        """Range of motion from rest to the turning point, in the unit of the measure."""
        return abs(self.peak - self.rest)

    @property
    def phases(self) -> Phases | None:
        """Its phases; None if they were not measured."""
        out_s, hold_s, back_s = self.out_s, self.hold_s, self.back_s
        if out_s is None or hold_s is None or back_s is None:
            return None
        return Phases(out_s, hold_s, back_s)

    @property
    def written_score(self) -> float | None:
        """The score for files; for people the unrounded score is formatted."""
        return None if self.score is None else round(self.score, 3)


@dataclass(slots=True)
class HoldRecord:
    """A hold with its errors; times are seconds, ``value`` is the mean of the first measure."""

    index: int
    side: str
    start_s: float
    end_s: float
    held_s: float
    missed_s: float
    target_s: float
    value: float | None
    errors: list[ErrorRecord] = field(default_factory=list)


@dataclass(frozen=True)
class Summary:
    """Key figures of a session; means over what was judged, None if nothing was.

    ``best_hold_s`` is None in a session of repetitions.
    """

    repetitions: int
    judged: int
    good: int
    mean_score: float | None
    mean_range: float | None
    mean_side_difference: float | None
    best_hold_s: float | None = None
    total_hold_s: float | None = None


@dataclass(frozen=True)
class Past:
    """An earlier session of the same person and exercise."""

    written: str
    mean_score: float | None
    mean_range: float | None
    best_hold_s: float | None = None
