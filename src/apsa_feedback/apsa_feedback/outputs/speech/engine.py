"""espeak-ng as a child process: text goes in through a pipe, never through a command line."""

import shutil
import subprocess
import threading
from pathlib import Path

from apsa_feedback.outputs.speech.settings import SpeechSettings

_LONGEST_S = 20.0
_ENGINE = "espeak-ng"


class SpeechError(RuntimeError):
    """The engine did not speak; the message says why."""


class Engine:
    """Speaks one text at a time.

    Args:
        settings: how it sounds.
        voice: voice of the language, used where the settings name none.
        words_per_minute: how fast the language is spoken, used where the settings say nothing.
    """

    def __init__(self, settings: SpeechSettings, voice: str, words_per_minute: int) -> None:
        self._settings = settings
        self.use(voice, words_per_minute)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._hushed = False

    @staticmethod
    def available() -> bool:
        """Whether the engine is installed."""
        return shutil.which(_ENGINE) is not None

    def use(self, voice: str, words_per_minute: int) -> None:
        """Speak another language from the next text on, as far as the settings leave it open."""
        self._language = (voice, words_per_minute)
        settings = self._settings
        self._arguments = [
            "-v", settings.voice or voice,
            "-s", str(settings.words_per_minute or words_per_minute),
            "-a", str(settings.volume),
            "-b", "1",  # UTF-8
            "--stdin",
        ]  # fmt: skip

    def use_settings(self, settings: SpeechSettings) -> None:
        """Speak with other settings from the next text on."""
        self._settings = settings
        self.use(*self._language)

    def write(self, text: str, path: Path) -> None:
        """Write what would be heard as a wav file.

        Raises:
            SpeechError: the engine failed.
        """
        self._run(text, "-w", str(path))

    def speak(self, text: str) -> bool:
        """Speak; return at the end True, or False as soon as it is hushed.

        Raises:
            SpeechError: the engine failed, such as for lack of a sound device.
        """
        return self._run(text)

    def _run(self, text: str, *arguments: str) -> bool:
        with self._lock:
            self._hushed = False
            try:
                self._process = subprocess.Popen(
                    [_ENGINE, *self._arguments, *arguments],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                )
            except OSError as error:
                raise SpeechError(f"{_ENGINE} cannot be started: {error.strerror}") from error
        process = self._process
        try:
            complaint = process.communicate(text.encode(), timeout=_LONGEST_S)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise SpeechError(f"{_ENGINE} did not end within {_LONGEST_S:g} s") from None
        if not self._hushed:
            _check(process.returncode, complaint.decode(errors="replace"), heard=not arguments)
        return not self._hushed

    def hush(self) -> None:
        """Stop speaking at once; does nothing while silent."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._hushed = True
                self._process.terminate()


def _check(code: int, complaint: str, heard: bool) -> None:
    """Raise if the engine failed; without a sound device it says so but ends with 0."""
    lines = complaint.strip().splitlines()
    errors = [line for line in lines if line.lower().startswith("error:")]
    if heard and code == 0 and errors:
        raise SpeechError(
            f"no sound could be played ({_ENGINE}: {errors[-1]}); connect an audio device, or set "
            "speech.wav_dir to a folder for what is said"
        )
    if code != 0 or errors:
        raise SpeechError(f"{_ENGINE} failed: {(errors or lines or [f'exit code {code}'])[-1]}")
