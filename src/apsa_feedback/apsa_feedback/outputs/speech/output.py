"""The voice: speaks cues through espeak-ng where it is installed."""

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.base import Output, OutputContext
from apsa_feedback.outputs.speech.engine import Engine
from apsa_feedback.outputs.speech.settings import SpeechSettings
from apsa_feedback.outputs.speech.speaker import Speaker
from apsa_perception.model.paths import path_or_none


class SpeechOutput(Output):
    """Speaks each cue. Without espeak-ng it logs this once and stays silent."""

    SETTINGS = SpeechSettings

    def __init__(self, context: OutputContext) -> None:
        settings: SpeechSettings = context.settings
        wav_dir = path_or_none(settings.wav_dir)
        if wav_dir is not None:
            wav_dir.mkdir(parents=True, exist_ok=True)
        self._engine = Engine(settings, context.book.voice, context.book.words_per_minute)
        self._speaker: Speaker | None = None
        if Engine.available():
            self._speaker = Speaker(
                self._engine,
                failed=lambda why: context.log(f"speech: {why}"),
                spoken=context.spoken,
                wav_dir=wav_dir,
            )
        else:
            context.log("speech: espeak-ng is not installed, so cues are not spoken")

    @classmethod
    def open(cls, context: OutputContext) -> "SpeechOutput":
        """Start the voice, or log that there is none."""
        return cls(context)

    def show_cue(self, cue: CueResult) -> None:
        """Queue the cue."""
        if self._speaker is not None:
            self._speaker.say(cue)

    def use_book(self, book: CueBook) -> None:
        """Use the voice of another language, unless a voice is set."""
        self._engine.use(book.voice, book.words_per_minute)

    def use_settings(self, settings: SpeechSettings) -> None:
        """Speak with another voice, rate or volume from the next cue on."""
        self._engine.use_settings(settings)

    def close(self) -> None:
        """Finish the sentence and stop."""
        if self._speaker is not None:
            self._speaker.close()
            self._speaker = None
