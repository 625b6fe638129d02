"""Lines of terminal text for the events of a session."""

import os
from collections.abc import Mapping
from typing import TextIO

from apsa_feedback.coaching.camera_cues import waits_upside_down
from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.session_cues import note_of_change
from apsa_feedback.stream.events import Event, SkeletonFrame
from apsa_feedback.stream.formatting import amount, points, printable
from apsa_feedback.stream.new_errors import NewErrors
from apsa_feedback.stream.session_tracker import NewSession
from apsa_feedback.terminal.phrases import measure_name, of_side, set_title, uncapitalised
from apsa_perception.exercises import tempo
from apsa_perception.model.codes import Grade, HoldState, JudgedBy, Missing
from apsa_perception.model.results import (
    ErrorResult,
    ErrorSet,
    HoldResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.model.time import to_seconds

_COLOURS = {
    "repetition": "1",
    "hold": "1",
    "quality": "36",
    "error": "33",
    "cue": "1;32",
    "session": "2",
}


def wants_colour(stream: TextIO) -> bool:
    """Return whether to use colour: on a terminal, unless NO_COLOR (no-color.org) is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class EventLines:
    """Turns events into aligned lines; a live error gives a line only when it is raised.

    Args:
        words: those of the page, in English.
        colour: whether the kind of event is coloured.
    """

    def __init__(self, words: Mapping[str, str], colour: bool = False) -> None:
        self._words = words
        self._colour = colour
        self._new_errors = NewErrors()
        self._start_ns: int | None = None
        self._status: SessionStatus | None = None

    def lines(self, event: Event | CueResult) -> list[str]:
        """Return the lines for an event; none for most frames."""
        if not isinstance(
            event, NewSession | SessionStatus | CueResult
        ):  # stamped 0 before the first frame
            known = event.stamp_ns if self._start_ns is None else self._start_ns
            self._start_ns = min(event.stamp_ns, known)
        match event:
            case NewSession() | SkeletonFrame():
                texts: list[tuple[str, str]] = []
            case SessionStatus():
                texts = self._session(event)
            case RepetitionResult():
                texts = [("repetition", self._repetition(event))]
            case HoldResult():
                texts = [("hold", text)] if (text := self._hold(event)) else []
            case QualityResult():
                texts = [("quality", _quality(event))]
            case ErrorSet():
                texts = [("error", self._error(error)) for error in self._new_errors.update(event)]
            case CueResult():
                texts = [("cue", f"“{event.text}”")]
        return [self._line(event.stamp_ns, kind, text) for kind, text in texts]

    def _session(self, status: SessionStatus) -> list[tuple[str, str]]:
        before, self._status = self._status, status
        texts = []
        if before is None or before.state is not status.state:
            texts.append(self._state(status))
        waits = self._missing(status)
        if waits != (self._missing(before) if before else []):
            texts += waits
        if note := note_of_change(before, status):
            texts.append(note)
        return [("session", text) for text in texts]

    def _state(self, status: SessionStatus) -> str:
        """Such as "Squat, set 1 of 2: running"."""
        state = self._words[f"state_{status.state.name.lower()}"]
        title = set_title(status)
        return f"{title}: {uncapitalised(state)}" if title else state

    def _missing(self, status: SessionStatus) -> list[str]:
        if status.missing is Missing.NOTHING:
            return []
        missing = "upside_down" if waits_upside_down(status) else status.missing.name.lower()
        return [f"waiting: {uncapitalised(self._words[f'missing_{missing}'])}"]

    def _repetition(self, event: RepetitionResult) -> str:
        side = of_side(event.side, self._words)
        measure = uncapitalised(measure_name(event.measure, self._words))
        return (
            f"{event.index:3d}  {side}{event.duration_s:.1f} s, "
            f"{measure} {amount(event.peak_value, event.unit)} "
            f"(target {amount(event.target_value, event.unit)})"
        )

    def _hold(self, event: HoldResult) -> str:
        """The beginning and the end of a hold; nothing for the seconds between."""
        start = f"{event.index:3d}  {of_side(event.side, self._words)}"
        match event.state:
            case HoldState.BEGAN:
                return f"{start}begins" + (
                    f", target {event.target_s:.0f} s" if event.target_s else ""
                )
            case HoldState.HELD:
                return ""
            case HoldState.ENDED:
                measure = uncapitalised(measure_name(event.measure, self._words))
                return (
                    f"{start}{event.held_s:.1f} s{_missed(event.missed_s)}, "
                    f"{measure} {amount(event.value, event.unit)} "
                    f"(best {event.best_s:.1f} s, total {event.total_s:.1f} s)"
                )

    def _error(self, error: ErrorResult) -> str:
        side = of_side(error.side, self._words)
        text = f"{self._words[error.name]}, {side}{error.severity.name.lower()}"
        if not error.measure:
            return f"{text} (found by the network)"
        measure = uncapitalised(measure_name(error.measure, self._words))
        value, limit = amount(error.value, error.unit), amount(error.limit, error.unit)
        if error.source_name.startswith(tempo.SOURCE):
            return f"{text}: {measure} {value} (the tempo asks for {limit})"
        beyond = self._words["error_above" if error.value > error.limit else "error_below"]
        return f"{text}: {measure} {value} ({beyond} {limit})"

    def _line(self, stamp_ns: int, kind: str, text: str) -> str:
        start_ns = stamp_ns if self._start_ns is None else self._start_ns
        seconds = to_seconds(max(stamp_ns - start_ns, 0))
        label = f"{kind:<10}"
        if self._colour:
            label = f"\x1b[{_COLOURS[kind]}m{label}\x1b[0m"
        return f"{int(seconds // 60):3d}:{seconds % 60:04.1f}  {label}  {printable(text)}"


def _missed(seconds: float) -> str:
    return f", not counted {seconds:.1f} s" if seconds >= 0.1 else ""


def _quality(event: QualityResult) -> str:
    if event.grade is Grade.NOT_JUDGED:
        return f"{event.repetition:3d}  not judged: {event.reason}"
    by_rules = event.source is JudgedBy.RULES
    judge = "rules of the exercise" if by_rules else f"network {event.model_name}"
    return (
        f"{event.repetition:3d}  {points(event.score)} {event.grade.name.lower()}  "
        f"(judged by the {judge})"
    )
