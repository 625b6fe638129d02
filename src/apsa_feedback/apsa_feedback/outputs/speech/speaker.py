"""Queue of cues to speak, most urgent first, in its own thread."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.outputs.speech.engine import Engine, SpeechError
from apsa_perception.model.codes import CuePriority

_CLOSE_S = 3.0


@dataclass(order=True)
class _Waiting:
    order: tuple[int, int]
    cue: CueResult = field(compare=False)
    since: float = field(compare=False)


class Speaker:
    """Speaks cues one after the other without blocking the caller.

    A form or safety cue interrupts a less urgent one that is being spoken. A cue that has waited
    too long is dropped: late advice would concern another repetition. So is one of an exercise that
    was left.

    Args:
        engine: the speech engine.
        failed: called once, with a sentence, when the engine fails.
        spoken: called with each cue that was spoken completely, and the ``time.monotonic`` of its
            start.
        wav_dir: folder for a wav file of each cue; None: none.
        max_wait_s: cues that have waited longer are dropped.
    """

    def __init__(
        self,
        engine: Engine,
        failed: Callable[[str], None],
        spoken: Callable[[CueResult, float], None],
        wav_dir: Path | None = None,
        max_wait_s: float = 4.0,
    ) -> None:
        self._engine = engine
        self._failed = failed
        self._spoken = spoken
        self._wav_dir = wav_dir
        self._max_wait_s = max_wait_s
        self._has_failed = False
        self._waiting: list[_Waiting] = []
        self._count = 0
        self._speaking: CueResult | None = None
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
        self._thread.start()

    def say(self, cue: CueResult) -> None:
        """Add a cue to the queue."""
        priority = cue.priority
        with self._changed:
            self._count += 1
            self._waiting = [each for each in self._waiting if not _is_left(each.cue, cue)]
            self._waiting.append(_Waiting((-priority, self._count), cue, time.monotonic()))
            speaking = self._speaking
            if speaking is not None and (
                (priority > speaking.priority and priority >= CuePriority.FORM)
                or (speaking.priority >= CuePriority.FORM and _is_left(speaking, cue))
            ):
                self._engine.hush()
            self._changed.notify()

    def close(self) -> None:
        """Finish the present sentence if that does not take long, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout=_CLOSE_S)
        with self._changed:
            self._waiting.clear()
            self._engine.hush()
        self._thread.join(timeout=_CLOSE_S)

    def _run(self) -> None:
        while (next_one := self._next()) is not None:
            try:
                self._speak(next_one.cue)
            except SpeechError as error:
                if not self._has_failed:
                    self._has_failed = True
                    self._failed(str(error))
            with self._changed:
                self._speaking = None

    def _speak(self, cue: CueResult) -> None:
        if self._wav_dir is not None:
            name = f"{cue.stamp_ns // 1_000_000}_{cue.id}_{cue.key}.wav"
            self._engine.write(cue.text, self._wav_dir / name)
        began = time.monotonic()
        if self._engine.speak(cue.text):
            self._spoken(cue, began)

    def _next(self) -> _Waiting | None:
        """Wait for the most urgent cue; None at the end."""
        with self._changed:
            while True:
                oldest = time.monotonic() - self._max_wait_s
                self._waiting = sorted(each for each in self._waiting if each.since >= oldest)
                if self._waiting:
                    chosen = self._waiting.pop(0)
                    self._speaking = chosen.cue
                    return chosen
                if self._closing:
                    return None
                self._changed.wait()


def _is_left(before: CueResult, now: CueResult) -> bool:
    """Whether another session, and so another exercise or set, has begun since a cue."""
    return bool(before.session_id and now.session_id) and before.session_id != now.session_id
