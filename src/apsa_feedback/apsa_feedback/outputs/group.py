"""The selected outputs as one: an exception of one does not affect the others or the node."""

from collections.abc import Callable, Mapping, Sequence

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.base import Answer, Output, OutputContext, find
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.views import View
from apsa_perception.assessment.personal_limits import PersonalLimits


class OutputGroup:
    """Delivers to several outputs.

    Args:
        outputs: the opened outputs by name.
        failed: called with the name of an output and the exception it raised.
    """

    def __init__(
        self, outputs: Mapping[str, Output], failed: Callable[[str, Exception], None]
    ) -> None:
        self._outputs = dict(outputs)
        self._failed = failed

    @classmethod
    def open(
        cls,
        names: Sequence[str],
        context: Callable[[str, type[Output]], OutputContext],
        failed: Callable[[str, Exception], None],
    ) -> "OutputGroup":
        """Open installed outputs; if one cannot be opened, those before it are closed.

        Args:
            names: their names, as of ``chosen``.
            context: returns what an output receives, by its name and class.
            failed: as of the class.

        Raises:
            ValueError: an output does not exist, or a parameter is not usable.
            OSError: a device cannot be had.
        """
        kinds = {name: find(name) for name in chosen(names)}
        opened: dict[str, Output] = {}
        try:
            for name, kind in kinds.items():
                opened[name] = kind.open(context(name, kind))
        except BaseException:
            cls(opened, failed).close()
            raise
        return cls(opened, failed)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outputs in the order of selection."""
        return tuple(self._outputs)

    @property
    def wants_picture(self) -> bool:
        """Whether an output needs pictures now."""
        return any(output.wants_picture for output in self._outputs.values())

    @property
    def can_answer(self) -> bool:
        """Whether somebody is there who can answer the questions after a set."""
        return any(output.can_answer for output in self._outputs.values())

    def show_cue(self, cue: CueResult) -> None:
        """Deliver a cue."""
        self._each(lambda output: output.show_cue(cue))

    def show_view(self, view: View) -> None:
        """Show a frame."""
        self._each(lambda output: output.show_view(view))

    def lose_view(self) -> None:
        """Report that no frames arrive."""
        self._each(lambda output: output.lose_view())

    def show_event(self, event: OutputEvent) -> None:
        """Show a result or the start of a new session."""
        self._each(lambda output: output.show_event(event))

    def restore(self, past: Sequence[OutputEvent | CueResult]) -> None:
        """Give back what was shown before the node crashed."""
        self._each(lambda output: output.restore(past))

    def use_person(self, person: str) -> None:
        """Change the person."""
        self._each(lambda output: output.use_person(person))

    def use_limits(self, limits: PersonalLimits) -> None:
        """Deliver the limits of the person."""
        self._each(lambda output: output.use_limits(limits))

    def use_hand_signal(self, on: bool) -> None:
        """Pass on whether a raised hand starts and pauses the session."""
        self._each(lambda output: output.use_hand_signal(on))

    def show_answer(self, answer: Answer) -> None:
        """Deliver the outcome of a request."""
        self._each(lambda output: output.show_answer(answer))

    def use_book(self, book: CueBook) -> None:
        """Change the language."""
        self._each(lambda output: output.use_book(book))

    def use_settings(self, name: str, settings: object) -> None:
        """Change the settings of one output."""
        self._deliver(name, lambda output: output.use_settings(settings))

    def delete_person(self, person: str) -> bool:
        """Delete what is stored about a person; return whether all outputs could."""
        deleted = [self._deliver(name, lambda o: o.delete_person(person)) for name in self._outputs]
        return all(deleted)

    def stop(self) -> None:
        """Bring all outputs to rest."""
        self._each(lambda output: output.stop())

    def close(self) -> None:
        """Close all outputs."""
        self._each(lambda output: output.close())

    def _each(self, deliver: Callable[[Output], None]) -> None:
        for name in self._outputs:
            self._deliver(name, deliver)

    def _deliver(self, name: str, deliver: Callable[[Output], None]) -> bool:
        """Deliver to an output; return whether it raised nothing."""
        try:
            deliver(self._outputs[name])
        except Exception as error:
            self._failed(name, error)
            return False
        return True


def chosen(names: Sequence[str]) -> list[str]:
    """Return the names without blanks and duplicates; ``[""]`` is ROS's empty list."""
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))
