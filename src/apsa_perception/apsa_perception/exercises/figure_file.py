"""Reads the figures of the exercises from a file, with the line of every mistake."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from apsa_perception.exercises.figure import Figure, Prop
from apsa_perception.exercises.figure_pose import FigurePose
from apsa_perception.exercises.recorded_pose import RecordedPose, pose_of
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.paths import share_dir
from apsa_perception.model.yaml_reader import Reader, read_yaml

_PROPS = {prop.value: prop for prop in Prop}
_SINGLE = frozenset({"trunk", "tilt", "twist", "roll"})
_LARGEST_DEG = 360.0
_FARTHEST_M = 3.0


def load_figures(path: Path | None = None) -> Mapping[str, Figure[FigurePose]]:
    """Return the figures by the name of the exercise.

    Args:
        path: the file; None: the installed one.

    Raises:
        ValueError: the file has a mistake; one sentence with its line.
    """
    top = read_yaml(path or share_dir("apsa_perception") / "config" / "figures.yaml")
    return {name: read_figure(top.inner(name)) for name in top.keys}


def read_figure(reader: Reader) -> Figure[Any]:
    """Return one figure: key poses as angles, or both as the joints of a person.

    Raises:
        ValueError: a mistake; one sentence with its line.
    """
    recorded = isinstance(reader.raw("turn"), list)
    poses: tuple[Any, Any] = _recorded(reader) if recorded else _constructed(reader)
    figure: Figure[Any] = Figure(
        start=poses[0],
        turn=poses[1],
        turned_deg=reader.number("turned_deg", 0.0, 90.0),
        prop=reader.choice("prop", _PROPS) if reader.has("prop") else Prop.NONE,
    )
    reader.finish()
    return figure


def _constructed(reader: Reader) -> tuple[FigurePose, FigurePose]:
    standing = FigurePose()
    start = _pose(reader.inner("start"), standing) if reader.has("start") else standing
    return start, _pose(reader.inner("turn"), start)


def _recorded(reader: Reader) -> tuple[RecordedPose, RecordedPose]:
    return _joints(reader, "start"), _joints(reader, "turn")


def _joints(reader: Reader, key: str) -> RecordedPose:
    """The pose of a list of joints."""
    points = reader.raw(key)
    listed = points if isinstance(points, list) else []
    if len(listed) != JOINT_COUNT or not all(_is_point(point) for point in listed):
        raise reader.refuse(
            key, f"{JOINT_COUNT} joints [x, y, z] in metres, each within {_FARTHEST_M:g} m"
        )
    return pose_of(np.array(listed, dtype=np.float64))


def _is_point(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
        and all(abs(one) <= _FARTHEST_M for one in value)  # false for NaN
    )


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
