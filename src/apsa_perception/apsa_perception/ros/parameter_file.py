"""Parameter files: what they set for a node, and names in them that are misspelt; needs no ROS."""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import yaml

from apsa_perception.model.settings import build, settings_of
from apsa_perception.model.yaml_loading import LimitedLoader, LineError, load_yaml
from apsa_perception.ros.node_settings import NAMESPACE

T = TypeVar("T")


class ParameterError(ValueError):
    """A parameter cannot be used: one sentence with the value and what is expected."""


@dataclass(frozen=True)
class Section:
    """Parameters for the nodes whose name with namespace matches.

    Attributes:
        name: as in the file, such as ``/**/pose_node``.
        values: values by the dotted name of their parameter.
    """

    name: str
    values: Mapping[str, Any]

    @property
    def node(self) -> str:
        """Name of the node without namespace; empty for a section of several nodes."""
        last = self.name.rpartition("/")[2]
        return "" if "*" in last else last

    def matches(self, node: str) -> bool:
        """Whether it applies to a node, given by its name with namespace, as in rcl."""
        pattern = re.escape("/" + self.name.strip("/"))
        pattern = pattern.replace(r"/\*\*", r"(/\w+)*").replace(r"\*", r"\w+")
        return re.fullmatch(pattern, node) is not None


def sections(file: Path) -> list[Section]:
    """Return the sections of a parameter file, in its order.

    Raises:
        ParameterError: it cannot be read as a parameter file.
    """
    try:
        content = load_yaml(file, LimitedLoader)
    except OSError as error:
        raise ParameterError(_unusable(file, error.strerror or "cannot be read")) from None
    except LineError as error:
        raise ParameterError(_unusable(file, f"line {error.line}: {error}")) from None
    except (ValueError, yaml.YAMLError) as error:
        raise ParameterError(_unusable(file, " ".join(str(error).split()))) from None
    if not isinstance(content, Mapping):
        raise ParameterError(_unusable(file, "it has no sections"))
    return list(_sections(content, ""))


def read_settings(
    group: type[T], node: str, file: Path | None, overrides: Mapping[str, Any] | None = None
) -> T:
    """Return the settings that a node of this name would have with a parameter file.

    Args:
        group: settings data class of the node.
        node: its name, without namespace.
        file: the user's parameter file; None: the defaults.
        overrides: values that come after those of the file.

    Raises:
        ParameterError: the file or a value cannot be used.
    """
    described = settings_of(group)
    values: dict[str, Any] = {}
    for section in sections(file) if file else ():
        if section.matches(f"/{NAMESPACE}/{node}"):
            values |= {name: value for name, value in section.values.items() if name in described}
    values |= {name: value for name, value in (overrides or {}).items() if name in described}
    place = f"{file}: {node}" if file else node
    for name, value in values.items():
        default = described[name].default
        if isinstance(default, tuple) and isinstance(value, list):
            values[name] = value = tuple(value)
        if type(value) is not type(default):
            raise ParameterError(
                f"{place}: {name} is {value!r}; expected {type(default).__name__}, "
                f"such as {default!r}"
            )
        if not described[name].allows(value):
            raise ParameterError(
                f"{place}: {name} is {value!r}; expected {described[name].expected}"
            )
    try:
        return build(group, values)
    except ValueError as error:
        raise ParameterError(f"{place}: {error}") from None


def check_file(file: Path, nodes: Mapping[str, type]) -> None:
    """Refuse sections and parameters that are meant for nodes of a graph but miss them.

    Parameters of a section for several nodes, such as ``/**``, may belong to any of them.

    Args:
        file: parameter file.
        nodes: settings data classes by the name of the node.

    Raises:
        ParameterError: names the section or parameter and what to write instead.
    """
    known = {name: list(settings_of(group)) for name, group in nodes.items()}
    everywhere = {name for names in known.values() for name in names}
    for section in sections(file):
        node = section.node
        if not node:
            try:
                refuse_misspelt(section.values, everywhere)
            except ValueError as error:
                raise ParameterError(f"{file}: {section.name}: {error}") from None
            continue
        alike = difflib.get_close_matches(node, nodes, 1, 0.85)
        if alike and alike[0] != node:
            raise ParameterError(f"{file}: there is no node {node}; did you mean /**/{alike[0]}?")
        if alike and section.name.strip("/") == node:
            raise ParameterError(
                f"{file}: {section.name} means a node without a namespace; write /**/{node}"
            )
        if node in known:
            try:
                refuse_misspelt(section.values, known[node])
            except ValueError as error:
                raise ParameterError(f"{file}: {node}: {error}") from None


def shared_names(arguments: Sequence[str]) -> set[str]:
    """Return the parameters that the parameter files of a command line set for several nodes."""
    files = [Path(after) for flag, after in _pairs(arguments) if flag == "--params-file"]
    names: set[str] = set()
    for file in files:
        try:
            found = sections(file)
        except ParameterError:
            continue  # rcl reports it
        names |= {name for section in found if not section.node for name in section.values}
    return names


def refuse_misspelt(given: Iterable[str], known: Collection[str]) -> None:
    """Refuse a name that is unknown but similar to a known one of the same group.

    Raises:
        ValueError: names the parameter and the one that is like it.
    """
    for name in sorted(set(given) - set(known)):
        group = name.rpartition(".")[0]
        alike = difflib.get_close_matches(
            name, [one for one in known if one.rpartition(".")[0] == group], 1, 0.75
        )
        if alike:
            raise ValueError(f"there is no parameter {name}; did you mean {alike[0]}?")


def _sections(tree: Mapping[Any, Any], path: str) -> Iterator[Section]:
    for key, value in tree.items():
        if not isinstance(value, Mapping):
            continue
        if key == "ros__parameters":
            yield Section(path, dict(_flatten(value)))
        else:
            yield from _sections(value, f"{path}/{str(key).strip('/')}" if path else str(key))


def _flatten(tree: Mapping[Any, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _pairs(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    return pairwise(arguments)


def _unusable(file: Path, reason: str) -> str:
    return (
        f"parameter file {file} cannot be used ({reason}); expected YAML as in docs/parameters.md"
    )
