"""Tables of the results of many recordings: their columns, types and units."""

from enum import Enum
from typing import Any, NamedTuple

Row = dict[str, Any]
"""Values by the name of the column; None where there is none."""

Rows = dict[str, list[Row]]
"""Rows by the name of their table."""


class Kind(Enum):
    """Type of the values of a column, as Arrow names it."""

    TEXT = "string"
    INTEGER = "int64"
    NUMBER = "double"
    NUMBERS = "list<double>"
    TEXTS = "list<string>"


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: its name.
        kind: type of its values; every value may be missing.
        unit: ``s``, ``ns``, ``1`` for ratios, ``*`` for that in the column ``unit``; empty: none.
        help: what it holds.
    """

    name: str
    kind: Kind
    unit: str
    help: str


def _text(name: str, help: str) -> Column:
    return Column(name, Kind.TEXT, "", help)


def _count(name: str, help: str) -> Column:
    return Column(name, Kind.INTEGER, "", help)


def _number(name: str, unit: str, help: str) -> Column:
    return Column(name, Kind.NUMBER, unit, help)


def _stamp(name: str, help: str) -> Column:
    return Column(name, Kind.INTEGER, "ns", help)


_RECORDING = (
    _text("recording", "path of the recording below the folder that was judged"),
    _text("exercise", "name of the exercise"),
)
_SESSION = (
    *_RECORDING,
    _text("session_id", "as in the messages; a recording whose clock was set back has several"),
    _count("body", "number of the person"),
)
_REPETITION = (
    *_SESSION,
    _count("repetition", "number of the repetition or hold within the session, from 1"),
)
_REASON = _text("reason", "why there is no value, one sentence")

RECORDINGS, FAILURES = "recordings", "failures"
REPETITIONS, ERRORS, QUALITY, MEASURES = "repetitions", "errors", "quality", "measures"
HOLDS = "holds"

TABLES: dict[str, tuple[Column, ...]] = {
    REPETITIONS: (
        *_REPETITION,
        _text("side", "both, left or right"),
        _stamp("start_ns", "left the starting posture; stamp of the recording"),
        _stamp("peak_ns", "turning point"),
        _stamp("end_ns", "back in the starting posture"),
        _number("start_s", "s", "start since the first frame of the recording"),
        _number("duration_s", "s", "end minus start"),
        _text("measure", "name of the primary measure"),
        _text("unit", "unit of the next three columns: deg, or 1 for a ratio"),
        _number("rest_value", "*", "primary measure in the starting posture"),
        _number("peak_value", "*", "primary measure at the turning point"),
        _number("target_value", "*", "what the exercise asks for at the turning point"),
        _number("confidence", "1", "mean confidence of the joints that matter, 0 to 1"),
    ),
    HOLDS: (
        *_SESSION,
        _count("hold", "number of the hold within the session, from 1"),
        _text("side", "both, left or right"),
        _text("state", "ended, or began and held where the recording ends before the hold"),
        _stamp("start_ns", "first frame in the position; stamp of the recording"),
        _stamp("end_ns", "last frame in the position"),
        _number("start_s", "s", "start since the first frame of the recording"),
        _number("held_s", "s", "time seen in the position"),
        _number("missed_s", "s", "time between start and end that does not count"),
        _number("target_s", "s", "time asked for; 0: none"),
        _text("measure", "name of the first measure of the position"),
        _text("unit", "unit of the next column"),
        _number("value", "*", "its mean in the position"),
        _number("confidence", "1", "mean confidence of the joints that matter, 0 to 1"),
    ),
    ERRORS: (
        *_REPETITION,
        _text("scope", "repetition or hold: of a finished one; live: raised in it, its last state"),
        _text("error", "name, such as knee_valgus"),
        _count("code", "number of the error, as in ExerciseError.msg"),
        _text("severity", "mild, moderate or severe"),
        _number("probability", "1", "that the error is one, 0 to 1"),
        _text("side", "both, left or right"),
        _text("phase", "phase in which it was strongest"),
        Column("joints", Kind.TEXTS, "", "names of the joints that it concerns"),
        _text("measure", "name of the measure that shows it; empty if the network found it"),
        _text("unit", "unit of the next two columns"),
        _number("value", "*", "most extreme value of the measure"),
        _number("limit", "*", "limit that it crossed"),
        _text("source", "rules, network or rules_and_network"),
        _text("source_name", "name of the rule or of the model"),
        _stamp("start_ns", "first frame of the error"),
        _stamp("end_ns", "last frame of the error"),
    ),
    QUALITY: (
        *_REPETITION,
        _number("score", "1", "0 to 1, 1 is executed correctly; missing if not judged"),
        _text("grade", "good, fair, poor or not_judged"),
        _text("not_judged_reason", "none, or why not, as in ExerciseQuality.msg"),
        _REASON,
        _number("confidence", "1", "0 to 1"),
        Column("joint_relevance", Kind.NUMBERS, "1", "weight of each of the 20 joints, sum 1 or 0"),
        _text("source", "rules or network"),
        _text("model_name", "such as apsa_irds, or rules"),
        _text("model_version", "version of the weights or of the rules"),
        _stamp("window_start_ns", "first frame judged"),
        _stamp("window_end_ns", "last frame judged"),
    ),
    MEASURES: (
        *_REPETITION,
        _text("measure", "name of the measure"),
        _text("side", "both, left or right"),
        _text("unit", "deg, m, s, or 1 for a ratio"),
        _number("value", "*", "value of the repetition; missing if not judged"),
        _number("uncertainty", "*", "its standard error; missing if unknown"),
        _REASON,
    ),
    FAILURES: (
        *_RECORDING,
        _text("reason", "why the recording could not be judged, one sentence"),
    ),
    RECORDINGS: (
        *_RECORDING,
        _count("frames", "frames that were assessed"),
        _count("frames_dropped", "frames that were not, such as pictures that cannot be decoded"),
        _count("frames_with_person", "assessed frames in which the exerciser was in view"),
        _number("duration_s", "s", "last minus first frame"),
        _count("repetitions", "repetitions counted"),
        _count("judged", "repetitions with a score"),
        _count("good", "repetitions graded good"),
        _number("mean_score", "1", "mean score of the judged repetitions; missing without one"),
        _number("computing_s", "s", "computing time of the worker"),
        _text("notes", "what is missing of the recording, and why frames were dropped"),
    ),
}
"""Every table by name; a file ``<name>.parquet`` holds each."""
