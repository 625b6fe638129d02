"""Which joint of a robot follows which angle of the person, and how far and fast it may."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from apsa_feedback.coaching.cue_keys import PLACEHOLDERS
from apsa_feedback.outputs.robot.angles import ANGLES

_TOP = ("mirror", "reach_s", "joints", "gestures")
_JOINT = ("angle", "sign", "offset", "min", "max", "max_velocity", "home")
_GESTURE = ("hold_s", "posture")


@dataclass(frozen=True)
class RobotJoint:
    """One joint: position = clamp(sign * angle + offset, min, max).

    Attributes:
        name: as the robot's controller knows it.
        angle: name of the person's angle.
        sign: 1 or -1.
        offset: rad (or m) added to the angle.
        low: least position allowed.
        high: greatest position allowed.
        max_velocity: rad/s (or m/s) never exceeded.
        home: position at rest.
    """

    name: str
    angle: str
    sign: float
    offset: float
    low: float
    high: float
    max_velocity: float
    home: float

    def clamp(self, position: float) -> float:
        """Return the nearest position allowed."""
        return min(max(position, self.low), self.high)

    def follow(self, angle: float) -> float:
        """Return the position for an angle of the person."""
        return self.clamp(self.sign * angle + self.offset)


@dataclass(frozen=True)
class Gesture:
    """A posture that is taken for a while to underline a cue."""

    hold_s: float
    posture: Mapping[str, float]


@dataclass(frozen=True)
class RobotMap:
    """A robot as its YAML file states it.

    Attributes:
        mirror: whether the robot faces the person as a mirror image does.
        reach_s: seconds a controller gets to reach each position sent.
        joints: the joints in the order of the file.
        gestures: by key of the cue that they underline.
    """

    mirror: bool
    reach_s: float
    joints: tuple[RobotJoint, ...]
    gestures: Mapping[str, Gesture]

    @classmethod
    def load(cls, path: Path) -> "RobotMap":
        """Read and check a file.

        Raises:
            ValueError: one sentence with the file, the key, and what is allowed.
        """
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            reason = " ".join(str(error).split())
            raise ValueError(f"the robot map {path} is not readable: {reason}") from error
        try:
            return cls.from_mapping(content)
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from None

    @classmethod
    def from_mapping(cls, content: Any) -> "RobotMap":
        """Check the content of a file and return the map."""
        top = _section(content, "the file", _TOP)
        if not isinstance(top["mirror"], bool):
            raise ValueError(f"mirror is {top['mirror']!r}; allowed are true and false")
        reach_s = _number(top["reach_s"], "reach_s", 0.01, 5.0)
        joints = _section(top["joints"], "joints")
        if not joints:
            raise ValueError("joints is empty; allowed are one joint and more")
        gestures = _section(top["gestures"], "gestures")
        robot_joints = tuple(_joint(str(name), value) for name, value in joints.items())
        names = tuple(joint.name for joint in robot_joints)
        return cls(
            mirror=top["mirror"],
            reach_s=reach_s,
            joints=robot_joints,
            gestures={str(key): _gesture(key, value, names) for key, value in gestures.items()},
        )


def _joint(name: str, value: Any) -> RobotJoint:
    where = f"joints.{name}"
    values = _section(value, where, _JOINT)
    if values["angle"] not in ANGLES:
        raise ValueError(f"{where}.angle is {values['angle']!r}; allowed are {', '.join(ANGLES)}")
    if values["sign"] not in (1, -1):
        raise ValueError(f"{where}.sign is {values['sign']!r}; allowed are 1 and -1")
    low = _number(values["min"], f"{where}.min")
    high = _number(values["max"], f"{where}.max")
    if low >= high:
        raise ValueError(f"{where}.min ({low:g}) must be below max ({high:g})")
    return RobotJoint(
        name=name,
        angle=values["angle"],
        sign=float(values["sign"]),
        offset=_number(values["offset"], f"{where}.offset"),
        low=low,
        high=high,
        max_velocity=_number(values["max_velocity"], f"{where}.max_velocity", 0.001, 100.0),
        home=_number(values["home"], f"{where}.home", low, high),
    )


def _gesture(key: Any, value: Any, joints: tuple[str, ...]) -> Gesture:
    where = f"gestures.{key}"
    if key not in PLACEHOLDERS:
        raise ValueError(f"{where} answers no cue; allowed are {', '.join(PLACEHOLDERS)}")
    values = _section(value, where, _GESTURE)
    posture = _section(values["posture"], f"{where}.posture")
    unknown = [str(name) for name in posture if name not in joints]
    if unknown:
        raise ValueError(f"{where}.posture moves {', '.join(unknown)}, which joints does not list")
    return Gesture(
        hold_s=_number(values["hold_s"], f"{where}.hold_s", 0.1, 30.0),
        posture={name: _number(each, f"{where}.posture.{name}") for name, each in posture.items()},
    )


def _section(value: Any, where: str, keys: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """Return a mapping that holds exactly ``keys``, if any are given."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{where} must be a mapping, not {value!r}")
    missing = [key for key in keys if key not in value]
    unknown = [str(key) for key in value if keys and key not in keys]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has unknown {', '.join(unknown)}"
        raise ValueError(f"{where} {wrong}; it holds {', '.join(keys)}")
    return value


def _number(value: Any, where: str, low: float = -1e3, high: float = 1e3) -> float:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    if not usable or not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{where} is {value!r}; allowed are {low:g} to {high:g}")
    return float(value)
