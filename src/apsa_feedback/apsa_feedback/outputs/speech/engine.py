"""espeak-ng as a child process: text is passed through a pipe, never on a command line."""

import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

_LONGEST_S = 20.0
_ENGINE = "espeak-ng"


@dataclass(frozen=True)
class SpeechSettings:
    """How cues sound.

    Attributes:
        voice: name of an espeak-ng voice; empty takes that of the language.
        words_per_minute: 80..450; 0 takes that of the language.
        volume: 0..200, 100 is normal.
    """

    voice: str
    words_per_minute: int
    volume: int

    def __post_init__(self) -> None:
        if self.words_per_minute and not 80 <= self.words_per_minute <= 450:
            raise ValueError(
                f"speech.words_per_minute is {self.words_per_minute}; allowed are 80 to 450, and 0 "
                "for that of the language"
            )
        if not 0 <= self.volume <= 200:
            raise ValueError(f"speech.volume is {self.volume}; allowed are 0 to 200")
        if self.voice.startswith("-"):
            raise ValueError(f"speech.voice is '{self.voice}'; allowed is the name of a voice")


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
        settings = self._settings
        self._arguments = [
            "-v", settings.voice or voice,
            "-s", str(settings.words_per_minute or words_per_minute),
            "-a", str(settings.volume),
            "-b", "1",  # UTF-8
            "--stdin",
        ]  # fmt: skip

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
