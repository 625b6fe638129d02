"""What a launch does when one of its nodes ends, and how it tells why."""

import atexit
import re
import sys
from collections.abc import Callable
from typing import Any

from launch.actions import RegisterEventHandler, Shutdown
from launch.event_handlers import OnProcessIO
from launch.events.process import ProcessExited, ProcessIO
from launch_ros.actions import Node

from apsa_perception.ros.process import REFUSED
from launch import LaunchContext

_LOG_PREFIX = re.compile(r"^\[[A-Z]+\] (\[[^]]*\] ?)*:? *")


class NodeExits:
    """Ends a launch with the sentence of the node that refused to start.

    The exit code of ``ros2 launch`` is then 1, because an event handler raised, and the sentence is
    repeated as the last line of the output, below what the other nodes print while they end.
    """

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def watch(self, name: str, node: Node) -> RegisterEventHandler:
        """Return the action that keeps the last line that a node prints on stderr."""

        def keep(event: ProcessIO) -> None:
            lines = event.text.decode(errors="replace").splitlines()
            self._lines[name] = next(filter(None, reversed(lines)), self._lines.get(name, ""))

        return RegisterEventHandler(OnProcessIO(target_action=node, on_stderr=keep))

    def on_exit(self, name: str, respawns: bool) -> Callable[[ProcessExited, LaunchContext], Any]:
        """Return the handler for the end of a node."""

        def ended(event: ProcessExited, context: LaunchContext) -> Any:
            code = event.returncode
            if context.is_shutdown or (respawns and code not in (0, REFUSED)):
                return None
            if code == 0:
                return Shutdown(reason=f"{name} ended")
            sentence = _LOG_PREFIX.sub("", self._lines.get(name, "")).strip()
            if code != REFUSED or not sentence:
                sentence = f"{name} died with exit code {code}; see its output above"
            atexit.register(print, sentence, file=sys.stderr, flush=True)
            raise RuntimeError(sentence)

        return ended
