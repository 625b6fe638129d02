"""The whole coach: perception, feedback and the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apsa_feedback.bringup import node_settings as feedback
from apsa_perception.bringup import node_settings as perception
from apsa_perception.bringup.graph import (
    NodeSpec,
    PerceptionOptions,
    awaiting,
    perception_graph,
    perception_options,
)
from apsa_perception.sources.select import Source, SourceKind

NODES = {**perception.NODES, **feedback.NODES}
"""Settings data classes of all nodes by name."""

_BOTH = ("feedback_node", "console_node")
WATCHERS = {
    "skeletons": ("feedback_node",),
    "errors": _BOTH,
    "quality": _BOTH,
    "repetitions": _BOTH,
    "holds": _BOTH,
    "session": _BOTH,
}
"""Nodes that subscribe to the results: feedback and terminal."""


@dataclass(frozen=True)
class CoachOptions:
    """Choices of a user.

    Attributes:
        perception: choices for the perception part.
        outputs: names of outputs; None leaves the value of the parameter files.
        json: file for the results as JSON lines; empty: none.
        report: folder for a report of each session; empty leaves the value of the files.
    """

    perception: PerceptionOptions
    outputs: tuple[str, ...] | None = None
    json: str = ""
    report: str = ""


def outputs_from(names: str) -> tuple[str, ...] | None:
    """Return output names from a comma-separated list; None where it is empty."""
    if not names:
        return None
    return tuple(name.strip() for name in names.split(",") if name.strip() != "none")


def coach_options(values: Mapping[str, str], source: Source) -> CoachOptions:
    """Return the choices from the values of options by name.

    Raises:
        OptionError: a value cannot be used.
    """
    return CoachOptions(
        perception=perception_options(values, source),
        outputs=outputs_from(values.get("outputs", "")),
        json=values.get("json", ""),
        report=values.get("report", ""),
    )


def coach_graph(options: CoachOptions) -> list[NodeSpec]:
    """Return all nodes, consumers first."""
    chosen = options.perception
    source = chosen.source
    common: dict[str, Any] = {"use_sim_time": True} if chosen.use_sim_time else {}
    feedback = dict(common)
    if options.outputs is not None:
        # An empty list has no type in ROS: an empty name stands for "no output".
        feedback["outputs"] = list(options.outputs) or [""]
    reporting = {"report.dir": options.report, "report.person": chosen.person}
    feedback |= {name: value for name, value in reporting.items() if value}
    if chosen.live:
        feedback["screen.live_camera"] = True
    remappings = {}
    if source.kind is SourceKind.TOPIC:
        remappings["image"] = source.path
    if source.compressed:
        feedback["image_transport"] = "compressed"
    feedback |= awaiting({"cue": ("console_node",)})
    return [
        NodeSpec("apsa_feedback", "feedback_node", "FeedbackNode", feedback, remappings),
        NodeSpec("apsa_feedback", "console_node", "ConsoleNode", {**common, "json": options.json}),
        *perception_graph(chosen, WATCHERS),
    ]
