"""Keeps a node alive when one of its callbacks fails."""

import functools
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

from rclpy.executors import Executor, ExternalShutdownException
from rclpy.impl.rcutils_logger import RcutilsLogger

from apsa_perception.model.codes import RequestErrorCode
from apsa_perception.ros.diagnostics import Diagnostics
from apsa_perception.ros.parameter_file import ParameterError

ENDING = (ParameterError, BrokenPipeError, ExternalShutdownException)
"""What ends the process by intention: a wrong parameter, a closed terminal, a closed context."""


class _Node(Protocol):
    diagnostics: Diagnostics

    def get_logger(self) -> RcutilsLogger: ...


class CallbackGuard:
    """Catches exceptions of callbacks: counts each, logs the first of a kind with its traceback.

    Args:
        node: whose callbacks; its diagnostics may be created later.
    """

    def __init__(self, node: _Node) -> None:
        self._node = node
        self._kinds: Counter[tuple[str, str]] = Counter()
        self.calls = 0
        """Callbacks of subscriptions and timers that were called."""

    def guarded(self, callback: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return the callback of a subscription or a timer, which then raises nothing.

        Args:
            callback: what to call.
            name: the topic or what else names it in the log.
        """

        @functools.wraps(callback)
        def call(*args: Any) -> Any:
            self.calls += 1
            try:
                result = callback(*args)
            except ENDING:
                raise
            except Exception as error:
                self.note(name, error)
                return None
            self._node.diagnostics.succeeded(name)
            return result

        return call

    def guarded_service(self, callback: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return the callback of a service, which then answers that it failed."""

        @functools.wraps(callback)
        def call(request: Any, response: Any) -> Any:
            try:
                answer = callback(request, response)
            except ENDING:
                raise
            except Exception as error:
                self.note(name, error)
                for field, value in (
                    ("success", False),
                    ("message", f"the service failed: {type(error).__name__}"),
                    ("error_code", int(RequestErrorCode.UNSPECIFIED)),
                ):
                    if hasattr(response, field):
                        setattr(response, field, value)
                return response
            self._node.diagnostics.succeeded(name)
            return answer

        return call

    def note(self, name: str, error: Exception) -> None:
        """Count a failure, and log it if it is the first of its kind."""
        kind = (name, type(error).__name__)
        self._kinds[kind] += 1
        self._node.diagnostics.failed(name)
        if self._kinds[kind] == 1:
            text = "".join(traceback.format_exception(error))
            self._log(
                f"{name} failed and the node goes on; later failures of this kind are only "
                f"counted in /diagnostics\n{text}"
            )

    def _log(self, text: str) -> None:
        self._node.get_logger().error(text)

    def spin(self, executor: Executor) -> None:
        """Spin until the executor is shut down; a message that cannot be read ends nothing."""
        while True:
            try:
                executor.spin()
            except ENDING:
                raise
            except Exception as error:
                self.note("message", error)
            else:
                return

    def spin_once(self, executor: Executor, timeout_s: float) -> None:
        """Run the next callback, if there is one within the timeout in seconds."""
        try:
            executor.spin_once(timeout_sec=timeout_s)
        except ENDING:
            raise
        except Exception as error:
            self.note("message", error)
