"""The whole coach: perception, feedback and the terminal."""

from dataclasses import dataclass
from typing import Any

from apsa_perception.bringup.graph import NodeSpec, PerceptionOptions, awaiting, perception_graph
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.select import SourceKind

WATCHERS = {"skeletons": 1, "errors": 2, "quality": 2, "repetitions": 2, "session": 2}
"""Subscribers of the results: feedback and terminal."""


@dataclass(frozen=True)
class CoachOptions:
    """What a user chooses.

    Attributes:
        perception: choices of the perception part.
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


def rate_from(text: str) -> float | None:
    """Return a rate; None where it is empty.

    Raises:
        SourceError: it is no number.
    """
    try:
        return float(text) if text else None
    except ValueError:
        raise SourceError(
            f"the rate {text!r} is no number; allowed are times real time, and 0 for no pacing"
        ) from None


def coach_graph(options: CoachOptions) -> list[NodeSpec]:
    """Return all nodes, consumers first."""
    perception = options.perception
    source = perception.source
    common: dict[str, Any] = {"use_sim_time": True} if perception.use_sim_time else {}
    feedback = dict(common)
    if options.outputs is not None:
        # An empty list has no type in ROS: an empty name stands for "no output".
        feedback["outputs"] = list(options.outputs) or [""]
    reporting = {"report.dir": options.report, "report.person": perception.person}
    feedback |= {name: value for name, value in reporting.items() if value}
    remappings = {}
    if source.kind is SourceKind.TOPIC:
        remappings["image"] = source.path
    if source.compressed:
        feedback["image_transport"] = "compressed"
    feedback |= awaiting({"cue": 1})
    return [
        NodeSpec("apsa_feedback", "feedback_node", "FeedbackNode", feedback, remappings),
        NodeSpec("apsa_feedback", "console_node", "ConsoleNode", {**common, "json": options.json}),
        *perception_graph(perception, WATCHERS),
    ]
