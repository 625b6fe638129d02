"""What all nodes have in common: lifecycle, parameters and diagnostics."""

import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from rcl_interfaces.msg import SetParametersResult
from rclpy.clock import Clock, ClockType
from rclpy.guard_condition import GuardCondition
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.parameter import Parameter
from rclpy.service import Service
from rclpy.subscription import Subscription
from rclpy.timer import Timer

from apsa_perception.ros.callback_guard import CallbackGuard
from apsa_perception.ros.consumers import Consumers
from apsa_perception.ros.diagnostics import Diagnostics
from apsa_perception.ros.node_settings import NodeSettings
from apsa_perception.ros.parameter_file import ParameterError, shared_names
from apsa_perception.ros.parameters import DeclaredSettings

T = TypeVar("T")

_POLL_S = 0.02


class CoachNode(LifecycleNode):
    """Lifecycle node with typed settings and diagnostics.

    A subclass sets the class attributes and overrides ``configure``, ``activate``, ``begin``,
    ``deactivate`` and ``cleanup``. A ValueError or OSError in ``configure`` or ``activate``
    refuses the transition, with its text as the sentence for the user; it is kept in ``failure``.

    While a node is unconfigured, every parameter can be set. While it is configured, those can
    that are declared as live: ``check_settings`` may refuse them, ``reconfigure`` applies them.
    """

    NAME: str
    SETTINGS: type[NodeSettings]
    """Its parameters: a frozen data class."""
    FINISHES = False
    """Whether it handles what has arrived before it ends at Ctrl-C: the last results."""
    lost_data = False
    """Whether what it keeps for the user, such as a report, could not be written."""

    def __init__(self, **kwargs: Any) -> None:
        self.guard = CallbackGuard(self)
        super().__init__(self.NAME, **kwargs)
        shared = shared_names([*(kwargs.get("cli_args") or ()), *sys.argv])
        self._declared = DeclaredSettings(self, set(self._parameter_overrides) - shared)
        self.settings: Any = self._declared.declare(self.SETTINGS)
        self.add_on_set_parameters_callback(self._on_set_parameters)
        self.add_post_set_parameters_callback(self._after_set_parameters)
        self.diagnostics = Diagnostics(self)
        self.failure = ""
        self._configured = False
        self._raises = False
        self._awaiting: Timer | None = None
        self._listening: Sequence[Subscription] | None = None
        self.done = False
        """Set by a node that has finished, such as a source at its end."""

    def create_subscription(
        self, msg_type: Any, topic: str, callback: Callable[..., None], *args: Any, **kwargs: Any
    ) -> Subscription:
        """Create a subscription; an exception of its callback is counted and logged."""
        call = self.guard.guarded(callback, topic)
        return super().create_subscription(msg_type, topic, call, *args, **kwargs)

    def create_timer(
        self, timer_period_sec: float, callback: Callable[[], Any], *args: Any, **kwargs: Any
    ) -> Timer:
        """Create a timer; an exception of its callback is counted and logged."""
        name = f"timer {getattr(callback, '__name__', 'callback').strip('_')}"
        call = self.guard.guarded(callback, name)
        return super().create_timer(timer_period_sec, call, *args, **kwargs)

    def create_service(
        self, srv_type: Any, srv_name: str, callback: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Service:
        """Create a service; an exception of its callback is counted, logged and answered."""
        call = self.guard.guarded_service(callback, srv_name)
        return super().create_service(srv_type, srv_name, call, *args, **kwargs)

    def create_guard_condition(
        self, callback: Callable[[], Any], *args: Any, **kwargs: Any
    ) -> GuardCondition:
        """Create a guard condition; an exception of its callback is counted and logged."""
        call = self.guard.guarded(callback, "request")
        return super().create_guard_condition(call, *args, **kwargs)

    @classmethod
    def preload(cls) -> None:
        """Import what ``configure`` needs, while there is time to wait for."""

    def configure(self) -> None:
        """Create publishers, services and the models."""

    def activate(self) -> None:
        """Create timers, and what else does not wait for consumers."""

    def begin(self) -> Sequence[Subscription]:
        """Start to play or to listen; return the subscriptions, which are destroyed at the end.

        Called when the node is active and its consumers are there. So the graph starts from its
        last node to its source, and no message reaches a node whose answer would be lost.
        """
        return ()

    def check_settings(self, settings: Any) -> None:
        """Refuse settings for a configured node; ``ValueError`` with one sentence."""

    def reconfigure(self) -> None:
        """Apply ``settings`` after a live parameter changed; the node is configured."""

    def deactivate(self) -> None:
        """Destroy what ``activate`` created."""

    def cleanup(self) -> None:
        """Destroy what ``configure`` created."""

    def declare(self, group: type[T], prefix: str) -> T:
        """Declare parameters whose names begin with a prefix; return their values.

        Raises:
            ParameterError: a value has the wrong type or is not allowed, or a name is misspelt.
        """
        return self._declared.declare(group, prefix)

    def declared(self, prefix: str) -> Any:
        """Return the present values of parameters that were declared with a prefix."""
        return self._declared.read({})[prefix]

    def _on_set_parameters(self, parameters: Sequence[Parameter]) -> SetParametersResult:
        changes = self._declared.changes({each.name: each.value for each in parameters})
        try:
            settings = self._declared.read(changes)[""]
            if self._configured and changes:
                self._declared.require_live(changes)
                self.check_settings(settings)
        except ValueError as error:
            return SetParametersResult(successful=False, reason=f"{self.NAME}: {error}")
        return SetParametersResult(successful=True)

    def _after_set_parameters(self, parameters: Sequence[Parameter]) -> None:
        if not self._declared.holds(each.name for each in parameters):
            return
        self.settings = self._declared.read({})[""]
        if self._configured:
            self.reconfigure()

    def _attempt(self, work: Callable[[], None]) -> TransitionCallbackReturn:
        self.failure = ""
        try:
            work()
        except (ValueError, OSError) as error:
            self.failure = str(error)
        except Exception as error:
            # rclpy would discard it.
            self.failure = f"{type(error).__name__}: {error}"
            self.get_logger().error(traceback.format_exc())
        if self.failure:
            if not self._raises:
                self.get_logger().error(self.failure)
            return TransitionCallbackReturn.FAILURE
        return TransitionCallbackReturn.SUCCESS

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        outcome = self._attempt(self.configure)
        self._configured = outcome == TransitionCallbackReturn.SUCCESS
        return outcome

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        # Publishers first: what ``activate`` starts may publish immediately.
        super().on_activate(state)
        outcome = self._attempt(self._activate)
        if outcome != TransitionCallbackReturn.SUCCESS:
            super().on_deactivate(state)
        return outcome

    def _activate(self) -> None:
        self._consumers = Consumers(self, self.settings.consumers)
        self.activate()
        self._begin_if_heard()
        if not self.has_begun:
            steady = Clock(clock_type=ClockType.STEADY_TIME)
            self._awaiting = self.create_timer(
                _POLL_S, lambda: self._attempt(self._begin_if_heard), clock=steady
            )

    def _begin_if_heard(self) -> None:
        if not self._consumers.missing():
            self._stop_awaiting()
            self._listening = self.begin()

    def _stop_awaiting(self) -> None:
        if self._awaiting is not None:
            self.destroy_timer(self._awaiting)
            self._awaiting = None

    def _deactivate(self) -> None:
        self._stop_awaiting()
        for each in self._listening or ():
            self.destroy_subscription(each)
        self._listening = None
        self.deactivate()

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        self._deactivate()
        return super().on_deactivate(state)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        self.cleanup()
        self._configured = False
        return TransitionCallbackReturn.SUCCESS

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        if state.label == "active":
            self._deactivate()
        if state.label in ("active", "inactive"):
            self.cleanup()
        return TransitionCallbackReturn.SUCCESS

    def destroy_node(self) -> None:
        super().destroy_node()
        # rclpy does not: the state machine would keep the DDS participant until it is collected as
        # garbage, and a second participant in the process, such as the next test's, can deadlock
        # with it (eProsima/Fast-DDS issues 6193 and 6502).
        self._state_machine.destroy_when_not_in_use()

    @property
    def has_begun(self) -> bool:
        """Whether the consumers are there and the node listens or plays."""
        return self._listening is not None

    def start(self) -> None:
        """Configure and activate.

        Raises:
            ParameterError: the sentence why a transition was refused.
        """
        self.must(self.trigger_configure)
        self.must(self.trigger_activate)

    def must(self, transition: Callable[[], TransitionCallbackReturn]) -> None:
        """Make a transition; a failure is raised as ``ParameterError`` instead of logged."""
        self._raises = True
        outcome = transition()
        self._raises = False
        if outcome != TransitionCallbackReturn.SUCCESS:
            raise ParameterError(self.failure or f"{self.NAME} did not start; see its log")
