"""The options of a user, each described once.

Launch arguments, command lines, make variables and ``make help`` derive from this table. It needs
the standard library only, so that ``make help`` works before anything is installed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from apsa_perception.ros.node_settings import NAMESPACE

IMAGE_TOPIC = "/camera/image_raw"
CAMERA_INFO_TOPIC = "/camera/camera_info"

COMMAND = "command"
"""Where an option applies: the command that runs all nodes in one process; and launch files."""
PERCEPTION, COACH, REPLAY = "perception.launch.py", "coach.launch.py", "replay.launch.py"
LAUNCH_FILES = (PERCEPTION, COACH, REPLAY)
EVERYWHERE = (COMMAND, *LAUNCH_FILES)

TRUE_WORDS = ("true", "1", "yes", "on")
FALSE_WORDS = ("false", "0", "no", "off")
LOG_LEVELS = ("debug", "info", "warn", "error", "fatal")


class OptionError(ValueError):
    """The value of an option cannot be used; one sentence."""


class Kind(Enum):
    """What the value of an option is."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    PATH = "path"


@dataclass(frozen=True)
class Option:
    """Something that a user chooses.

    Attributes:
        name: as a launch argument; on a command line ``-`` replaces ``_``.
        help: what it does, and what an empty value means.
        places: where it applies, of ``EVERYWHERE``.
        default: value unless another is given.
        kind: what its value is.
        variable: name of the make variable; empty: none.
    """

    name: str
    help: str
    places: tuple[str, ...] = EVERYWHERE
    default: str = ""
    kind: Kind = Kind.TEXT
    variable: str = ""


_LIVE = (COMMAND, PERCEPTION, COACH)
_PLAYED = (COMMAND, COACH, REPLAY)

OPTIONS = (
    Option(
        "source",
        "video file, bag, camera such as /dev/video0, or image topic; empty: image_topic",
        _LIVE,
        variable="SOURCE",
    ),
    Option(
        "image_topic",
        f"topic with the images, raw or compressed; empty: {IMAGE_TOPIC}. In a bag: the topic to "
        "play; empty: the only one",
        variable="IMAGE_TOPIC",
    ),
    Option(
        "camera_info_topic", "camera_info that belongs to image_topic", _LIVE, CAMERA_INFO_TOPIC
    ),
    Option(
        "rate",
        "times real time for recordings; 0: as fast as the nodes keep up; empty: the parameter",
        _PLAYED,
        kind=Kind.NUMBER,
        variable="RATE",
    ),
    Option(
        "loop",
        "start a recording again at its end; empty: the parameter",
        _PLAYED,
        kind=Kind.FLAG,
    ),
    Option(
        "assessment",
        "judge the skeletons here; false: another machine does, with coach.launch.py pose:=false",
        (PERCEPTION,),
        "true",
        Kind.FLAG,
    ),
    Option(
        "pose",
        "find the skeletons here; false: they come from another machine, with perception.launch.py "
        "assessment:=false",
        (COACH,),
        "true",
        Kind.FLAG,
    ),
    Option(
        "humans",
        "publish the people in view by REP-155 (ROS4HRI), too: /humans/bodies and frames on /tf",
        _LIVE,
        kind=Kind.FLAG,
        variable="HUMANS",
    ),
    Option(
        "exercise",
        "name of the exercise, or auto to recognise it; empty: the parameter",
        variable="EXERCISE",
    ),
    Option(
        "programme",
        "name of a programme instead of one exercise; empty: the parameter",
        variable="PROGRAMME",
    ),
    Option(
        "wait_until_ready",
        "wait at the start until one person stands ready, then count down; empty: with a camera "
        "device",
        kind=Kind.FLAG,
        variable="WAIT",
    ),
    Option(
        "person",
        "pseudonym, such as P-017, for own ranges and reports; empty: the parameter",
        variable="PERSON",
    ),
    Option(
        "params_file",
        "parameter file with what differs from config/",
        kind=Kind.PATH,
        variable="PARAMS",
    ),
    Option("namespace", "namespace of all nodes and topics", LAUNCH_FILES, NAMESPACE),
    Option("use_sim_time", "nodes follow /clock", LAUNCH_FILES, "false", Kind.FLAG),
    Option(
        "use_respawn",
        "start a node that crashes again, with its session",
        LAUNCH_FILES,
        "true",
        Kind.FLAG,
    ),
    Option("log_level", f"one of {', '.join(LOG_LEVELS)}", LAUNCH_FILES, "info"),
)
"""Options of the perception part."""


def options_for(options: Iterable[Option], place: str) -> list[Option]:
    """Return the options that apply at a place."""
    return [option for option in options if place in option.places]


def flag(values: Mapping[str, str], name: str) -> bool | None:
    """Return an option as a truth value; None where it is empty.

    Raises:
        OptionError: it is neither a word for true nor for false.
    """
    value = values.get(name, "").lower()
    if value and value not in TRUE_WORDS + FALSE_WORDS:
        raise OptionError(f"{name} is {value!r}; expected true or false")
    return value in TRUE_WORDS if value else None


def number(values: Mapping[str, str], name: str) -> float | None:
    """Return an option as a number; None where it is empty.

    Raises:
        OptionError: it is not a number.
    """
    value = values.get(name, "")
    try:
        return float(value) if value else None
    except ValueError:
        raise OptionError(f"{name} is {value!r}; expected a number") from None


def log_level(values: Mapping[str, str]) -> str:
    """Return the log level, such as ``info``; ``name:=level`` is that of one logger.

    Raises:
        OptionError: it is none.
    """
    value = values["log_level"]
    if value.rpartition(":=")[2].lower() not in LOG_LEVELS:
        raise OptionError(f"log_level is {value!r}; expected one of {', '.join(LOG_LEVELS)}")
    return value
