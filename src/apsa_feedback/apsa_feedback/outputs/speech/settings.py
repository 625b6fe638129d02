"""Settings of the voice."""

from dataclasses import dataclass

from apsa_perception.model.settings import check, setting

MINIMUM_RATE = 80
"""Slowest speech of espeak-ng in words per minute."""


@dataclass(frozen=True)
class SpeechSettings:
    """How cues sound."""

    voice: str = setting("", "espeak-ng voice; empty: the voice of the language", live=True)
    words_per_minute: int = setting(
        0,
        f"speaking rate, {MINIMUM_RATE} or more; 0: the rate of the language",
        0,
        450,
        live=True,
    )
    volume: int = setting(100, "volume; 100 is normal", 0, 200, live=True)
    wav_dir: str = setting("", "folder for a wav file of each cue; empty: none")

    def __post_init__(self) -> None:
        check(self)
        if 0 < self.words_per_minute < MINIMUM_RATE:
            raise ValueError(
                f"speech.words_per_minute is {self.words_per_minute}; expected 0 or "
                f"{MINIMUM_RATE} to 450"
            )
        if self.voice.startswith("-"):
            raise ValueError(f"speech.voice is '{self.voice}'; expected the name of a voice")
