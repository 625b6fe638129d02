"""Requests of a person on an output, passed on to the services of the session."""

from collections.abc import Callable, Mapping
from queue import Full, Queue
from typing import Any

from apsa_msgs.srv import (
    Calibrate,
    DeletePerson,
    PauseSession,
    RateSet,
    RepeatSet,
    SelectPerson,
    SetExercise,
    SkipSet,
    StartProgramme,
    StartSession,
    StopSession,
)
from rclpy.node import Node

from apsa_feedback.nodes.rating_command import rating_request
from apsa_perception.model.rate_limit import RateLimit

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
}
_CHOICES = {"exercise": "exercise", "programme": "programme", "delete_person": "person"}
"""Requests with a name, and the field in which their services take it."""
_LANGUAGE = "language"
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
        delete_person: deletes what the node stores about a person, in its thread, before the
            service is called; ``ValueError`` with one sentence if that is not possible.
    """

    def __init__(
        self,
        node: Node,
        set_language: Callable[[str], None],
        delete_person: Callable[[str], None],
    ) -> None:
        self._node = node
        self._set_language = set_language
        self._delete_person = delete_person
        self._requests: Queue[tuple[str, str]] = Queue(MAX_WAITING)
        self._clients = {
            name: node.create_client(kind, service) for name, (service, kind) in _SERVICES.items()
        }
        self._warnings = RateLimit(_WARNINGS_PER_S, _WARNINGS)
        self._wake = node.create_guard_condition(self._call_all)

    @property
    def by_name(self) -> dict[str, Callable[..., None]]:
        """The commands; they return at once and may be called from any thread.

        ``exercise``, ``programme`` and ``language`` take the chosen name, ``person`` a number,
        0: the automatic choice, ``rate`` an answer as ``rating_request`` takes it, and
        ``delete_person`` a pseudonym.
        """
        return {name: self._request(name) for name in (*_SERVICES, _LANGUAGE)}

    def close(self) -> None:
        """Destroy what belongs to the node."""
        self._node.destroy_guard_condition(self._wake)
        for client in self._clients.values():
            self._node.destroy_client(client)

    def _request(self, name: str) -> Callable[..., None]:
        def ask(value: str = "") -> None:
            try:
                self._requests.put_nowait((name, value))
            except Full:
                self._warn(f"the request {name} is dropped: {MAX_WAITING} requests wait already")
            self._wake.trigger()

        return ask

    def _call_all(self) -> None:
        if self._requests.empty():
            return
        name, value = self._requests.get()
        if not self._requests.empty():
            self._wake.trigger()  # each in a callback of its own: if one fails, the others do not
        if name == _LANGUAGE:
            self._change_language(value)
        else:
            self._call(name, value)

    def _change_language(self, locale: str) -> None:
        try:
            self._set_language(locale)
        except ValueError as error:
            self._warn(str(error))

    def _call(self, name: str, value: str) -> None:
        service, _ = _SERVICES[name]
        client = self._clients[name]
        if not client.service_is_ready():
            self._warn(f"the service {service} is not available; is the assessment node running?")
            return
        try:
            request = _request(name, value)
            if name == "delete_person":
                self._delete_person(value)
        except ValueError as error:
            self._warn(str(error))
            return
        client.call_async(request).add_done_callback(self._report)

    def _report(self, future: Any) -> None:
        response = future.result()
        if response is not None and not response.success:
            self._warn(response.message)

    def _warn(self, sentence: str) -> None:
        if self._warnings.take():  # viewers could fill the log
            self._node.get_logger().warning(sentence)


def _request(name: str, value: str) -> Any:
    """The request of a command.

    Raises:
        ValueError: the value is not usable; one sentence.
    """
    _, kind = _SERVICES[name]
    if name in _CHOICES:
        return kind.Request(**{_CHOICES[name]: value})
    if name == "rate":
        return rating_request(value)
    if name != "person":
        return kind.Request()
    body_id = int(value) if value.isascii() and value.isdecimal() and len(value) <= 10 else -1
    if not 0 <= body_id <= _LARGEST_ID:
        raise ValueError(f"the person is {value[:20]!r}; expected the number of one in view, or 0")
    method = SelectPerson.Request.BY_ID if body_id else SelectPerson.Request.AUTOMATIC
    return SelectPerson.Request(method=method, body_id=body_id)
