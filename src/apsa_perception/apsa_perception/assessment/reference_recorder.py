"""A reference recorded during a session: a new exercise from what the person does."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from apsa_perception.biomechanics.posture import Posture
from apsa_perception.exercises.demonstration import Demonstration
from apsa_perception.exercises.file import check_name, write_exercise
from apsa_perception.exercises.generator import MIN_REPETITIONS, generate_exercise
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestError, RequestErrorCode, SessionEvent
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.time import NS_PER_S

MAX_REPETITIONS = 20

# Measuring a frame takes most of a millisecond, and the session waits until all are measured.
_HISTORY_S = 30
_TIMEOUT_S = 120
_CHECK_INTERVAL_NS = NS_PER_S // 2
_REST_NS = NS_PER_S


class RecordingNews(NamedTuple):
    """A change of the recording: event of the session and its sentence."""

    event: SessionEvent
    message: str


@dataclass
class _Recording:
    """The recording in progress."""

    name: str
    title: str
    repetitions: int
    shown: Demonstration = field(default_factory=Demonstration)
    started_ns: int = 0
    checked_ns: int = 0
    found: int = 0


class ReferenceRecorder:
    """Keeps the last half minute of the exerciser and makes exercises from it.

    Args:
        library: the exercises whose names are taken.
        folder: where new exercises are written; None where none can be.
    """

    def __init__(self, library: ExerciseLibrary, folder: Path | None) -> None:
        self._library = library
        self._folder = folder
        self._history: deque[tuple[int, Posture]] = deque()
        self._starts_ns: deque[int] = deque()
        self._has_lost_rest = False
        self._recording: _Recording | None = None

    def note_repetition(self, start_ns: int) -> None:
        """Note the start of a counted repetition: the person rests before it."""
        self._starts_ns.append(start_ns)

    def record_past(self, name: str, title: str) -> RecordingNews:
        """Make an exercise from the last half minute.

        It begins with the rest before the first repetition that was counted in that time.

        Raises:
            RequestError: the name cannot be used, or too few repetitions were shown.
        """
        folder = self._checked_folder(name)
        if self._has_lost_rest and not self._starts_ns:
            raise RequestError(
                RequestErrorCode.TOO_FEW_REPETITIONS,
                Sentence.NOTHING_COUNTED.text(seconds=_HISTORY_S),
            )
        shown = Demonstration()
        begin_ns = self._starts_ns[0] - _REST_NS if self._starts_ns else 0
        for stamp_ns, posture in self._history:
            if stamp_ns >= begin_ns:
                shown.add(stamp_ns, posture)
        return _write(folder, shown, name, title)

    def record_next(self, name: str, title: str, repetitions: int) -> RecordingNews:
        """Start to record; ``add`` returns how it ends.

        Raises:
            RequestError: the name cannot be used, the number is out of range, or a recording is
                in progress.
        """
        self._checked_folder(name)
        if not MIN_REPETITIONS <= repetitions <= MAX_REPETITIONS:
            raise RequestError(
                RequestErrorCode.OUT_OF_RANGE,
                Sentence.RECORDED_COUNT.text(
                    value=repetitions, low=MIN_REPETITIONS, high=MAX_REPETITIONS
                ),
            )
        if self._recording is not None:
            raise RequestError(
                RequestErrorCode.BUSY,
                Sentence.RECORDS_ALREADY.text(name=self._recording.name),
            )
        self._recording = _Recording(name, title, repetitions)
        return RecordingNews(
            SessionEvent.RECORDING_STARTED,
            Sentence.RECORDING.text(name=name, count=repetitions),
        )

    def add(self, stamp_ns: int, posture: Posture, *, coached: bool) -> RecordingNews | None:
        """Add a frame and return what changed in the recording, if anything.

        Args:
            stamp_ns: stamp of the frame.
            posture: the exerciser.
            coached: whether the session is running, so that the frame belongs to the history.
        """
        if coached:
            self._keep(stamp_ns, posture)
        return self._continue(self._recording, stamp_ns, posture) if self._recording else None

    def reset(self) -> str:
        """Forget everything, for another session or person; return a note of a lost recording."""
        self._history.clear()
        self._starts_ns.clear()
        self._has_lost_rest = False
        lost, self._recording = self._recording, None
        return f"the recording of {lost.name} was discarded" if lost else ""

    def _keep(self, stamp_ns: int, posture: Posture) -> None:
        self._history.append((stamp_ns, posture))
        while self._history[0][0] < stamp_ns - _HISTORY_S * NS_PER_S:
            self._history.popleft()
            self._has_lost_rest = True
            # A repetition without the rest before it cannot be the first one.
            while self._starts_ns and self._starts_ns[0] < self._history[0][0] + _REST_NS:
                self._starts_ns.popleft()

    def _continue(
        self, recording: _Recording, stamp_ns: int, posture: Posture
    ) -> RecordingNews | None:
        recording.shown.add(stamp_ns, posture)
        recording.started_ns = recording.started_ns or stamp_ns
        if stamp_ns - recording.checked_ns < _CHECK_INTERVAL_NS:
            return None
        recording.checked_ns = stamp_ns
        found = recording.shown.count()
        if found >= recording.repetitions:
            return self._finish(recording)
        if stamp_ns - recording.started_ns > _TIMEOUT_S * NS_PER_S:
            self._recording = None
            return RecordingNews(
                SessionEvent.RECORDING_FAILED,
                Sentence.RECORDING_LATE.text(
                    name=recording.name,
                    found=found,
                    count=recording.repetitions,
                    seconds=_TIMEOUT_S,
                ),
            )
        if found <= recording.found:
            return None
        recording.found = found
        return RecordingNews(
            SessionEvent.RECORDING_STARTED,
            Sentence.RECORDING_SEEN.text(
                name=recording.name, found=found, count=recording.repetitions
            ),
        )

    def _finish(self, recording: _Recording) -> RecordingNews:
        self._recording = None
        try:
            folder = self._checked_folder(recording.name)
            return _write(folder, recording.shown, recording.name, recording.title)
        except ValueError as error:
            return RecordingNews(
                SessionEvent.RECORDING_FAILED,
                Sentence.RECORDING_FAILED.text(name=recording.name, why=error),
            )

    def _checked_folder(self, name: str) -> Path:
        """Return the folder for a new exercise after checking that the name is free."""
        if self._folder is None:
            raise RequestError(
                RequestErrorCode.NO_FOLDER,
                Sentence.NO_EXERCISE_FOLDER.text(),
            )
        if self._library.has(name):
            raise RequestError(
                RequestErrorCode.EXERCISE_EXISTS,
                Sentence.EXERCISE_EXISTS.text(name=repr(name)),
            )
        check_name(self._folder, name)
        return self._folder


def _write(folder: Path, shown: Demonstration, name: str, title: str) -> RecordingNews:
    path = write_exercise(folder, name, generate_exercise(shown, name, title))
    return RecordingNews(SessionEvent.RECORDED, Sentence.RECORDED.text(name=name, path=path))
