"""The options of the whole coach; see ``apsa_perception.bringup.options``."""

from apsa_perception.bringup.options import COACH, COMMAND, REPLAY, Kind, Option
from apsa_perception.bringup.options import OPTIONS as PERCEPTION_OPTIONS

_COACHED = (COMMAND, COACH, REPLAY)

OPTIONS = (
    *PERCEPTION_OPTIONS,
    Option("bag", "bag folder, .mcap or .db3 file, or video file", (REPLAY,), kind=Kind.PATH),
    Option(
        "outputs",
        "comma-separated: screen, speech, robot, none; empty: the parameter",
        _COACHED,
        variable="OUTPUTS",
    ),
    Option(
        "json",
        "file for the results as JSON lines; empty: none",
        _COACHED,
        kind=Kind.PATH,
        variable="JSON",
    ),
    Option(
        "report",
        "folder for a report of each session; empty: the parameter",
        _COACHED,
        kind=Kind.PATH,
        variable="REPORT",
    ),
    Option(
        "record",
        "folder for a rosbag2 recording of skeletons and results; empty: none",
        (COACH,),
        kind=Kind.PATH,
    ),
    Option("record_images", "record the images and camera_info too", (COACH,), "false", Kind.FLAG),
)
"""Options of the perception part and of the feedback."""
