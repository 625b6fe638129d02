"""Command: the coach in one process, with the nodes of the launch files, where launch is absent.

python -m apsa_feedback.commands.composed --source clip.mp4 --exercise squat --outputs screen,speech
"""

import argparse
import importlib
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.signals import SignalHandlerOptions

from apsa_feedback.bringup.graph import NODES, coach_graph, coach_options
from apsa_feedback.bringup.options import OPTIONS
from apsa_feedback.nodes.console_node import ConsoleNode
from apsa_perception.bringup.graph import NodeSpec, chosen_source
from apsa_perception.bringup.options import COMMAND, Kind, OptionError, options_for
from apsa_perception.model.garbage import lasting_objects
from apsa_perception.nodes.source_node import SourceNode
from apsa_perception.ros.executor import NodeExecutor
from apsa_perception.ros.lifecycle import CoachNode
from apsa_perception.ros.node_settings import NAMESPACE
from apsa_perception.ros.parameter_file import ParameterError, check_file
from apsa_perception.ros.process import LOST_DATA, prepare_middleware
from apsa_perception.sources.errors import SourceError

CLOSING_LIMIT_S = 3.0
DISCOVERY_S = 0.7


def node_class(spec: NodeSpec) -> type[CoachNode]:
    """Import the class of a node."""
    module = importlib.import_module(f"{spec.package}.nodes.{spec.executable}")
    found: type[CoachNode] = getattr(module, spec.class_name)
    return found


def build_node(spec: NodeSpec, params_file: str) -> CoachNode:
    """Create one node of the graph.

    Raises:
        ParameterError: a parameter is wrong.
    """
    arguments = ["--ros-args"]
    for name, target in spec.remappings.items():
        arguments += ["-r", f"{name}:={target}"]
    if params_file:
        arguments += ["--params-file", params_file]
    try:
        return node_class(spec)(
            namespace=NAMESPACE,
            cli_args=arguments,
            parameter_overrides=[
                Parameter(name, value=value) for name, value in spec.parameters.items()
            ],
        )
    except RuntimeError as error:
        _, unusable, reason = str(error).partition("parse params file")
        if not unusable:
            raise
        reason = " ".join(reason.partition("Error: ")[2].partition(", at /")[0].split())
        raise ParameterError(
            f"parameter file {params_file} cannot be used ({reason}); "
            "expected YAML as in docs/parameters.md"
        ) from None


def refuse_second(specs: Sequence[NodeSpec]) -> None:
    """Refuse to start while another coach uses the same topics: their results would mix.

    Raises:
        ParameterError: another one runs; the sentence says what to do.
    """
    probe = Node("probe", namespace=NAMESPACE, enable_rosout=False, start_parameter_services=False)
    began = time.monotonic()
    with lasting_objects():
        for spec in specs:  # meanwhile others are discovered
            node_class(spec).preload()
    time.sleep(max(0.0, DISCOVERY_S - (time.monotonic() - began)))
    others = probe.count_publishers("errors")
    probe.destroy_node()
    if others:
        domain = os.environ.get("ROS_DOMAIN_ID", "0")
        raise ParameterError(
            f"another coach runs in ROS domain {domain}; stop it, or set another ROS_DOMAIN_ID, "
            "0 to 101, for this one"
        )


class ComposedGraph:
    """All nodes of the graph, configured; ``start`` gives each a thread of its own.

    Args:
        specs: subscribers before their publishers. They are configured in reverse order, so that a
            missing source is reported before a screen opens.
        params_file: parameters that differ from ``config/``; empty: none.

    Raises:
        ParameterError: the sentence why a node cannot be configured.
    """

    def __init__(self, specs: Sequence[NodeSpec], params_file: str) -> None:
        self.nodes: list[CoachNode] = []
        self.crash: Exception | None = None
        """Why a node cannot go on, such as a model that cannot be loaded; the graph must close."""
        self.failed = False
        """Whether a closed node had failed, for example because of a full disk."""
        self.lost_data = False
        """Whether a report could not be written."""
        self._executors: list[NodeExecutor] = []
        self._threads: list[threading.Thread] = []
        try:
            for spec in specs:
                self.nodes.append(build_node(spec, params_file))
            for node in reversed(self.nodes):
                node.must(node.trigger_configure)
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Activate the nodes; ``ParameterError`` if one refuses."""
        for node in self.nodes:
            node.must(node.trigger_activate)
        for node in self.nodes:
            self._serve(node)

    def _serve(self, node: CoachNode) -> None:
        executor = NodeExecutor()
        executor.add_node(node)

        def spin() -> None:
            try:
                node.guard.spin(executor)
            except ExternalShutdownException:
                pass
            except Exception as error:
                self.crash = self.crash or error

        thread = threading.Thread(target=spin, name=node.get_name(), daemon=True)
        self._executors.append(executor)
        self._threads.append(thread)
        thread.start()

    def find(self, kind: type[CoachNode]) -> CoachNode | None:
        """Return the node of a class."""
        return next((node for node in self.nodes if isinstance(node, kind)), None)

    def close(self) -> None:
        """Stop sources first, then their consumers, then destroy all nodes."""
        for executor in reversed(self._executors):
            executor.shutdown()
        for thread in self._threads:
            thread.join(timeout=CLOSING_LIMIT_S)
        for node in reversed(self.nodes):
            node.trigger_shutdown()
            self.failed |= bool(node.failure)
            self.lost_data |= node.lost_data
            node.destroy_node()
        self.nodes = []


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the coach to a command line."""
    for option in options_for(OPTIONS, COMMAND):
        name = "--" + option.name.replace("_", "-")
        if option.kind is Kind.FLAG:
            parser.add_argument(
                name, nargs="?", const="true", default="", metavar="true|false", help=option.help
            )
        else:
            parser.add_argument(name, default=option.default, help=option.help)


def play(graph: ComposedGraph) -> None:
    """Return after the recording and its last results; never for a live source.

    Raises:
        SourceError: the source failed.
        Exception: a node cannot go on.
    """

    def wait_until(done: Callable[[], bool], limit_s: float = math.inf) -> None:
        give_up = time.monotonic() + limit_s
        while not done() and time.monotonic() < give_up:
            if graph.crash is not None:
                raise graph.crash
            time.sleep(0.05)

    source, console = graph.find(SourceNode), graph.find(ConsoleNode)
    assert isinstance(console, ConsoleNode)
    wait_until(lambda: source is not None and source.done)
    if source is not None and source.failure:
        raise SourceError(source.failure)
    wait_until(lambda: console.said_farewell, CLOSING_LIMIT_S)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the coach until its source ends or Ctrl-C; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_options(parser)
    parser.add_argument(
        "--check", action="store_true", help="only check the options, parameters and nodes"
    )
    values = vars(parser.parse_args(argv))
    params_file: str = values["params_file"]
    prepare_middleware()
    os.environ.setdefault("RCUTILS_CONSOLE_OUTPUT_FORMAT", "{message}")
    # No signal handler of rclpy: the summary is printed after Ctrl-C and SIGTERM too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    graph: ComposedGraph | None = None
    try:
        specs = coach_graph(coach_options(values, chosen_source(values)))
        rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
        if params_file:
            check_file(Path(params_file), NODES)
        refuse_second(specs)
        graph = ComposedGraph(specs, params_file)
        if values["check"]:
            return 0
        graph.start()
        play(graph)
    except (SourceError, ParameterError, OptionError) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of stdout is gone; Python must not flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        pass
    finally:
        if graph is not None:
            graph.close()
        rclpy.try_shutdown()
    if graph is None or not (graph.failed or graph.lost_data):
        return 0
    return 2 if graph.failed else LOST_DATA


if __name__ == "__main__":
    sys.exit(main())
