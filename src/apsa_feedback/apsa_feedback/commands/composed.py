"""Runs the coach in one process: the same nodes as the launch files, for machines without launch.

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
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.signals import SignalHandlerOptions

from apsa_feedback.bringup.graph import CoachOptions, coach_graph, outputs_from, rate_from
from apsa_feedback.nodes.console_node import ConsoleNode
from apsa_perception.bringup.graph import NodeSpec, PerceptionOptions
from apsa_perception.nodes.source_node import SourceNode
from apsa_perception.ros.lifecycle import CoachNode, prepare_middleware
from apsa_perception.ros.node_settings import NAMESPACE
from apsa_perception.ros.parameter_file import ParameterError, check_file
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.select import select_source

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
            "allowed is YAML as in docs/parameters.md"
        ) from None


def refuse_second(specs: Sequence[NodeSpec]) -> None:
    """Refuse to start beside another coach on the same topics: their results would be mixed.

    Raises:
        ParameterError: one is there; says how to run beside it.
    """
    probe = Node("probe", namespace=NAMESPACE, enable_rosout=False, start_parameter_services=False)
    began = time.monotonic()
    for spec in specs:  # takes most of the time in which others are discovered
        node_class(spec)
    time.sleep(max(0.0, DISCOVERY_S - (time.monotonic() - began)))
    others = probe.count_publishers("errors")
    probe.destroy_node()
    if others:
        domain = os.environ.get("ROS_DOMAIN_ID", "0")
        raise ParameterError(
            f"another coach runs in ROS domain {domain}; end it, or set another ROS_DOMAIN_ID, "
            "0 to 101, for this one"
        )


class ComposedGraph:
    """All nodes of the graph, configured; ``start`` gives each a thread of its own.

    Args:
        specs: consumers before those who publish to them. They are configured the other way
            round, so that a source that is missing is told before a screen is opened.
        params_file: parameters that differ from ``config/``; empty: none.

    Raises:
        ParameterError: the sentence why a node cannot be configured.
    """

    def __init__(self, specs: Sequence[NodeSpec], params_file: str) -> None:
        self.nodes: list[CoachNode] = []
        self.crash: Exception | None = None
        """What a callback of a node raised; the graph is of no use any more."""
        self.failed = False
        """Whether a node that was closed had failed, such as for a full disk."""
        self._executors: list[SingleThreadedExecutor] = []
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
        """Activate the nodes; ``ParameterError`` says why one refuses."""
        for node in self.nodes:
            node.must(node.trigger_activate)
        for node in self.nodes:
            self._serve(node)

    def _serve(self, node: CoachNode) -> None:
        executor = SingleThreadedExecutor()
        executor.add_node(node)

        def spin() -> None:
            try:
                executor.spin()
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
            node.destroy_node()
        self.nodes = []


def options_from(arguments: argparse.Namespace) -> CoachOptions:
    """Return the graph's options from the command line.

    Raises:
        SourceError: the source does not exist, or the rate is no number.
    """
    return CoachOptions(
        perception=PerceptionOptions(
            source=select_source(arguments.source, arguments.image_topic),
            camera_info_topic=arguments.camera_info_topic,
            exercise=arguments.exercise,
            person=arguments.person,
            rate=rate_from(arguments.rate),
            loop=arguments.loop,
        ),
        outputs=outputs_from(arguments.outputs),
        json=arguments.json,
        report=arguments.report,
    )


def play(graph: ComposedGraph) -> None:
    """Return when the recording and what follows from it are over; never for a live source.

    Raises:
        SourceError: the source failed.
        Exception: what a callback of a node raised.
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
    parser.add_argument("--source", required=True, help="video, bag, camera or image topic")
    parser.add_argument("--exercise", default="", help="name of the exercise")
    parser.add_argument("--outputs", default="", help="comma-separated: screen,speech,robot,none")
    parser.add_argument("--json", default="", help="file for the results as JSON lines")
    parser.add_argument("--report", default="", help="folder for a report of each session")
    parser.add_argument("--person", default="", help="pseudonym, for own ranges and reports")
    parser.add_argument("--params-file", default="", help="parameters that differ from config/")
    parser.add_argument("--rate", default="", help="times real time; 0 = no pacing")
    parser.add_argument("--loop", action="store_true", default=None, help="begin anew at the end")
    parser.add_argument("--image-topic", default="", help="topic within a bag")
    parser.add_argument("--camera-info-topic", default="/camera/camera_info")
    parser.add_argument("--check", action="store_true", help="only check all of the above")
    arguments = parser.parse_args(argv)
    prepare_middleware()
    os.environ.setdefault("RCUTILS_CONSOLE_OUTPUT_FORMAT", "{message}")
    # Stopping is ours: the summary must still be printed after Ctrl-C or a termination.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    graph: ComposedGraph | None = None
    try:
        specs = coach_graph(options_from(arguments))
        rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
        if arguments.params_file:
            settings = {spec.executable: node_class(spec).SETTINGS for spec in specs}
            check_file(Path(arguments.params_file), settings)
        refuse_second(specs)
        graph = ComposedGraph(specs, arguments.params_file)
        if arguments.check:
            return 0
        graph.start()
        play(graph)
    except (SourceError, ParameterError) as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the lines has seen enough; Python must not try to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        pass
    finally:
        if graph is not None:
            graph.close()
        rclpy.try_shutdown()
    return 2 if graph is not None and graph.failed else 0


if __name__ == "__main__":
    sys.exit(main())
