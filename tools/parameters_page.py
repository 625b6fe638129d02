"""Writes docs/parameters.md from the nodes' declarations and the files in config/.

python tools/parameters_page.py > docs/parameters.md
"""

from typing import Any

from apsa_feedback.nodes.console_node import ConsoleNode
from apsa_feedback.nodes.feedback_node import FeedbackNode
from apsa_feedback.nodes.robot_simulator import RobotSimulator
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.bag_source import BagSource
from apsa_perception.nodes.pose_node import PoseNode
from apsa_perception.nodes.video_source import VideoSource
from apsa_perception.ros.lifecycle import COMMON, CoachNode
from apsa_perception.ros.parameters import Spec, read_defaults, share_dir

NODES: tuple[type[CoachNode], ...] = (
    VideoSource,
    BagSource,
    PoseNode,
    AssessmentNode,
    FeedbackNode,
    RobotSimulator,
    ConsoleNode,
)

HEAD = """# Parameters

Made from the code by `python tools/parameters_page.py`; a test compares the two.
Defaults are those of `config/perception.yaml` and `config/feedback.yaml`. Your own parameter file
needs only what differs:

```yaml
/**/assessment_node:
  ros__parameters:
    exercise: lunge
```

`make coach PARAMS=my.yaml`, or `ros2 launch apsa_feedback coach.launch.py params_file:=my.yaml`.
"""


def row(spec: Spec, default: Any) -> str:
    """Return a table row for a parameter."""
    allowed = ", ".join(spec.choices)
    if spec.low is not None and spec.high is not None:
        allowed = f"{spec.low:g} to {spec.high:g}"
    shown = f"`{default}`" if default not in ("", [""]) else ""
    kind = type(default).__name__.replace("list", "strings")
    return f"| `{spec.name}` | {kind} | {shown} | {allowed} | {spec.description} |"


def page() -> str:
    """Return the page as Markdown."""
    parts = [HEAD]
    for node in NODES:
        package, file = node.CONFIG
        defaults = read_defaults(share_dir(package) / file, node.NAME)
        summary = (node.__doc__ or "").splitlines()[0]
        parts.append(f"## {node.NAME}\n\n{summary}\n")
        parts.append("| name | type | default | allowed | meaning |\n|---|---|---|---|---|")
        parts.append(
            "\n".join(row(spec, defaults[spec.name]) for spec in (*COMMON, *node.SPECS)) + "\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
