"""Parameters declared once, with description and range; defaults live in ``config/`` alone."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ament_index_python.packages import get_package_share_directory
from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.node import Node


class ParameterError(ValueError):
    """One sentence: which value is wrong and what is allowed."""


@dataclass(frozen=True)
class Spec:
    """Description of a parameter; its type is that of the default in ``config/``.

    Attributes:
        name: name, with dots for groups.
        description: what it does, with its unit.
        low: smallest allowed number.
        high: largest allowed number.
        choices: allowed strings; empty for any.
    """

    name: str
    description: str
    low: float | None = None
    high: float | None = None
    choices: Sequence[str] = ()

    def descriptor(self, default: Any) -> ParameterDescriptor:
        """Return the ROS descriptor for a parameter of the default's type."""
        descriptor = ParameterDescriptor(
            name=self.name, description=self.description, read_only=True
        )
        if self.choices:
            descriptor.additional_constraints = f"one of: {', '.join(self.choices)}"
        if self.low is None or self.high is None:
            return descriptor
        if isinstance(default, int) and not isinstance(default, bool):
            descriptor.integer_range = [
                IntegerRange(from_value=int(self.low), to_value=int(self.high), step=1)
            ]
        else:
            descriptor.floating_point_range = [
                FloatingPointRange(from_value=float(self.low), to_value=float(self.high))
            ]
        return descriptor


def share_dir(package: str) -> Path:
    """Return the folder into which a package's configuration is installed."""
    return Path(get_package_share_directory(package))


def read_defaults(file: Path, node_name: str) -> dict[str, Any]:
    """Return the parameters of a node in a parameter file, with dotted names."""
    content = yaml.safe_load(file.read_text())
    try:
        return _flatten(content[f"/**/{node_name}"]["ros__parameters"])
    except (KeyError, TypeError):
        raise ParameterError(f"{file} holds no parameters for /**/{node_name}") from None


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def declare(node: Node, specs: Sequence[Spec], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Declare parameters and return their values.

    Raises:
        ParameterError: a value has the wrong type or lies outside its range.
    """
    values: dict[str, Any] = {}
    for spec in specs:
        default = defaults[spec.name]
        try:
            parameter = node.declare_parameter(spec.name, default, spec.descriptor(default))
        except InvalidParameterTypeException:
            raise ParameterError(
                f"{node.get_name()}: parameter {spec.name} has the wrong type; "
                f"allowed is {type(default).__name__} such as {default!r}"
            ) from None
        except InvalidParameterValueException:
            raise ParameterError(
                f"{node.get_name()}: parameter {spec.name} is outside its range; "
                f"allowed is {spec.low:g} to {spec.high:g}"
            ) from None
        value = parameter.value
        if spec.choices and any(item not in spec.choices for item in _items(value)):
            raise ParameterError(
                f"{node.get_name()}: parameter {spec.name} is {value!r}; "
                f"allowed: {', '.join(spec.choices)}"
            )
        values[spec.name] = value
    return values


def refuse_misspelt(node: Node, given: Collection[str], known: Collection[str]) -> None:
    """Refuse a parameter that looks like one of a group that is known.

    Others pass: a file may hold those of other nodes, and an output brings its own.

    Raises:
        ParameterError: names the parameter and the one that is like it.
    """
    for name in sorted(set(given) - set(known)):
        group = name.rpartition(".")[0]
        alike = difflib.get_close_matches(
            name, [one for one in known if one.rpartition(".")[0] == group], 1, 0.75
        )
        if alike:
            raise ParameterError(
                f"{node.get_name()}: there is no parameter {name}; did you mean {alike[0]}?"
            )


def check_sections(file: Path, nodes: Collection[str]) -> None:
    """Refuse sections of a parameter file that are meant for one of the nodes but miss it.

    Raises:
        ParameterError: names the section and what to write instead.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return  # ROS says what is wrong with it
    sections = content.items() if isinstance(content, Mapping) else ()
    for section, value in sections:
        if not isinstance(value, Mapping) or "ros__parameters" not in value:
            continue
        name = str(section).rpartition("/")[2]
        alike = difflib.get_close_matches(name, nodes, 1, 0.85)
        if alike and alike[0] != name:
            raise ParameterError(f"{file}: there is no node {name}; did you mean /**/{alike[0]}?")
        if alike and str(section).strip("/") == name:
            raise ParameterError(
                f"{file}: {section} means a node without a namespace; write /**/{name}"
            )


def _items(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) else value
