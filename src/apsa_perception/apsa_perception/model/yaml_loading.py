"""Loading of YAML files with limits, and with the lines of their keys."""

from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 256 * 1024
"""The largest file of the suite has 31 kB."""

MAX_VALUES = 12_000
"""Keys and values, those behind aliases each time; the largest file of the suite has 1,240."""

MAX_DEPTH = 20
"""Levels of lists and mappings; the files of the suite have 5."""

_TEXT_PER_VALUE = 100
"""Characters that count as one more value."""


_MAX_DIGITS = 40
_SHOWN_CHARACTERS = 60


class Lines(dict[Any, Any]):
    """A mapping of a YAML file with its line numbers.

    Attributes:
        line: its first line, from 1.
        lines: line of each key.
    """

    line: int
    lines: dict[Any, int]


class LineError(ValueError):
    """A mistake in a line of a file."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


class _FastLoader(
    yaml.composer.Composer,
    yaml.cyaml.CParser,
    yaml.constructor.SafeConstructor,
    yaml.resolver.Resolver,
):
    """Parses in C, as ``yaml.CSafeLoader``, but composes in Python, where the limits are checked.

    It takes a sixth of the time of ``yaml.SafeLoader``.
    """

    def __init__(self, stream: str) -> None:
        yaml.cyaml.CParser.__init__(self, stream)
        yaml.composer.Composer.__init__(self)
        yaml.constructor.SafeConstructor.__init__(self)
        yaml.resolver.Resolver.__init__(self)


class LimitedLoader(_FastLoader):
    """Refuses what unpacks to far more than any file of the suite holds.

    An alias counts as what it stands for: nine of nine of nine ... fill the memory when printed.
    """

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = self._size = 0
        self._sizes: dict[int, int] = {}

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node:
        """Return the next node of the document."""
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            node: yaml.Node = super().compose_node(parent, index)
            if id(node) not in self._sizes:
                raise LineError(line, f"the alias *{event.anchor} is inside what it stands for")
            self._grow(line, self._sizes[id(node)])
            return node
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise LineError(line, f"nested too deeply; expected at most {MAX_DEPTH} levels")
        before = self._size
        text = event.value if isinstance(event, yaml.ScalarEvent) else ""
        self._grow(line, 1 + len(text) // _TEXT_PER_VALUE)
        node = super().compose_node(parent, index)
        self._sizes[id(node)] = self._size - before
        self._depth -= 1
        return node

    def _grow(self, line: int, size: int) -> None:
        self._size += size
        if self._size > MAX_VALUES:
            raise LineError(line, f"too many values; expected at most {MAX_VALUES}")


class LineLoader(LimitedLoader):
    """Loads mappings as ``Lines`` and refuses duplicate keys."""

    def construct_lines(self, node: yaml.MappingNode) -> Lines:
        """Return the mapping of a node with its lines."""
        self.flatten_mapping(node)
        values = Lines()
        values.line = node.start_mark.line + 1
        values.lines = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                raise LineError(line, f"the key {_cut(repr(key))} is not a text")
            if key in values:
                raise LineError(line, f"the key {_cut(repr(key))} appears twice")
            try:
                values[key] = self.construct_object(value_node, deep=True)
            except LineError:
                raise
            except (ValueError, OverflowError) as error:
                if isinstance(value_node, yaml.ScalarNode):  # such as the 31st of February
                    raise LineError(line, f"{_cut(key)} cannot be read: {error}") from error
                raise
            values.lines[key] = line
        return values

    def construct_plain_int(self, node: yaml.ScalarNode) -> int:
        """Return a decimal number; YAML 1.1 reads 0100 as 64 and 1:30 as 90."""
        text = str(node.value)
        if len(text) > _MAX_DIGITS:
            raise LineError(node.start_mark.line + 1, f"the number {_cut(text)} is too long")
        sign, digits = ("-" if text.startswith("-") else ""), text.lstrip("+-").replace("_", "")
        if not digits.isdecimal():
            raise LineError(
                node.start_mark.line + 1,
                f"the number {text} is not decimal; write {self.construct_yaml_int(node)}",
            )
        if digits != (plain := digits.lstrip("0") or "0"):
            raise LineError(
                node.start_mark.line + 1,
                f"the number {text} is ambiguous because of its leading zero; write {sign}{plain}",
            )
        return int(text.replace("_", ""))

    def construct_plain_float(self, node: yaml.ScalarNode) -> float:
        """Return a decimal number; YAML 1.1 reads 1:30.0 as 90."""
        if len(node.value) > _MAX_DIGITS:
            raise LineError(node.start_mark.line + 1, f"the number {_cut(node.value)} is too long")
        value: float = self.construct_yaml_float(node)
        if ":" in node.value:
            raise LineError(
                node.start_mark.line + 1, f"the number {node.value} is not decimal; write {value:g}"
            )
        return value


LineLoader.add_constructor("tag:yaml.org,2002:int", LineLoader.construct_plain_int)
LineLoader.add_constructor("tag:yaml.org,2002:float", LineLoader.construct_plain_float)
LineLoader.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, LineLoader.construct_lines
)


def load_yaml(path: Path, loader: type[LimitedLoader]) -> Any:
    """Return the content of a YAML file.

    Raises:
        LineError: a line has a mistake or is not UTF-8 text, or the content is beyond the limits.
        OSError: the file cannot be read.
        ValueError: it is not a file, or too large.
        yaml.YAMLError: it is not YAML.
    """
    if path.exists() and not path.is_file():  # a pipe would block
        raise ValueError("it is not a file")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"it is too large; expected at most {MAX_BYTES // 1024} KiB")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LineError(line, "not UTF-8 text; save the file with the encoding UTF-8") from error
    return yaml.load(text, Loader=loader)  # a SafeLoader


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 3] + "..."
