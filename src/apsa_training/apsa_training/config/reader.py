"""Read a configuration file into typed settings.

Every field must be given, in the file or in the file it names as ``base``: these settings have no
defaults in code, so that a file states all settings of its figure.
"""

import dataclasses
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from apsa_perception.model.yaml_reader import read_yaml

FOLDER = Path(__file__).parent
_BASE = "base"
T = TypeVar("T")


def config_names() -> list[str]:
    """Names of the configurations in this package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_config(kind: type[T], name: str) -> T:
    """Read a configuration.

    Args:
        kind: data class of the settings; keys that it does not have are ignored only if they come
            from a base.
        name: name of a configuration in this package, or path of a YAML file.

    Raises:
        ValueError: no such file, or a key is missing, unknown or has a wrong value.
    """
    path = _find(name)
    own, inherited = _read(path)
    known = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    base = {key: value for key, value in inherited.items() if key in known}
    return _build(kind, _merged(base, own), path.name)


def _find(name: str) -> Path:
    for path in (Path(name), FOLDER / f"{name}.yaml"):
        if path.is_file():
            return path
    names = ", ".join(config_names())
    raise ValueError(f"configuration {name} not found; expected a YAML file or one of {names}")


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keys of the file itself, and those it inherits."""
    reader = read_yaml(path)
    own = {key: reader.raw(key) for key in reader.keys}
    base = own.pop(_BASE, None)
    if base is None:
        return own, {}
    return own, _with_base(path.parent / str(base))


def _with_base(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ValueError(f"base configuration {path} not found")
    own, inherited = _read(path)
    return _merged(inherited, own)


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Values of both; mappings are merged, other values of ``own`` replace those of ``base``."""
    merged = dict(base)
    for key, value in own.items():
        inherited = merged.get(key)
        if isinstance(value, Mapping) and isinstance(inherited, Mapping):
            merged[key] = _merged(inherited, value)
        else:
            merged[key] = value
    return merged


def _build(kind: type[T], values: Mapping[str, Any], place: str) -> T:
    hints = get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise ValueError(f"{place}: unknown key {unknown[0]}; expected {', '.join(fields)}")
    found: dict[str, Any] = {}
    for name, field in fields.items():
        if name in values:
            found[name] = _value(hints[name], values[name], f"{place}: {name}")
        elif field.default is field.default_factory is dataclasses.MISSING:
            raise ValueError(f"{place}: key {name} is missing")
    return kind(**found)


def _value(kind: Any, value: Any, place: str) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(value, Mapping):
        return _build(kind, value, place)  # type: ignore[arg-type]
    if origin is tuple and isinstance(value, list):
        return tuple(_value(parts[0], item, f"{place}[{i}]") for i, item in enumerate(value))
    if origin is dict and isinstance(value, Mapping):
        return {key: _value(parts[1], item, f"{place}.{key}") for key, item in value.items()}
    if origin in (Union, types.UnionType) and value is not None:
        return _value(parts[0], value, place)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind is Any or (isinstance(kind, type) and type(value) is kind):
        return value
    expected = kind.__name__ if isinstance(kind, type) and origin is None else str(kind)
    raise ValueError(f"{place} is {value!r}; expected {expected}")
