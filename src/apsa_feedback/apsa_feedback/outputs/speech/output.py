"""The voice: speaks cues through espeak-ng where it is installed."""

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.base import Output, OutputContext
from apsa_feedback.outputs.speech.engine import Engine, SpeechSettings
from apsa_feedback.outputs.speech.speaker import Speaker
from apsa_perception.model.paths import path_or_none


class SpeechOutput(Output):
    """Speaks each cue. Without espeak-ng it logs that once and stays silent.

    Parameters: ``voice``, ``words_per_minute``, ``volume``, ``wav_dir`` (a folder for what is
    spoken; empty: none).
    """

    def __init__(self, context: OutputContext) -> None:
        values = context.parameters
        settings = SpeechSettings(
            voice=str(values["voice"]),
            words_per_minute=int(values["words_per_minute"]),  # type: ignore[arg-type]
            volume=int(values["volume"]),  # type: ignore[arg-type]
        )
        wav_dir = path_or_none(str(values["wav_dir"]))
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

    def close(self) -> None:
        """Finish the sentence and stop."""
        if self._speaker is not None:
            self._speaker.close()
            self._speaker = None
