"""The screen: a web page beside the exercise mat."""

from apsa_feedback.cue import CueResult
from apsa_feedback.outputs.base import Output, OutputContext, View
from apsa_feedback.screen.content import ScreenContent, frame, hello
from apsa_feedback.screen.server import ScreenServer, ServerSettings
from apsa_perception.codes import ErrorScope
from apsa_perception.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus


class ScreenOutput(Output):
    """Shows picture, skeleton, count, quality and cue to any number of browsers.

    Parameters: ``host``, ``port``, ``token``, ``max_width``, ``jpeg_quality``, ``mirror``,
    ``picture`` (false: only the drawn skeleton leaves the node).
    """

    def __init__(self, context: OutputContext) -> None:
        values = context.parameters
        settings = ServerSettings(
            host=str(values["host"]),
            port=int(values["port"]),  # type: ignore[arg-type]
            token=str(values["token"]),
            max_width=int(values["max_width"]),  # type: ignore[arg-type]
            jpeg_quality=int(values["jpeg_quality"]),  # type: ignore[arg-type]
        )
        self._book = context.book
        self._picture = bool(values["picture"])
        self._content = ScreenContent(context.book, context.exercises)
        self.server = ScreenServer(
            settings, hello(context.book, bool(values["mirror"])), context.commands
        )
        self.server.start()
        self.server.show_state(self._content.state())
        context.log(f"screen: {self.server.url}")

    @classmethod
    def open(cls, context: OutputContext) -> "ScreenOutput":
        """Serve the page."""
        return cls(context)

    @property
    def wants_picture(self) -> bool:
        """Whether somebody watches; in private mode only the drawn skeleton is shown."""
        return self._picture and self.server.viewers > 0

    def show_cue(self, cue: CueResult) -> None:
        """Show the cue until the next one."""
        self._content.on_cue(cue)
        self.server.show_state(self._content.state())

    def show_view(self, view: View) -> None:
        """Show a frame to whoever watches."""
        if self.server.viewers:
            picture = view.picture if self._picture else None
            self.server.show_frame(frame(view, self._book), picture)

    def show_event(
        self, event: RepetitionResult | QualityResult | ErrorSet | SessionStatus
    ) -> None:
        """Show a repetition, its quality, or a change of the session."""
        if isinstance(event, ErrorSet) and event.scope is ErrorScope.LIVE:
            return
        self._content.on_event(event)
        self.server.show_state(self._content.state())

    def close(self) -> None:
        """Stop serving."""
        self.server.close()
