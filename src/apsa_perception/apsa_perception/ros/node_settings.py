"""Settings that every node has; imports no ROS, so that launch files can read them."""

from dataclasses import dataclass

from apsa_perception.model.settings import check, setting

NAMESPACE = "apsa"
"""Namespace of the nodes, unless a launch argument gives another."""


@dataclass(frozen=True)
class NodeSettings:
    """Base of the settings of a node.

    An empty name stands for "none" in a list: ROS has no type for an empty one.
    """

    autostart: bool = setting(True, "configure and activate at start, without a lifecycle manager")
    consumers: tuple[str, ...] = setting(
        ("",), "subscribers to wait for before listening or playing, each topic=node"
    )

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class StatefulSettings(NodeSettings):
    """Base of the settings of a node that keeps the session."""

    state_dir: str = setting(
        "",
        "folder in which the node keeps its session, to continue it after a crash; empty: the "
        "launch files choose a temporary folder, a node without them keeps nothing",
    )
