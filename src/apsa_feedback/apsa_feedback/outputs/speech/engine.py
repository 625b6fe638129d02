"""espeak-ng as a child process: text is passed through a pipe, never on a command line."""

import shutil
import subprocess
import threading
from pathlib import Path

from apsa_feedback.outputs.speech.settings import SpeechSettings

_LONGEST_S = 20.0
_ENGINE = "espeak-ng"


class SpeechError(RuntimeError):
    """The engine failed; the message says why."""


class Engine:
    """Speaks one text at a time.

    Args:
        settings: voice, rate and volume.
        voice: voice of the language, used if the settings name none.
        words_per_minute: rate of the language, used if the settings give none.
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
        """Use another language from the next text on, unless the settings fix voice or rate."""
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
        """Write the spoken text as a wav file.

        Raises:
            SpeechError: the engine failed.
        """
        self._run(text, "-w", str(path))

    def speak(self, text: str) -> bool:
        """Speak; return True at the end, or False if ``hush`` interrupted it.

        Raises:
            SpeechError: the engine failed, for example without a sound device.
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
        """Stop speaking immediately; no effect while silent."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._hushed = True
                self._process.terminate()


def _check(code: int, complaint: str, heard: bool) -> None:
    """Raise if the engine failed; without a sound device it prints an error but returns 0."""
    lines = complaint.strip().splitlines()
    errors = [line for line in lines if line.lower().startswith("error:")]
    if heard and code == 0 and errors:
        raise SpeechError(
            f"no sound could be played ({_ENGINE}: {errors[-1]}); connect an audio device, or set "
            "speech.wav_dir to a folder for wav files"
        )
    if code != 0 or errors:
        raise SpeechError(f"{_ENGINE} failed: {(errors or lines or [f'exit code {code}'])[-1]}")
