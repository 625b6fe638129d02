"""Settings of the nodes: their parameters, by node. Imports no ROS."""

from dataclasses import dataclass, field

from apsa_feedback.coaching.settings import CueSettings
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.robot.settings import RobotSettings
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_feedback.outputs.speech.settings import SpeechSettings
from apsa_perception.bringup.node_settings import ImageSubscriberSettings
from apsa_perception.model.settings import setting
from apsa_perception.ros.node_settings import NodeSettings, StatefulSettings


@dataclass(frozen=True)
class FeedbackNodeSettings(ImageSubscriberSettings, StatefulSettings):
    """Parameters of ``feedback_node``; those of another package's output are added to them."""

    outputs: tuple[str, ...] = setting(
        ("screen",), "names of the outputs, such as screen, speech, robot; [''] for none"
    )
    locale: str = setting(
        "en", "language of cues and screen: the name of a file in the cue folder", live=True
    )
    cues_dir: str = setting("", "folder of cue files; empty: the installed ones")
    exercises_dir: str = setting("", "folder of exercise files; empty: the installed ones")
    own_exercises_dir: str = setting(
        "~/.apsa/exercises",
        "folder of your own exercises, as for the assessment node; empty: none",
    )
    programmes_dir: str = setting("", "folder of programme files; empty: the installed ones")
    own_programmes_dir: str = setting(
        "~/.apsa/programmes",
        "folder of your own programmes, as for the assessment node; empty: none",
    )
    ranges_dir: str = setting(
        "~/.apsa/ranges",
        "folder of the personal ranges, as for the assessment node; the page lists its people",
    )
    policy: CueSettings = field(default_factory=CueSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    robot: RobotSettings = field(default_factory=RobotSettings)
    report: ReportSettings = field(default_factory=ReportSettings)


@dataclass(frozen=True)
class ConsoleNodeSettings(StatefulSettings):
    """Parameters of ``console_node``."""

    json: str = setting("", "file for the results as JSON lines; empty: none")


@dataclass(frozen=True)
class RobotSimulatorSettings(NodeSettings):
    """Parameters of ``robot_simulator``."""

    map: str = setting(
        "generic_arms", "joint map: a YAML file, or the name of an installed one in config/robot"
    )
    lag_s: float = setting(0.05, "[s] time constant of the drives", 0.0, 1.0)
    rate_hz: float = setting(50.0, "[Hz] rate of the joint states", 1.0, 500.0)


NODES: dict[str, type[NodeSettings]] = {
    "console_node": ConsoleNodeSettings,
    "feedback_node": FeedbackNodeSettings,
    "robot_simulator": RobotSimulatorSettings,
}
"""Settings of the nodes of this package."""
