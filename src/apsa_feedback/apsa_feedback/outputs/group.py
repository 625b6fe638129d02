"""The chosen outputs as one: what one of them raises does not reach the others or the node."""

from collections.abc import Callable, Mapping, Sequence

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.base import Output
from apsa_feedback.stream.views import View
from apsa_perception.model.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus


class OutputGroup:
    """Delivers to several outputs.

    Args:
        outputs: the open outputs by name.
        failed: called with the output's name and the error it raised.
    """

    def __init__(
        self, outputs: Mapping[str, Output], failed: Callable[[str, Exception], None]
    ) -> None:
        self._outputs = dict(outputs)
        self._failed = failed

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outputs in the order they were chosen."""
        return tuple(self._outputs)

    @property
    def wants_picture(self) -> bool:
        """Whether pictures are of use to an output now."""
        return any(output.wants_picture for output in self._outputs.values())

    def show_cue(self, cue: CueResult) -> None:
        """Deliver a cue."""
        self._each(lambda output: output.show_cue(cue))

    def show_view(self, view: View) -> None:
        """Show a frame."""
        self._each(lambda output: output.show_view(view))

    def lose_view(self) -> None:
        """Tell that no frames come any more."""
        self._each(lambda output: output.lose_view())

    def show_event(
        self, event: RepetitionResult | QualityResult | ErrorSet | SessionStatus
    ) -> None:
        """Show a result."""
        self._each(lambda output: output.show_event(event))

    def use_book(self, book: CueBook) -> None:
        """Change the language."""
        self._each(lambda output: output.use_book(book))

    def use_settings(self, name: str, settings: object) -> None:
        """Change the settings of one output."""
        self._deliver(name, lambda output: output.use_settings(settings))

    def stop(self) -> None:
        """Bring all outputs to rest."""
        self._each(lambda output: output.stop())

    def close(self) -> None:
        """Close all outputs."""
        self._each(lambda output: output.close())

    def _each(self, deliver: Callable[[Output], None]) -> None:
        for name in self._outputs:
            self._deliver(name, deliver)

    def _deliver(self, name: str, deliver: Callable[[Output], None]) -> None:
        try:
            deliver(self._outputs[name])
        except Exception as error:
            self._failed(name, error)


def chosen(names: Sequence[str]) -> list[str]:
    """Names without blanks and repetitions; ROS has no empty list, so it is ``[""]``."""
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))
