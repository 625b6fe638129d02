"""Shows how urgent the last cue was: off, green, yellow or red."""

from dataclasses import dataclass
from pathlib import Path

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.outputs.base import Output, OutputContext
from apsa_feedback.stream.events import OutputEvent
from apsa_perception.model.codes import CuePriority, SessionState
from apsa_perception.model.results import SessionStatus
from apsa_perception.model.settings import setting

COLOURS = {
    CuePriority.INFO: "off",
    CuePriority.ENCOURAGEMENT: "green",
    CuePriority.FORM: "yellow",
    CuePriority.SAFETY: "red",
}


@dataclass(frozen=True)
class LampSettings:
    """Parameters of the output: ``lamp.path``."""

    path: str = setting("", "file of the lamp")


class LampOutput(Output):
    """A lamp that is a file with the name of its colour."""

    SETTINGS = LampSettings

    def __init__(self, path: Path) -> None:
        self._path = path
        self._show("off")

    @classmethod
    def open(cls, context: OutputContext) -> "LampOutput":
        """Switch the lamp off, to see that it is there."""
        settings: LampSettings = context.settings
        if not settings.path:
            raise ValueError("lamp.path is empty; expected the file of the lamp")
        return cls(Path(settings.path))

    def show_cue(self, cue: CueResult) -> None:
        """Show the urgency of the cue."""
        self._show(COLOURS[cue.priority])

    def show_event(self, event: OutputEvent) -> None:
        """Go out when the session does not run."""
        if isinstance(event, SessionStatus) and event.state is not SessionState.RUNNING:
            self._show("off")

    def close(self) -> None:
        """Go out."""
        self._show("off")

    def _show(self, colour: str) -> None:
        self._path.write_text(colour)
