"""The file of expected results, and the report of a comparison for a build server."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar, get_origin
from xml.etree import ElementTree

from apsa_feedback.expected.comparison import Check, Tolerance
from apsa_feedback.expected.outcome import Counted, Found, Held, Outcome, Said

_FORMAT = 1
T = TypeVar("T")


def write_expected(path: Path, outcome: Outcome, tolerance: Tolerance) -> None:
    """Write what a replay gave as what is expected from now on.

    Raises:
        ValueError: the file cannot be written.
    """
    content = {"format": _FORMAT, "tolerance": asdict(tolerance), **outcome.as_dict()}
    _write(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def read_expected(path: Path) -> tuple[Outcome, Tolerance]:
    """Read expected results.

    Raises:
        ValueError: the file cannot be read or has another form; one sentence.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"expected results {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"expected results {path} are not JSON: {error}") from error
    try:
        if content.pop("format") != _FORMAT:
            raise ValueError(f"format is not {_FORMAT}")
        tolerance = _filled(Tolerance, content.pop("tolerance"))
        repetitions = _with_errors(Counted, content.pop("repetitions"))
        # Files of earlier versions have none.
        holds = _with_errors(Held, content.pop("holds", []))
        live_errors = tuple(_filled(Found, one) for one in content.pop("live_errors"))
        cues = tuple(_filled(Said, one) for one in content.pop("cues"))
        if content:
            raise ValueError(f"{', '.join(sorted(content))}: unknown")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ValueError(
            f"expected results {path} cannot be used: {reason}; WRITE_EXPECT writes such a file"
        ) from error
    return Outcome(repetitions, live_errors, cues, holds), tolerance


def _with_errors(kind: type[T], rows: Sequence[Mapping[str, Any]]) -> tuple[T, ...]:
    return tuple(
        _filled(kind, {**one, "errors": tuple(_filled(Found, each) for each in one["errors"])})
        for one in rows
    )


def _filled(kind: type[T], values: Mapping[str, Any]) -> T:
    """Return a data class with values that have the types of its fields."""
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    for name, value in values.items():
        if name not in known:
            raise ValueError(f"{kind.__name__.lower()} has the unknown key {name}")
        if not _fits(value, known[name].type):
            raise ValueError(f"{name} is {value!r}")
    return kind(**values)


def _fits(value: object, hint: Any) -> bool:
    if get_origin(hint) is tuple:
        return isinstance(value, tuple)
    if isinstance(value, bool):
        return False
    return isinstance(value, hint) or (isinstance(value, int) and isinstance(float(value), hint))


def write_junit(path: Path, name: str, checks: Sequence[Check]) -> None:
    """Write a comparison as JUnit XML, which build servers read.

    Args:
        path: file to write.
        name: of the test suite.
        checks: what was compared.

    Raises:
        ValueError: the file cannot be written.
    """
    failures = sum(bool(check.differences) for check in checks)
    suite = ElementTree.Element(
        "testsuite", name=name, tests=str(len(checks)), failures=str(failures)
    )
    for check in checks:
        case = ElementTree.SubElement(suite, "testcase", classname=name, name=check.name)
        if check.differences:
            failure = ElementTree.SubElement(case, "failure", message=check.differences[0])
            failure.text = "\n".join(check.differences)
    ElementTree.indent(suite)
    _write(path, ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ValueError(
            f"{path} cannot be written ({error.strerror}); expected a file in an existing folder"
        ) from error
