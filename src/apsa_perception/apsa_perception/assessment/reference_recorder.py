"""A reference recorded in a running session: a new exercise of what the person does."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from apsa_perception.biomechanics.posture import Posture
from apsa_perception.exercises.demonstration import Demonstration
from apsa_perception.exercises.file import check_name, write_exercise
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.exercises.teach import MIN_REPETITIONS, teach

MAX_REPETITIONS = 20

# Measuring a frame takes most of a millisecond, and the session waits until all are measured.
_KEPT_NS = 30_000_000_000
_LONGEST_NS = 120_000_000_000
_LOOK_NS = 500_000_000
_REST_NS = 1_000_000_000


@dataclass
class _Asked:
    """What is being recorded."""

    name: str
    title: str
    repetitions: int
    shown: Demonstration = field(default_factory=Demonstration)
    begun_ns: int = 0
    looked_ns: int = 0
    found: int = 0


class ReferenceRecorder:
    """Keeps what the exerciser does for half a minute and makes exercises of it.

    Args:
        library: names that are taken.
        folder: where new exercises are written; None where none can be.
    """

    def __init__(self, library: ExerciseLibrary, folder: Path | None) -> None:
        self._library = library
        self._folder = folder
        self._past: deque[tuple[int, Posture]] = deque()
        self._starts_ns: deque[int] = deque()
        self._has_lost_rest = False
        self._asked: _Asked | None = None

    def note_repetition(self, start_ns: int) -> None:
        """Take note of a repetition that the session has counted: rest is before it."""
        self._starts_ns.append(start_ns)

    def record_past(self, name: str, title: str) -> str:
        """Make an exercise of what was done in the last half minute, and say so.

        It begins with the rest before the first repetition that was counted in that time.

        Raises:
            ValueError: the name cannot be used, or too little was shown; one sentence.
        """
        self._check(name)
        if self._has_lost_rest and not self._starts_ns:
            raise ValueError(
                f"no repetition was counted in the last {_KEPT_NS // 1_000_000_000} s; allowed is "
                "to record the next ones"
            )
        shown = Demonstration()
        begin_ns = self._starts_ns[0] - _REST_NS if self._starts_ns else 0
        for stamp_ns, posture in self._past:
            if stamp_ns >= begin_ns:
                shown.add(stamp_ns, posture)
        return self._write(shown, name, title)

    def record_next(self, name: str, title: str, repetitions: int) -> str:
        """Begin to record, and say so; ``add`` tells how it ends.

        Raises:
            ValueError: the name cannot be used, the number is out of bounds, or a recording is
                under way.
        """
        self._check(name)
        if not MIN_REPETITIONS <= repetitions <= MAX_REPETITIONS:
            raise ValueError(
                f"the number of repetitions is {repetitions}; allowed is {MIN_REPETITIONS} to "
                f"{MAX_REPETITIONS}, or 0 for those done so far"
            )
        if self._asked is not None:
            raise ValueError(
                f"{self._asked.name} is being recorded; allowed is to wait until it is done"
            )
        self._asked = _Asked(name, title, repetitions)
        return f"recording {name}: show {repetitions} good repetitions, from rest to rest"

    def add(self, stamp_ns: int, posture: Posture, *, coached: bool) -> str:
        """Take a frame in; a sentence where there is news of the recording, else empty.

        Args:
            stamp_ns: of the frame.
            posture: the exerciser.
            coached: whether the session runs, so that the frame is part of what was done in it.
        """
        if coached:
            self._keep(stamp_ns, posture)
        return self._go_on(self._asked, stamp_ns, posture) if self._asked else ""

    def forget(self) -> str:
        """Begin anew: another session or person; a sentence where that ends a recording."""
        self._past.clear()
        self._starts_ns.clear()
        self._has_lost_rest = False
        asked, self._asked = self._asked, None
        return f"recording {asked.name} has ended without an exercise" if asked else ""

    def _keep(self, stamp_ns: int, posture: Posture) -> None:
        self._past.append((stamp_ns, posture))
        while self._past[0][0] < stamp_ns - _KEPT_NS:
            self._past.popleft()
            self._has_lost_rest = True
            # A repetition of which the rest before it is gone begins nothing.
            while self._starts_ns and self._starts_ns[0] < self._past[0][0] + _REST_NS:
                self._starts_ns.popleft()

    def _go_on(self, asked: _Asked, stamp_ns: int, posture: Posture) -> str:
        asked.shown.add(stamp_ns, posture)
        asked.begun_ns = asked.begun_ns or stamp_ns
        if stamp_ns - asked.looked_ns < _LOOK_NS:
            return ""
        asked.looked_ns = stamp_ns
        found = asked.shown.count()
        if found >= asked.repetitions:
            self._asked = None
            try:
                return self._write(asked.shown, asked.name, asked.title)
            except ValueError as error:
                return f"recording {asked.name} failed: {error}"
        if stamp_ns - asked.begun_ns > _LONGEST_NS:
            self._asked = None
            return (
                f"recording {asked.name} failed: {found} of {asked.repetitions} repetitions were "
                f"seen within {_LONGEST_NS // 1_000_000_000} s"
            )
        if found <= asked.found:
            return ""
        asked.found = found
        return f"recording {asked.name}: {found} of {asked.repetitions} repetitions"

    def _check(self, name: str) -> None:
        if self._folder is None:
            raise ValueError("there is no folder for new exercises; set own_exercises_dir")
        if name in self._library.names:
            raise ValueError(f"there is an exercise {name!r} already; allowed is a new name")
        check_name(self._folder, name)

    def _write(self, shown: Demonstration, name: str, title: str) -> str:
        assert self._folder is not None
        path = write_exercise(self._folder, name, teach(shown, name, title))
        return f"{name} is recorded and can be chosen; its file to edit is {path}"
