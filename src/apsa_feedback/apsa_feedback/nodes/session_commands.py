"""Requests of a person on an output, passed on to the services of the session."""

from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any

from apsa_msgs.srv import Calibrate, PauseSession, SetExercise, StartSession, StopSession
from rclpy.node import Node

_SERVICES: Mapping[str, tuple[str, Any]] = {
    "start": ("start_session", StartSession),
    "pause": ("pause_session", PauseSession),
    "stop": ("stop_session", StopSession),
    "calibrate": ("calibrate", Calibrate),
    "exercise": ("set_exercise", SetExercise),
}
_LANGUAGE = "language"


class SessionCommands:
    """Calls the session's services on behalf of outputs, whose threads must not touch the node.

    Args:
        node: node to call from.
        set_language: takes the name of a language, in the node's thread; ``ValueError`` with one
            sentence if there is none.
    """

    def __init__(self, node: Node, set_language: Callable[[str], None]) -> None:
        self._node = node
        self._set_language = set_language
        self._requests: SimpleQueue[tuple[str, str]] = SimpleQueue()
        self._clients = {
            name: node.create_client(kind, service) for name, (service, kind) in _SERVICES.items()
        }
        self._wake = node.create_guard_condition(self._call_all)

    @property
    def by_name(self) -> dict[str, Callable[..., None]]:
        """The commands; they return at once and may be called from any thread.

        ``exercise`` and ``language`` take the chosen name.
        """
        return {name: self._request(name) for name in (*_SERVICES, _LANGUAGE)}

    def close(self) -> None:
        """Destroy what belongs to the node."""
        self._node.destroy_guard_condition(self._wake)
        for client in self._clients.values():
            self._node.destroy_client(client)

    def _request(self, name: str) -> Callable[..., None]:
        def ask(value: str = "") -> None:
            self._requests.put((name, value))
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
            self._node.get_logger().warning(str(error))

    def _call(self, name: str, value: str) -> None:
        service, kind = _SERVICES[name]
        client = self._clients[name]
        if not client.service_is_ready():
            self._node.get_logger().warning(
                f"the service {service} is not available; is the assessment node running?"
            )
            return
        request = kind.Request(exercise=value) if name == "exercise" else kind.Request()
        client.call_async(request).add_done_callback(self._report)

    def _report(self, future: Any) -> None:
        response = future.result()
        if response is not None and not response.success:
            self._node.get_logger().warning(response.message)
