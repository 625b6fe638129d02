"""Reads the figures of the exercises from a file, with the line of every mistake."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from apsa_perception.exercises.figure import Figure, Prop
from apsa_perception.exercises.figure_pose import FigurePose
from apsa_perception.model.paths import share_dir
from apsa_perception.model.yaml_reader import Reader, read_yaml

_PROPS = {prop.value: prop for prop in Prop}
_SINGLE = frozenset({"trunk", "tilt", "twist"})
_LARGEST_DEG = 360.0


def load_figures(path: Path | None = None) -> Mapping[str, Figure]:
    """Return the figures by the name of the exercise.

    Args:
        path: the file; None: the installed one.

    Raises:
        ValueError: the file has a mistake; one sentence with its line.
    """
    top = read_yaml(path or share_dir("apsa_perception") / "config" / "figures.yaml")
    return {name: _figure(top.inner(name)) for name in top.keys}


def _figure(reader: Reader) -> Figure:
    standing = FigurePose()
    start = _pose(reader.inner("start"), standing) if reader.has("start") else standing
    figure = Figure(
        start=start,
        turn=_pose(reader.inner("turn"), start),
        turned_deg=reader.number("turned_deg", 0.0, 90.0),
        prop=reader.choice("prop", _PROPS) if reader.has("prop") else Prop.NONE,
    )
    reader.finish()
    return figure


def _pose(reader: Reader, default: FigurePose) -> FigurePose:
    """The default with the angles that are given; one number of a pair is for both sides."""
    angles: dict[str, Any] = {}
    for field in fields(FigurePose):
        if not reader.has(field.name):
            continue
        value = reader.raw(field.name)
        if field.name not in _SINGLE and isinstance(value, list):
            angles[field.name] = _pair(reader, field.name, value)
        else:
            one = reader.number(field.name, -_LARGEST_DEG, _LARGEST_DEG)
            angles[field.name] = one if field.name in _SINGLE else (one, one)
    reader.finish()
    return FigurePose(**{**vars(default), **angles})


def _pair(reader: Reader, key: str, value: list[object]) -> tuple[float, float]:
    numbers = [one for one in value if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(value) != 2 or len(numbers) != 2 or not all(abs(n) <= _LARGEST_DEG for n in numbers):
        raise reader.refuse(key, "a number of degrees, or two for left and right")
    return float(numbers[0]), float(numbers[1])
