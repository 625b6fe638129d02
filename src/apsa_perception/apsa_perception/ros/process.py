"""The process of one node: its middleware, how it runs, and its exit codes."""

import os
import sys

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.signals import SignalHandlerOptions

from apsa_perception.model.paths import share_dir
from apsa_perception.ros.executor import NodeExecutor
from apsa_perception.ros.interruption import Interruption, finish
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.parameter_file import ParameterError

REFUSED = 2
"""Exit code of a node that cannot be used as it is set up; starting it again does not help."""

LOST_DATA = 3
"""Exit code of a node that could not write what it keeps for the user."""


def prepare_middleware() -> None:
    """Discover this host only, and pass full-size images, unless the environment sets it."""
    os.environ.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    profile = share_dir("apsa_perception") / "config" / "fastdds.xml"
    os.environ.setdefault("FASTRTPS_DEFAULT_PROFILES_FILE", str(profile))


def run(node_class: type[CoachNode], args: list[str] | None = None) -> int:
    """Run one node until it is done or interrupted; return the exit code."""
    interruption = Interruption()  # one that comes during the start ends the node after it
    # No signal handler of rclpy: publishers and files are closed before the context.
    rclpy.init(args=args, signal_handler_options=SignalHandlerOptions.NO)
    executor = NodeExecutor()
    node: CoachNode | None = None
    try:
        node = node_class()
        if node.settings.autostart and not interruption.requested:
            node.start()
        executor.add_node(node)
        while not node.done and not interruption.requested:
            node.guard.spin_once(executor, 0.2)
        if interruption.requested and node.FINISHES:
            finish(executor, node.guard)
    except ParameterError as error:
        print(error, file=sys.stderr)
        return REFUSED
    except (ExternalShutdownException, BrokenPipeError):  # of stdout: the launch is gone
        pass
    finally:
        executor.shutdown()
        if node is not None:
            node.trigger_shutdown()
            node.destroy_node()
        rclpy.try_shutdown()
    if node is None:
        return 0
    return REFUSED if node.failure else LOST_DATA if node.lost_data else 0
