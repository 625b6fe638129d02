"""Writes docs/parameters.md from the settings data classes of the nodes.

python tools/parameters_page.py > docs/parameters.md
"""

from apsa_feedback.nodes.console_node import ConsoleNode
from apsa_feedback.nodes.feedback_node import FeedbackNode
from apsa_feedback.nodes.robot_simulator import RobotSimulator
from apsa_perception.model.settings import Setting, settings_of
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.bag_source import BagSource
from apsa_perception.nodes.humans_node import HumansNode
from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.nodes.video_source import VideoSource
from apsa_perception.ros.lifecycle import CoachNode

NODES: tuple[type[CoachNode], ...] = (
    VideoSource,
    BagSource,
    PoseNode,
    HumansNode,
    AssessmentNode,
    FeedbackNode,
    RobotSimulator,
    ConsoleNode,
)

HEAD = """# Parameters

Generated from the code by `python tools/parameters_page.py`; a test compares both.
`config/perception.yaml` and `config/feedback.yaml` list the defaults. Your own parameter file needs
only what differs. A section can be for one node, or for all nodes that have the parameter:

```yaml
/**/assessment_node:
  ros__parameters:
    exercise: lunge
/**:
  ros__parameters:
    own_exercises_dir: ~/exercises
```

Use it with `make coach PARAMS=my.yaml`, with
`ros2 launch apsa_feedback coach.launch.py params_file:=my.yaml`, or with `--params-file my.yaml` of
the commands `teach_in`, `assess_range` and `record_reference`. An option or launch argument,
such as `exercise:=squat`, counts instead of the value of the file.

Parameters that are *live* can change while the coach runs:
`ros2 param set /apsa/feedback_node locale de`. The others can be set while their node is
unconfigured, and are read-only while it is configured.
"""


def row(name: str, described: Setting) -> str:
    """Return a table row for a parameter."""
    default = described.default
    default = list(default) if isinstance(default, tuple) else default
    shown = f"`{default}`" if default not in ("", [""]) else ""
    kind = type(default).__name__.replace("list", "strings")
    live = "yes" if described.live else ""
    return f"| `{name}` | {kind} | {shown} | {described.expected} | {live} | {described.help} |"


def page() -> str:
    """Return the page as Markdown."""
    parts = [HEAD]
    for node in NODES:
        summary = (node.__doc__ or "").splitlines()[0]
        parts.append(f"## {node.NAME}\n\n{summary}\n")
        parts.append(
            "| name | type | default | expected | live | meaning |\n|---|---|---|---|---|---|"
        )
        rows = [row(name, described) for name, described in settings_of(node.SETTINGS).items()]
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
