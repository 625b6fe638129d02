"""The joint map: which joint of a robot follows which angle of the person, and its limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apsa_feedback.coaching.cue_keys import PLACEHOLDERS
from apsa_feedback.outputs.robot.human_angles import ANGLES
from apsa_perception.model.yaml_reader import Reader, read_yaml

_ANGLES = {name: name for name in ANGLES}
_FARTHEST = 1e3


@dataclass(frozen=True)
class RobotJoint:
    """One joint: position = clamp(sign * angle + offset, min, max).

    Attributes:
        name: as the robot's controller knows it.
        angle: name of the person's angle.
        sign: 1 or -1.
        offset: rad (or m) added to the angle.
        low: lowest position allowed.
        high: highest position allowed.
        max_velocity: limit in rad/s (or m/s).
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
        """Return the nearest position within the limits."""
        return min(max(position, self.low), self.high)

    def follow(self, angle: float) -> float:
        """Return the position for an angle of the person."""
        return self.clamp(self.sign * angle + self.offset)


@dataclass(frozen=True)
class Gesture:
    """A posture that is held for a while when a cue is given."""

    hold_s: float
    posture: Mapping[str, float]


@dataclass(frozen=True)
class RobotMap:
    """The joint map of a robot, read from a YAML file.

    Attributes:
        mirror: whether the robot faces the person like a mirror image.
        reach_s: seconds that the controller gets to reach each position.
        joints: the joints in the order of the file.
        gestures: by the key of their cue.
    """

    mirror: bool
    reach_s: float
    joints: tuple[RobotJoint, ...]
    gestures: Mapping[str, Gesture]

    @classmethod
    def load(cls, path: Path) -> "RobotMap":
        """Read and check a file.

        Raises:
            ValueError: one sentence with the file, the key, what is allowed and the line.
        """
        return cls._read(read_yaml(path))

    @classmethod
    def from_mapping(cls, content: object) -> "RobotMap":
        """Check the content of a file and return the map.

        Raises:
            ValueError: one sentence with the key and what is allowed.
        """
        return cls._read(Reader(content, "the joint map"))

    @classmethod
    def _read(cls, top: Reader) -> "RobotMap":
        joints, gestures = top.inner("joints"), top.inner("gestures")
        if not joints.keys:
            raise top.refuse("joints", "a mapping of at least one joint")
        robot = cls(
            mirror=top.flag("mirror"),
            reach_s=top.number("reach_s", 0.01, 5.0),
            joints=tuple(_joint(name, joints.inner(name)) for name in joints.keys),
            gestures={key: _gesture(gestures, key, joints.keys) for key in gestures.keys},
        )
        top.finish()
        return robot


def _joint(name: str, values: Reader) -> RobotJoint:
    if values.raw("sign") not in (1, -1):
        raise values.refuse("sign", "1 or -1")
    low, high = (values.number(key, -_FARTHEST, _FARTHEST) for key in ("min", "max"))
    if low >= high:
        raise values.refuse("min", f"a number below max ({high:g})")
    joint = RobotJoint(
        name=name,
        angle=values.choice("angle", _ANGLES),
        sign=values.number("sign", -1.0, 1.0),
        offset=values.number("offset", -_FARTHEST, _FARTHEST),
        low=low,
        high=high,
        max_velocity=values.number("max_velocity", 0.001, 100.0),
        home=values.number("home", low, high),
    )
    values.finish()
    return joint


def _gesture(gestures: Reader, key: str, joints: tuple[str, ...]) -> Gesture:
    if key not in PLACEHOLDERS:
        raise gestures.mistake(
            f"{gestures.key_path(key)} is not the key of a cue; expected one of "
            f"{', '.join(PLACEHOLDERS)}",
            key,
        )
    values = gestures.inner(key)
    posture = values.inner("posture")
    for name in posture.keys:
        if name not in joints:
            raise posture.mistake(
                f"{posture.key_path(name)} is not a joint of this map; expected one of "
                f"{', '.join(joints)}",
                name,
            )
    gesture = Gesture(
        hold_s=values.number("hold_s", 0.1, 30.0),
        posture={name: posture.number(name, -_FARTHEST, _FARTHEST) for name in posture.keys},
    )
    values.finish()
    return gesture
