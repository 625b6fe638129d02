"""Requests of a person on an output, passed on to the services of the session."""

from collections.abc import Callable, Mapping
from queue import Full, Queue
from typing import Any

from apsa_msgs.srv import (
    AssessRange,
    Calibrate,
    DeletePerson,
    PauseSession,
    RateSet,
    RecordReference,
    RepeatSet,
    SelectPerson,
    SetExercise,
    SkipSet,
    StartProgramme,
    StartSession,
    StopSession,
)
from rclpy.node import Node

from apsa_feedback.nodes.assessment_parameters import AssessmentParameters
from apsa_feedback.nodes.coached_person import CoachedPerson, check
from apsa_feedback.nodes.hand_signal_option import HandSignalOption
from apsa_feedback.nodes.limit_commands import LimitCommands
from apsa_feedback.nodes.plan_commands import PlanCommands
from apsa_feedback.nodes.rating_command import rating_request
from apsa_feedback.nodes.reference_command import reference_request
from apsa_feedback.nodes.session_targets import TARGETS, targets_of
from apsa_feedback.outputs.base import PLAN_COMMANDS, Answer
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.model.rate_limit import RateLimit
from apsa_perception.model.sentences import Sentence

_SERVICES: Mapping[str, tuple[str, Any]] = {
    "start": ("start_session", StartSession),
    "pause": ("pause_session", PauseSession),
    "stop": ("stop_session", StopSession),
    "calibrate": ("calibrate", Calibrate),
    "exercise": ("set_exercise", SetExercise),
    "programme": ("start_programme", StartProgramme),
    "skip": ("skip_set", SkipSet),
    "repeat": ("repeat_set", RepeatSet),
    "person": ("select_person", SelectPerson),
    "rate": ("rate_set", RateSet),
    "delete_person": ("delete_person", DeletePerson),
    "assess_range": ("assess_range", AssessRange),
    "record_reference": ("record_reference", RecordReference),
}
_CHOICES = {"exercise": "exercise", "programme": "programme", "delete_person": "person"}
"""Requests with a name, and the field in which their services take it."""
_LANGUAGE, _CHOOSE, _TARGETS, _SET = "language", "choose_person", "targets", "set_target"
_SET_PLAN = "set_plan"
_LIMIT = "set_limit"
_OWN = (_LANGUAGE, _CHOOSE, _TARGETS, _SET, _LIMIT, *PLAN_COMMANDS)
"""Requests that no service of the session answers."""

_LARGEST_ID = 2**32 - 1

MAX_WAITING = 16
"""Requests that wait for the node; later ones are dropped."""

_WARNINGS, _WARNINGS_PER_S = 10, 0.5


class SessionCommands:
    """Calls the session's services on behalf of outputs, whose threads must not touch the node.

    Args:
        node: node to call from.
        set_language: takes the name of a language, in the node's thread; ``ValueError`` with one
            sentence if there is none.
        person: whose data is stored; it is deleted before the service is called.
        plans: changes the weekly plan.
        answer: takes the outcome of each request, in the node's thread.
        take_limits: takes the limits of the person, in the node's thread.
        take_hand_signal: takes whether a raised hand starts the session, in the node's thread.

    Attributes:
        hand_signal: asks for that.
    """

    def __init__(
        self,
        node: Node,
        set_language: Callable[[str], None],
        person: CoachedPerson,
        plans: PlanCommands,
        answer: Callable[[Answer], None],
        take_limits: Callable[[PersonalLimits], None],
        take_hand_signal: Callable[[bool], None],
    ) -> None:
        self._node = node
        self._set_language = set_language
        self._person = person
        self._plans = plans
        self._answer = answer
        self._requests: Queue[tuple[str, str]] = Queue(MAX_WAITING)
        self._parameters = AssessmentParameters(node)
        self._limits = LimitCommands(self._parameters, take_limits)
        self.hand_signal = HandSignalOption(self._parameters, take_hand_signal)
        self._clients = {
            name: node.create_client(kind, service) for name, (service, kind) in _SERVICES.items()
        }
        self._warnings = RateLimit(_WARNINGS_PER_S, _WARNINGS)
        self._wake = node.create_guard_condition(self._serve_next)

    @property
    def by_name(self) -> dict[str, Callable[..., None]]:
        """The commands; they return at once and may be called from any thread.

        ``exercise``, ``programme`` and ``language`` take the chosen name, ``person`` a number,
        0: the automatic choice, ``rate`` an answer as ``rating_request`` takes it,
        ``delete_person`` and ``choose_person`` a pseudonym, ``record_reference`` what
        ``reference_request`` takes, ``set_target`` what ``targets_of`` takes, ``set_plan`` and
        ``remove_plan`` what ``PlanCommands`` takes, and ``set_limit`` what ``LimitCommands`` takes.
        """
        return {name: self._command(name) for name in (*_SERVICES, *_OWN)}

    def read_limits(self) -> None:
        """Ask for the limits of the person; call it in the thread of the node."""
        self._limits.read()

    def close(self) -> None:
        """Destroy what belongs to the node."""
        self._node.destroy_guard_condition(self._wake)
        for client in self._clients.values():
            self._node.destroy_client(client)
        self._parameters.close()

    def _command(self, name: str) -> Callable[..., None]:
        def ask(value: str = "") -> None:
            try:
                self._requests.put_nowait((name, value))
            except Full:
                self._warn(f"the request {name} is dropped: {MAX_WAITING} requests wait already")
            self._wake.trigger()

        return ask

    def _serve_next(self) -> None:
        if self._requests.empty():
            return
        name, value = self._requests.get()
        if not self._requests.empty():
            self._wake.trigger()  # each in a callback of its own: if one fails, the others do not
        try:
            if name in _OWN:
                self._do(name, value)
            else:
                self._call(name, value)
        except ValueError as error:
            self._refuse(name, str(error), RequestError.code_of(error))

    def _do(self, name: str, value: str) -> None:
        """Carry out a request of ``_OWN``; raises ValueError with one sentence."""
        if name == _LANGUAGE:
            self._set_language(value)
            self._answer(Answer(name, True))
        elif name == _CHOOSE:
            check(value)
            self._parameters.set({"person": value}, lambda why: self._on_chosen(value, why))
        elif name in PLAN_COMMANDS:
            change = self._plans.set if name == _SET_PLAN else self._plans.remove
            change(value)
            self._answer(Answer(name, True))
        elif name == _LIMIT:
            self._limits.set(value, self._on_limit)
        elif name == _SET:
            self._parameters.set(targets_of(value), self._on_set)
        else:
            self._parameters.read(
                TARGETS, lambda values: self._answer(Answer(name, True, values=values))
            )

    def _on_chosen(self, person: str, why: str) -> None:
        """The session has taken the person, unless a sentence says why not; the reports follow."""
        try:
            if why:
                raise ValueError(why)
            self._person.choose(person)
        except ValueError as error:
            self._refuse(_CHOOSE, str(error))
        else:
            self._limits.read()
            self._answer(Answer(_CHOOSE, True))

    def _on_limit(self, why: str) -> None:
        """Report the limits that hold now, and answer."""
        self._limits.read()
        if why:
            self._refuse(_LIMIT, why)
        else:
            self._answer(Answer(_LIMIT, True))

    def _on_set(self, why: str) -> None:
        """Answer, and report the values that hold now."""
        if why:
            self._refuse(_SET, why)
        else:
            self._answer(Answer(_SET, True))
            self.hand_signal.read()
        self._do(_TARGETS, "")

    def _call(self, name: str, value: str) -> None:
        """Call a service; raises ValueError with one sentence."""
        service, _ = _SERVICES[name]
        client = self._clients[name]
        if not client.service_is_ready():
            raise ValueError(Sentence.SERVICE_MISSING.text(name=service))
        request = _request_of(name, value)
        if name == "delete_person":
            self._person.delete(value)
        client.call_async(request).add_done_callback(lambda future: self._report(name, future))

    def _report(self, name: str, future: Any) -> None:
        response = future.result()
        if response is None:
            return
        if response.success:
            self._answer(Answer(name, True, response.message))
        else:
            self._refuse(name, response.message, _code(response.error_code))

    def _refuse(
        self, name: str, sentence: str, code: RequestErrorCode = RequestErrorCode.UNSPECIFIED
    ) -> None:
        self._answer(Answer(name, False, sentence, code))
        self._warn(sentence)

    def _warn(self, sentence: str) -> None:
        if self._warnings.take():  # viewers could fill the log
            self._node.get_logger().warning(sentence)


def _code(number: int) -> RequestErrorCode:
    """The reason of a response; a later version may have others."""
    codes = {int(code): code for code in RequestErrorCode if code is not RequestErrorCode.NONE}
    return codes.get(number, RequestErrorCode.UNSPECIFIED)


def _request_of(name: str, value: str) -> Any:
    """The request to the service of a command.

    Raises:
        ValueError: the value is not usable; one sentence.
    """
    _, kind = _SERVICES[name]
    if name in _CHOICES:
        return kind.Request(**{_CHOICES[name]: value})
    if name == "rate":
        return rating_request(value)
    if name == "record_reference":
        return reference_request(value)
    if name != "person":
        return kind.Request()
    body_id = int(value) if value.isascii() and value.isdecimal() and len(value) <= 10 else -1
    if not 0 <= body_id <= _LARGEST_ID:
        raise ValueError(f"the person is {value[:20]!r}; expected the number of one in view, or 0")
    method = SelectPerson.Request.BY_ID if body_id else SelectPerson.Request.AUTOMATIC
    return SelectPerson.Request(method=method, body_id=body_id)
