"""Interface of an output: a device that delivers cues to the person.

A third party adds one without changing this project: a class derived from ``Output`` in an
installed Python package, announced as an entry point of the group ``apsa_feedback.outputs``::

    setup(..., entry_points={"apsa_feedback.outputs": ["lamp = my_package.lamp:LampOutput"]})

and selected by the name of the entry point in the parameter ``outputs``. The feedback node calls
the methods below from one thread; they must return immediately, so a slow device needs its own
thread. An exception of an output is logged and counted, and never stops the node.
"""

# ruff: noqa: B027 (an output overrides only the hooks that it needs)

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import Any, ClassVar

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.views import View
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestErrorCode
from apsa_perception.programmes.library import ProgrammeLibrary

GROUP = "apsa_feedback.outputs"

VIEW_LOST_S = 0.5
"""Seconds without a frame, or without the person in it, after which the person is lost."""


@dataclass(frozen=True)
class NoSettings:
    """Settings of an output without parameters."""


@dataclass(frozen=True)
class Answer:
    """The outcome of a request of ``OutputContext.commands``.

    Attributes:
        command: name of the request.
        success: whether it was granted.
        message: one sentence in English; on failure what is wrong and what is allowed.
        code: why it was refused; ``NONE`` if it was not.
        values: what was asked for, such as the targets by name.
    """

    command: str
    success: bool
    message: str = ""
    code: RequestErrorCode = RequestErrorCode.NONE
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OutputContext:
    """What an output receives from the node.

    Attributes:
        book: texts and words in the language of the session.
        settings: an instance of the output's ``SETTINGS``, with the values of the parameters.
        log: writes one line to the log of the node.
        lost: takes, from any thread, the sentence why what the output keeps for the user is lost;
            the coach ends with exit code 3.
        commands: requests that a person can make on the device, by name: ``start``, ``pause``,
            ``stop``, ``skip``, ``repeat``, ``calibrate``, and, with the chosen name, ``exercise``,
            ``programme`` and ``language``, with the answers as JSON ``rate``, and with the
            pseudonym ``delete_person`` and ``choose_person``; for a therapist ``assess_range``,
            ``record_reference``, ``set_target``, ``set_limit``, ``set_plan`` and ``remove_plan``
            with JSON, and ``targets``; they return immediately, and ``Output.show_answer`` gets
            the outcome. Empty if no requests are possible.
        exercises: definitions of the exercises; None if they are unknown.
        programmes: the programmes; None if they are unknown.
        node: the rclpy node, for outputs that publish; None outside ROS.
        spoken: called by outputs with a voice, from any thread, with each cue that was spoken
            completely and the ``time.monotonic`` of its start.
        languages: the available languages: their own names by locale.
        person: pseudonym of the person at the start, whose sessions are stored; empty: none.
            ``Output.use_person`` reports another one.
        pages: returns a stored page of the person as HTML by its file name, that over all sessions
            for an empty one; None for an unknown one. It takes the time of the disk. None if
            nothing is stored about a person.
        plan: returns the weekly plan of the person as JSON values, as ``stored_plan`` does. It
            takes the time of the disk. None if nothing is stored about a person.
        people: returns the pseudonyms of which something is stored, sorted. It takes the time of
            the disk.
    """

    book: CueBook
    settings: Any
    log: Callable[[str], None]
    commands: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    exercises: ExerciseLibrary | None = None
    programmes: ProgrammeLibrary | None = None
    node: Any = None
    languages: Mapping[str, str] = field(default_factory=dict)
    spoken: Callable[[CueResult, float], None] = lambda cue, began: None
    lost: Callable[[str], None] = lambda why: None
    person: str = ""
    pages: Callable[[str], str | None] | None = None
    plan: Callable[[], Mapping[str, Any]] | None = None
    people: Callable[[], list[str]] = list


PLAN_COMMANDS = ("set_plan", "remove_plan")
"""Requests that change the weekly plan of the person."""


class Output(ABC):
    """A device that delivers cues; created by ``open`` and used until ``close``."""

    SETTINGS: ClassVar[type] = NoSettings
    """Parameters of the output: a frozen data class whose fields are made by
    ``apsa_perception.model.settings.setting``. The node declares them below the output's name,
    such as ``lamp.path``."""

    @property
    def wants_picture(self) -> bool:
        """Whether pictures are needed now; images are subscribed to only while they are."""
        return False

    @property
    def can_answer(self) -> bool:
        """Whether somebody is there who is asked, and can answer, how the set was."""
        return False

    @classmethod
    @abstractmethod
    def open(cls, context: OutputContext) -> "Output":
        """Make the device ready.

        Raises:
            ValueError: a parameter is not usable; one sentence says which and what is allowed.
            OSError: the device cannot be had, such as a port that is taken.
        """

    @abstractmethod
    def show_cue(self, cue: CueResult) -> None:
        """Deliver a cue."""

    def show_view(self, view: View) -> None:
        """Take the view of a frame; called for every frame."""

    def lose_view(self) -> None:
        """No frame has arrived for ``VIEW_LOST_S``; called repeatedly until one does."""

    def show_event(self, event: OutputEvent) -> None:
        """Take a result (live errors, too) or the start of a new session."""

    def restore(self, past: Sequence[OutputEvent | CueResult]) -> None:
        """Take what was shown before the node crashed, without delivering it again.

        Live errors and views are not among it.
        """

    def delete_person(self, person: str) -> None:
        """Delete what the output stores about a person; it may take the time of the disk.

        Raises:
            OSError: something cannot be deleted.
        """

    def use_person(self, person: str) -> None:
        """Take another pseudonym; empty: none. What is under way belongs to the one before."""

    def use_limits(self, limits: PersonalLimits) -> None:
        """Take the limits of errors that hold for the person instead of those of the exercises."""

    def use_hand_signal(self, on: bool) -> None:
        """Take whether a raised hand starts and pauses the session."""

    def show_answer(self, answer: Answer) -> None:
        """Take the outcome of a request."""

    def use_book(self, book: CueBook) -> None:
        """Take the texts of another language: the language of the session has changed."""

    def use_settings(self, settings: Any) -> None:
        """Take settings of which a live one was changed; called only if ``SETTINGS`` has some."""

    def stop(self) -> None:
        """Come to rest: the node is inactive, and nothing is shown until it is active again."""

    def close(self) -> None:
        """Stop and release the device; may be called twice."""


def installed() -> list[str]:
    """Names of the installed outputs, sorted."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def find(name: str) -> type[Output]:
    """Return the class of an installed output.

    Raises:
        ValueError: the output does not exist or cannot be loaded.
    """
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise ValueError(f"there is no output '{name}'; expected one of {', '.join(installed())}")
    try:
        loaded = found.load()
    except Exception as error:  # A third party's import can fail in any way.
        raise ValueError(f"the output '{name}' cannot be loaded: {error}") from error
    if not (isinstance(loaded, type) and issubclass(loaded, Output)):
        raise ValueError(f"the output '{name}' ({found.value}) is not a subclass of Output")
    return loaded
