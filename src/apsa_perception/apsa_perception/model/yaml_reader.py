"""Reading of nested settings with errors that name file, key, what is allowed, and the line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

T = TypeVar("T")

_MISSING = object()


class Lines(dict[Any, Any]):
    """A mapping of a YAML file that knows where it and its keys stand.

    Attributes:
        line: its first line, from 1.
        lines: line of each key.
    """

    line: int
    lines: dict[Any, int]


class _LineLoader(yaml.SafeLoader):
    """Loads mappings as ``Lines``; a key that is there twice is refused."""

    def construct_lines(self, node: yaml.MappingNode) -> Lines:
        """The mapping of a node with its lines."""
        self.flatten_mapping(node)
        values = Lines()
        values.line = node.start_mark.line + 1
        values.lines = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                raise ValueError(f"the key {key!r} is no text; allowed are texts (line {line})")
            if key in values:
                raise ValueError(f"the key {key!r} is there twice (line {line})")
            try:
                values[key] = self.construct_object(value_node, deep=True)
            except (ValueError, OverflowError) as error:
                if isinstance(value_node, yaml.ScalarNode):  # such as the 31st of February
                    raise ValueError(f"{key} cannot be read: {error} (line {line})") from error
                raise
            values.lines[key] = line
        return values


_LineLoader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _LineLoader.construct_lines
)


def load_lines(text: str) -> object:
    """Read YAML as ``yaml.safe_load`` does, but with ``Lines`` for mappings.

    Raises:
        yaml.YAMLError: it is no YAML.
        ValueError: a key is there twice or is no text.
    """
    return yaml.load(text, Loader=_LineLoader)  # a SafeLoader


def read_mapping(path: Path) -> "Reader":
    """Read the mapping of a YAML file.

    Raises:
        ValueError: it is not readable, or no mapping; one sentence names the file.
    """
    try:
        values = load_lines(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError(f"{path.name} is nested too deeply") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{path.name} cannot be read as YAML: {reason}") from error
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Reader(values, path.name)


class Reader:
    """One mapping of a settings file; every key must be asked for and every value fit.

    Args:
        values: the mapping.
        place: file and key path for messages.
    """

    def __init__(self, values: object, place: str) -> None:
        if not isinstance(values, Mapping):
            raise ValueError(f"{place} is {_shown(values)}; allowed is a mapping of keys to values")
        self._values = dict(values)
        self._line = values.line if isinstance(values, Lines) else None
        self._lines = values.lines if isinstance(values, Lines) else {}
        self.place = place
        self._asked: list[str] = []

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that are there, in the order of the file; for mappings with free keys."""
        return tuple(self._values)

    def raw(self, key: str) -> object:
        """The value of a key that must be there, unchecked."""
        return self._value(key, _MISSING)

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self._value(key, _MISSING)
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, value, "a text that is not empty")
        return value.strip()

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """A finite number within bounds."""
        value = self._value(key, _MISSING if default is None else default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high  # so is NaN
        ):
            raise self._error(key, value, f"a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._value(key, _MISSING if default is None else default)
        if not isinstance(value, bool):
            raise self._error(key, value, "true or false")
        return value

    def choice(self, key: str, choices: Mapping[str, T]) -> T:
        """One of the named choices."""
        return self._choose(key, self._value(key, _MISSING), choices)

    def choices(self, key: str, choices: Mapping[str, T]) -> tuple[T, ...]:
        """A list of at least one of the named choices, none twice."""
        value = self._value(key, _MISSING)
        if not isinstance(value, list) or not value:
            raise self._error(key, value, f"a list of {_listed(choices)}")
        found = tuple(self._choose(key, item, choices) for item in value)
        if len(set(found)) < len(found):
            raise self._error(key, value, "each entry once")
        return found

    def has(self, key: str) -> bool:
        """Whether an allowed key is there."""
        self._asked.append(key)
        return key in self._values

    def inner(self, key: str) -> "Reader":
        """The mapping below a key."""
        value = self._value(key, _MISSING)
        if not isinstance(value, Mapping):
            raise self._error(key, value, "a mapping of keys to values")
        return Reader(value, f"{self.place}: {key}")

    def inner_list(self, key: str) -> list["Reader"]:
        """The mappings of a list; an absent key is an empty list."""
        value = self._value(key, [])
        if not isinstance(value, list):
            raise self._error(key, value, "a list")
        for index, item in enumerate(value):
            if not isinstance(item, Mapping):
                raise self._error(f"{key}[{index}]", item, "a mapping of keys to values")
        return [Reader(item, f"{self.place}: {key}[{index}]") for index, item in enumerate(value)]

    def finish(self) -> None:
        """Refuse keys that nothing asked for."""
        unknown = sorted(str(key) for key in self._values if key not in self._asked)
        if unknown:
            raise self.complaint(
                f"{self.place} has the unknown key {unknown[0]!r}; allowed are "
                f"{', '.join(dict.fromkeys(self._asked))}",
                unknown[0],
            )

    def complaint(self, sentence: str, key: str = "") -> ValueError:
        """The error with that sentence and the line of the key, or of the mapping, where known."""
        line = self._lines.get(key, self._line)
        return ValueError(sentence if line is None else f"{sentence} (line {line})")

    def refuse(self, key: str, allowed: str) -> ValueError:
        """The error for a value that is wrong for a reason the caller knows."""
        return self._error(key, self._values.get(key), allowed)

    def _value(self, key: str, default: object) -> object:
        self._asked.append(key)
        value = self._values.get(key, default)
        if value is _MISSING:
            raise self.complaint(f"{self.place} lacks the key {key!r}")
        return value

    def _choose(self, key: str, value: object, choices: Mapping[str, T]) -> T:
        if not isinstance(value, str) or value not in choices:
            raise self._error(key, value, f"one of {_listed(choices)}")
        return choices[value]

    def _error(self, key: str, value: object, allowed: str) -> ValueError:
        return self.complaint(f"{self.place}: {key} is {_shown(value)}; allowed is {allowed}", key)


def _shown(value: object) -> str:
    text = "empty" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names)
