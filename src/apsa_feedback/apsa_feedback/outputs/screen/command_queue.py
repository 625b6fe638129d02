"""Commands of viewers, checked and carried out one after another."""

import contextlib
import json
import logging
import queue
import threading
from collections.abc import Callable, Mapping

WITH_VALUE = frozenset(
    {
        *("exercise", "programme", "language", "person", "picture", "rate", "delete_person"),
        *("choose_person", "record_reference", "set_target", "set_limit"),
        *("set_plan", "remove_plan"),
    }
)
"""Commands with a value."""

MAX_WAITING = 16
"""Commands that wait; later ones are dropped."""

_CLOSE_S = 2.0


class CommandQueue:
    """Carries out commands in a thread of its own, so that the server never waits for one.

    Args:
        commands: what may be requested, by name.
    """

    def __init__(self, commands: Mapping[str, Callable[..., None]]) -> None:
        self._commands = dict(commands)
        self._waiting: queue.Queue[Callable[[], None] | None] = queue.Queue(MAX_WAITING)
        self._thread = threading.Thread(target=self._work, name="screen commands", daemon=True)

    @property
    def names(self) -> list[str]:
        """Names of the commands, sorted."""
        return sorted(self._commands)

    def start(self) -> None:
        """Begin to carry out commands."""
        self._thread.start()

    def add(self, text: str) -> str:
        """Queue the command in a message of a viewer; ignore what is none.

        Returns the name of the command; empty if there is none.

        Args:
            text: ``{"command": <name>}`` as JSON, with a ``"value"`` where something is chosen; a
                value that is an object is passed on as JSON.
        """
        try:
            message = json.loads(text)
            name, value = message["command"], message.get("value")
            value = json.dumps(value) if isinstance(value, dict) else value
            str(value).encode()  # a lone surrogate fits in no message
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return ""
        command = self._commands.get(name) if isinstance(name, str) else None
        if command is None or (value is None) != (name not in WITH_VALUE):
            return ""
        try:
            self._waiting.put_nowait(command if value is None else lambda: command(str(value)))
        except queue.Full:
            logging.getLogger(__name__).debug("the command %s is dropped: too many wait", name)
            return ""
        return str(name)

    def close(self) -> None:
        """Drop what waits and end the thread."""
        while True:
            try:
                self._waiting.put_nowait(None)
                break
            except queue.Full:
                with contextlib.suppress(queue.Empty):
                    self._waiting.get_nowait()
        self._thread.join(timeout=_CLOSE_S)

    def _work(self) -> None:
        while (command := self._waiting.get()) is not None:
            try:
                command()
            except Exception:
                logging.getLogger(__name__).exception("a command of a viewer failed")
