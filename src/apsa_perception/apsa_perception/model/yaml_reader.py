"""Checked reading of YAML files with errors that give file, line, key and what is expected.

``read_yaml`` returns a ``Reader`` of the file's mapping. Each value is taken by a method that
checks it; ``finish`` refuses keys that were never asked for. A message reads
``squat.yaml:8: views is 'top'; expected one of frontal, ...``.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from apsa_perception.model.suggestions import expectation
from apsa_perception.model.yaml_loading import LineError, LineLoader, Lines, load_yaml

T = TypeVar("T")

_MISSING = object()


def read_yaml(path: Path) -> "Reader":
    """Return a reader of the mapping in a YAML file.

    Raises:
        ValueError: the file cannot be read or does not hold a mapping; one sentence with file and
            line.
    """
    try:
        values = load_yaml(path, LineLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ValueError(f"{path.name}:{line}: not valid YAML: {error.problem}") from error
    except LineError as error:
        raise ValueError(f"{path.name}:{error.line}: {error}") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{path.name} cannot be read: {' '.join(str(error).split())}") from error
    return Reader(values, path.name)


class Reader:
    """One mapping of a YAML file.

    Args:
        values: the mapping.
        file: name of the file, for messages.
        path: keys that lead to the mapping, joined by dots; empty for that of the file.

    Raises:
        ValueError: the values are not a mapping.
    """

    def __init__(self, values: object, file: str, path: str = "") -> None:
        if not isinstance(values, Mapping):
            raise ValueError(
                f"{file}: {path or 'the file'} is {_shown(values)}; expected a mapping"
            )
        self._values = dict(values)
        self._line = values.line if isinstance(values, Lines) else None
        self._lines = values.lines if isinstance(values, Lines) else {}
        self._file = file
        self._path = path
        self._asked: list[str] = []

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that the mapping has."""
        return tuple(self._values)

    def raw(self, key: str) -> object:
        """The value of a key that must be there, unchecked."""
        return self._value(key, _MISSING)

    def text(self, key: str) -> str:
        """A text that is not empty."""
        return self._text(key, self._value(key, _MISSING))

    def texts(self, key: str) -> tuple[str, ...]:
        """A text, or a list of at least one."""
        value = self._value(key, _MISSING)
        return tuple(self._text(key, one) for one in (value if _is_list(value) else [value]))

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """A finite number within bounds."""
        value = self._value(key, _MISSING if default is None else default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high  # false for NaN, too
        ):
            raise self._error(key, value, f"a number from {low:g} to {high:g}")
        return float(value)

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        value = self._value(key, _MISSING if default is None else default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self._error(key, value, f"a whole number from {low} to {high}")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._value(key, _MISSING if default is None else default)
        if not isinstance(value, bool):
            raise self._error(key, value, "true or false")
        return value

    def choice(self, key: str, choices: Mapping[str, T], page: str = "") -> T:
        """One of the named choices; ``page``: the documentation page that lists many."""
        return self._choose(key, self._value(key, _MISSING), choices, page)

    def choices(self, key: str, choices: Mapping[str, T], page: str = "") -> tuple[T, ...]:
        """A list of at least one of the named choices, each at most once; ``page`` as before."""
        value = self._value(key, _MISSING)
        if not _is_list(value):
            raise self._error(key, value, f"a list of {', '.join(choices)}")
        found = tuple(self._choose(key, item, choices, page) for item in value)
        if len(set(found)) < len(found):
            raise self._error(key, value, "each entry once")
        return found

    def has(self, key: str) -> bool:
        """Whether an optional key is there."""
        self._asked.append(key)
        return key in self._values

    def has_mapping(self, key: str) -> bool:
        """Whether the value of a key is a mapping."""
        return self.has(key) and isinstance(self._values[key], Mapping)

    def inner(self, key: str) -> "Reader":
        """A reader of the mapping below a key."""
        value = self._value(key, _MISSING)
        if not isinstance(value, Mapping):
            raise self._error(key, value, "a mapping")
        return Reader(value, self._file, self.key_path(key))

    def inner_list(self, key: str) -> list["Reader"]:
        """Readers of the mappings in a list; an absent key is an empty list."""
        value = self._value(key, [])
        if not isinstance(value, list):
            raise self._error(key, value, "a list")
        for index, item in enumerate(value):
            if not isinstance(item, Mapping):
                raise self.mistake(
                    f"{self.key_path(key)}[{index}] is {_shown(item)}; expected a mapping", key
                )
        return [
            Reader(item, self._file, f"{self.key_path(key)}[{index}]")
            for index, item in enumerate(value)
        ]

    def finish(self) -> None:
        """Refuse keys that were never asked for."""
        self.expect_keys(self._asked)

    def expect_keys(self, allowed: Iterable[str]) -> None:
        """Refuse keys other than these."""
        names = tuple(dict.fromkeys(allowed))
        unknown = sorted(str(key) for key in self._values if key not in names)
        if unknown:
            raise self.mistake(
                f"unknown key '{self.key_path(unknown[0])}'; expected {', '.join(names)}",
                unknown[0],
            )

    def key_path(self, key: str) -> str:
        """Keys from the top of the file to a key of this mapping, joined by dots."""
        return f"{self._path}.{key}" if self._path else key

    def mistake(self, sentence: str, key: str = "") -> ValueError:
        """Return the error with a sentence, at the line of the key or of the mapping."""
        line = self._lines.get(key, self._line)
        return ValueError(f"{self._file}{'' if line is None else f':{line}'}: {sentence}")

    def needs(self, what: str) -> ValueError:
        """Return the error for a mapping that needs something else."""
        return self.mistake(f"{self._path or 'the file'} needs {what}")

    def refuse(self, key: str, expected: str) -> ValueError:
        """Return the error for a value that the caller refuses."""
        return self._error(key, self._values.get(key), expected)

    def unknown(self, key: str, names: Collection[str], page: str = "") -> ValueError:
        """Return the error for a name that is none of these; ``page`` as for ``choice``."""
        return self._unknown(key, self._values.get(key), names, page)

    def _value(self, key: str, default: object) -> Any:
        self._asked.append(key)
        value = self._values.get(key, default)
        if value is _MISSING:
            raise self.mistake(f"the key '{self.key_path(key)}' is missing")
        return value

    def _text(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._error(key, value, "a text that is not empty")
        return value.strip()

    def _choose(self, key: str, value: object, choices: Mapping[str, T], page: str) -> T:
        if not isinstance(value, str) or value not in choices:
            raise self._unknown(key, value, choices, page)
        return choices[value]

    def _unknown(self, key: str, value: object, names: Collection[str], page: str) -> ValueError:
        expected = expectation(value, names, page)
        return self.mistake(f"{self.key_path(key)} is {_shown(value)}; {expected}", key)

    def _error(self, key: str, value: object, expected: str) -> ValueError:
        return self.mistake(f"{self.key_path(key)} is {_shown(value)}; expected {expected}", key)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and bool(value)


def _shown(value: object) -> str:
    text = "empty" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
