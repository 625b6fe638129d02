"""The screen: a web page for the person who exercises."""

import threading
import time
from collections.abc import Sequence
from typing import Any

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import REFUSED, THERAPIST, THERAPIST_WORDS
from apsa_feedback.coaching.translation import translated
from apsa_feedback.outputs.base import PLAN_COMMANDS, Answer, Output, OutputContext
from apsa_feedback.outputs.guide import Guides, mistake
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.outputs.screen.frame_header import frame
from apsa_feedback.outputs.screen.hello import exercise_titles, hello, titles_of
from apsa_feedback.outputs.screen.invitation import invite
from apsa_feedback.outputs.screen.mirror_images import MirrorImages
from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_feedback.outputs.screen.therapist_content import TherapistContent
from apsa_feedback.stream.events import OutputEvent
from apsa_feedback.stream.views import View
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorScope, RequestErrorCode
from apsa_perception.model.results import ErrorSet, SessionStatus
from apsa_perception.programmes.library import ProgrammeLibrary

_NO_FRAMES_S = 3.0
"""Without a frame for so long, the page says what to check."""


class ScreenOutput(Output):
    """Shows picture, skeleton, count, quality and cue in any number of browsers.

    With the setting ``picture`` false only the drawn skeleton leaves the node, whatever a viewer
    asks for; with true a viewer may hide the picture, and show it again, for all viewers.
    """

    SETTINGS = ScreenSettings

    def __init__(self, context: OutputContext) -> None:
        settings: ScreenSettings = context.settings
        self._context = context
        self._book = context.book
        self._guides = Guides(context.exercises)
        self._picture = settings.picture
        self._mirror_images = MirrorImages()
        self._announced: tuple[str, ...] = ()
        self._lost_since: float | None = None
        self._frames_arrive = True
        # The picture is hidden and shown from the thread of the server.
        self._lock = threading.Lock()
        self._content = ScreenContent(context.book, context.exercises, context.programmes)
        self._therapist = TherapistContent(context.book, context.exercises)
        self._person = context.person
        self._plan_changes = 0
        commands = dict(context.commands)
        if self._picture:
            commands["picture"] = self._show_picture
        self.server = ScreenServer(
            settings,
            self._hello(),
            commands=commands,
            guide=self._guide,
            pages=context.pages,
            therapist=self._therapist_state,
            routes={
                "/therapist/info": self._therapist_info,
                "/programmes": self._programmes,
                **({"/plan": context.plan} if context.plan else {}),
            },
        )
        self.server.start()
        self._push()
        context.log(f"screen: {self.server.url}")
        if self.server.token:
            invite(self.server.url, self.server.token)

    @classmethod
    def open(cls, context: OutputContext) -> "ScreenOutput":
        """Serve the page."""
        return cls(context)

    @property
    def wants_picture(self) -> bool:
        """Whether anybody watches; in private mode only the drawn skeleton is shown."""
        return self._picture and self.server.viewers > 0

    @property
    def can_answer(self) -> bool:
        """Whether the page of the patient, which has the questions, is open."""
        return self.server.has_patient

    def show_cue(self, cue: CueResult) -> None:
        """Show the cue until the next one."""
        with self._lock:
            self._content.on_cue(cue)
        self._push()

    def show_view(self, view: View) -> None:
        """Show a frame to the viewers."""
        self._lost_since = None
        if not self._frames_arrive:
            self._frames_arrive = True
            self._push()
        if self.server.viewers:
            picture = view.picture if self._picture else None
            more = self._therapist.frame(view.live) if self.server.has_therapist else None
            header = frame(view, self._book) | {"mirrored": self._mirror_images.of(view)}
            self.server.show_frame(header, picture, more)

    def lose_view(self) -> None:
        """Show what to check when no frames arrive."""
        now = time.monotonic()
        self._lost_since = now if self._lost_since is None else self._lost_since
        if self._frames_arrive and now - self._lost_since >= _NO_FRAMES_S:
            self._frames_arrive = False
            self._push()

    def show_event(self, event: OutputEvent) -> None:
        """Show a repetition, its quality, or a change of the session."""
        with self._lock:
            self._therapist.on_event(event)
            if isinstance(event, ErrorSet) and event.scope is ErrorScope.LIVE:
                return
            self._content.on_event(event)
        if isinstance(event, SessionStatus) and self._offered() != self._announced:
            self.server.show_hello(self._hello())
        self._push()

    def restore(self, past: Sequence[OutputEvent | CueResult]) -> None:
        """Show count, qualities and cue of the session again."""
        with self._lock:
            for each in past:
                if isinstance(each, CueResult):
                    self._content.on_cue(each)
                else:
                    self._content.on_event(each)
                    self._therapist.on_event(each)
        self._push()

    def use_book(self, book: CueBook) -> None:
        """Change the language of the page."""
        self._book = book
        with self._lock:
            self._content.use_book(book)
            self._therapist.use_book(book)
        self.server.show_hello(self._hello())
        self._push()

    def use_person(self, person: str) -> None:
        """Show the data of another person."""
        self._person = person
        self.server.show_hello(self._hello())

    def use_limits(self, limits: PersonalLimits) -> None:
        """Show therapists the limits of the person."""
        with self._lock:
            self._therapist.use_limits(limits)
        self._push()

    def use_hand_signal(self, on: bool) -> None:
        """Say on the page that a raised hand starts the session, if it does."""
        with self._lock:
            self._content.hand_signal = on
        self._push()

    def show_answer(self, answer: Answer) -> None:
        """Show the outcome of a request to those who asked, in the language of the page."""
        if answer.success and answer.command in PLAN_COMMANDS:
            self._plan_changes += 1  # the page of the patient asks for the plan again
            self._push()
        detail = translated("" if answer.success else answer.message, self._book)
        reason = "" if answer.success else self._book.words[REFUSED + answer.code.name.lower()]
        self.server.show_answer(
            {
                "command": answer.command,
                "success": answer.success,
                "reason": reason,
                "detail": detail.text,
                "detail_locale": detail.locale,
                "values": dict(answer.values),
            }
        )

    def close(self) -> None:
        """Stop serving."""
        self.server.close()

    def _offered(self) -> tuple[str, ...]:
        """Names of the available exercises and programmes; new ones may have been added."""
        libraries = (self._context.exercises, self._context.programmes)
        return tuple(name for library in libraries if library for name in library.names)

    def _hello(self) -> dict[str, Any]:
        context = self._context
        self._announced = self._offered()
        mirror: bool | None = context.settings.mirrors
        return {
            **hello(self._book, mirror, context.exercises, context.languages, context.programmes),
            "person": self._person,
            "progress": context.pages is not None and bool(self._person),
            "planned": context.plan is not None and bool(self._person),
        }

    def _therapist_state(self) -> dict[str, Any]:
        with self._lock:
            return self._therapist.state()

    def _therapist_info(self) -> dict[str, Any]:
        """Words, people, exercises, programmes, and files with a mistake, for therapists."""
        words = self._book.words
        return {
            "words": {key: words[key] for key in THERAPIST_WORDS if key.startswith(THERAPIST)},
            "people": self._context.people(),
            "exercises": exercise_titles(self._context.exercises, self._book),
            "programmes": titles_of(self._context.programmes, self._book),
            "groups": self._guides.groups(),
            "stored": self._context.pages is not None,
            "mistakes": [
                *self._mistakes(self._context.exercises, RequestErrorCode.EXERCISE_FILE),
                *self._mistakes(self._context.programmes, RequestErrorCode.PROGRAMME_FILE),
            ],
        }

    def _programmes(self) -> dict[str, Any]:
        """What the programmes are called, and which files of the user have a mistake."""
        known = self._context.programmes
        return {
            "titles": titles_of(known, self._book),
            "mistakes": self._mistakes(known, RequestErrorCode.PROGRAMME_FILE),
        }

    def _mistakes(
        self, library: ExerciseLibrary | ProgrammeLibrary | None, code: RequestErrorCode
    ) -> list[dict[str, str]]:
        found = library.mistakes if library else {}
        return [mistake(name, detail, code, self._book) for name, detail in found.items()]

    def _guide(self, name: str) -> Any:
        """How an exercise is done; without a name the pictures of all."""
        return self._guides.of(name, self._book) if name else self._guides.pictures(self._book)

    def _show_picture(self, value: str) -> None:
        self._picture = value == "true"
        self._push()

    def _push(self) -> None:
        with self._lock:
            seen = {"picture": self._picture, "frames": self._frames_arrive}
            plan = {"plan_changes": self._plan_changes}
            self.server.show_state({**self._content.state(), **seen, **plan})
