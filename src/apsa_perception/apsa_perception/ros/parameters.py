"""ROS parameters derived from settings data classes (``apsa_perception.model.settings``)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.node import Node

from apsa_perception.model.settings import Setting, build, settings_of
from apsa_perception.ros.parameter_file import ParameterError, refuse_misspelt

T = TypeVar("T")

LIVE = "can change while the node runs"
FIXED = "can change while the node is unconfigured"


class DeclaredSettings:
    """Settings of a node, read from its parameters.

    Args:
        node: node whose parameters are declared.
        given: names of the parameters that are set for this node in particular; those that are
            set for several nodes may be unknown to it.
    """

    def __init__(self, node: Node, given: Collection[str]) -> None:
        self._node = node
        self._given = given
        self._groups: dict[str, type] = {}
        self._settings: dict[str, Setting] = {}

    def declare(self, group: type[T], prefix: str = "") -> T:
        """Declare a group of settings and return it with the values of the node.

        Args:
            group: settings data class.
            prefix: what the names of its parameters begin with, such as ``screen.``; those that
                are declared already stay as they are.

        Raises:
            ParameterError: a value has the wrong type or is not allowed, or a name is misspelt.
        """
        described = {f"{prefix}{name}": one for name, one in settings_of(group).items()}
        self._refuse_misspelt(described, prefix)
        for name, one in described.items():
            if not self._node.has_parameter(name):
                self._declare(name, one)
        self._groups[prefix] = group
        self._settings |= described
        try:
            return self._read(group, prefix, {})
        except ValueError as error:
            raise ParameterError(f"{self._node.get_name()}: {error}") from None

    def read(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return all groups by prefix, with some values changed.

        Raises:
            ValueError: a value is not allowed.
        """
        return {prefix: self._read(one, prefix, changes) for prefix, one in self._groups.items()}

    def changes(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return those values, by the name of their parameter, that differ from the present ones.

        Parameters that belong to no group of settings are left out.
        """
        return {
            name: value
            for name, value in values.items()
            if name in self._settings and value != self._node.get_parameter(name).value
        }

    def holds(self, names: Iterable[str]) -> bool:
        """Whether one of the parameters belongs to a group of settings."""
        return any(name in self._settings for name in names)

    def require_live(self, names: Mapping[str, Any]) -> None:
        """Refuse parameters that cannot change while the node is configured.

        Raises:
            ValueError: names the parameter and says what to do first.
        """
        for name in names:
            if not self._settings[name].live:
                raise ValueError(
                    f"{name} is read-only while the node is configured; "
                    "deactivate and clean up the node first"
                )

    def _declare(self, name: str, described: Setting) -> None:
        default = described.default
        default = list(default) if isinstance(default, tuple) else default
        try:
            self._node.declare_parameter(name, default, descriptor(name, described))
        except InvalidParameterTypeException:
            kind = "list of strings" if isinstance(default, list) else type(default).__name__
            raise ParameterError(
                f"{self._node.get_name()}: parameter {name} has the wrong type; "
                f"expected {kind}, such as {default!r}"
            ) from None
        except InvalidParameterValueException as error:
            raise ParameterError(
                f"{self._node.get_name()}: parameter {name} is out of range; "
                f"expected {described.expected or error}"
            ) from None

    def _read(self, group: type[T], prefix: str, changes: Mapping[str, Any]) -> T:
        values: dict[str, Any] = {}
        for name, described in settings_of(group).items():
            full = f"{prefix}{name}"
            value = changes.get(full, self._node.get_parameter(full).value)
            value = tuple(value) if isinstance(described.default, tuple) else value
            if not described.allows(value):
                raise ValueError(f"{full} is {value!r}; expected {described.expected}")
            values[name] = value
        return build(group, values)

    def _refuse_misspelt(self, described: Mapping[str, Setting], prefix: str) -> None:
        given = [name for name in self._given if name.startswith(prefix)]
        try:
            refuse_misspelt(given, described)
        except ValueError as error:
            raise ParameterError(f"{self._node.get_name()}: {error}") from None


def descriptor(name: str, described: Setting) -> ParameterDescriptor:
    """Return the ROS descriptor of a parameter."""
    constraints = [f"expected {described.expected}"] if described.expected else []
    message = ParameterDescriptor(
        name=name,
        description=described.help,
        additional_constraints="; ".join([*constraints, LIVE if described.live else FIXED]),
    )
    low, high = described.low, described.high
    if low is None or high is None:
        return message
    if isinstance(described.default, int):
        message.integer_range = [IntegerRange(from_value=int(low), to_value=int(high), step=1)]
    else:
        message.floating_point_range = [
            FloatingPointRange(from_value=float(low), to_value=float(high))
        ]
    return message
