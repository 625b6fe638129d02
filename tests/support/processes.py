"""The graph of the coach with one process for each node, as the launch files start it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import yaml

from apsa_feedback.bringup.graph import coach_graph, coach_options
from apsa_perception.bringup.graph import NodeSpec, chosen_source
from apsa_perception.ros.interruption import LAUNCHED
from apsa_perception.ros.node_settings import NAMESPACE
from apsa_perception.ros.process import prepare_middleware

STOP_S = 20.0
IMPORTED = "imports done"
"""Line in the log of a node between its imports and its start."""
SOURCES = ("video_source", "bag_source")


class Processes:
    """Nodes as processes, by name; their output goes to files in the folder."""

    def __init__(self, folder: Path, **options: str) -> None:
        self.folder = folder
        specs = coach_graph(coach_options(options, chosen_source(options)))
        self.specs = {spec.executable: spec for spec in specs}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, **parameters: Any) -> Self:
        """Start a node, or start it again."""
        command = self._command(self.specs[name], parameters)
        prepare_middleware()
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=environment
            )
        return self

    def launch(self, name: str) -> subprocess.Popen[bytes]:
        """Start a node with another process as its launch; return the launch."""
        launch = (
            "import os, subprocess, sys; "
            f"os.environ['{LAUNCHED}'] = str(os.getpid()); subprocess.run(sys.argv[1:])"
        )
        command = [sys.executable, "-c", launch, *self._command(self.specs[name], {})]
        prepare_middleware()
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with self.log(name).open("ab") as log:
            started = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env=environment
            )
        self._running[name] = started
        return started

    def start_all(self, **parameters: Any) -> Self:
        """Start all nodes."""
        for name in self.specs:
            self.start(name, **parameters)
        return self

    def kill(self, name: str) -> None:
        """Kill a node as the kernel does when memory runs out."""
        self._running[name].kill()
        self._running[name].wait(STOP_S)

    def pid(self, name: str) -> int:
        """Process id of a node."""
        return self._running[name].pid

    def starved_s(self, name: str) -> float:
        """Seconds for which a node was ready to run while others had the processors."""
        return int(Path(f"/proc/{self.pid(name)}/schedstat").read_text().split()[1]) * 1e-9

    def ended(self, name: str) -> bool:
        """Whether a node has ended."""
        return self._running[name].poll() is not None

    def exit_code(self, name: str) -> int:
        """Exit code of a node that is about to end."""
        return self._running[name].wait(STOP_S)

    def wait(self, limit_s: float = 120.0) -> None:
        """Wait until the recording has been played."""
        (source,) = (name for name in SOURCES if name in self._running)
        self._running[source].wait(limit_s)

    def stop(self) -> None:
        """Interrupt all nodes, as Ctrl-C does."""
        for process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        give_up = time.monotonic() + STOP_S
        for process in self._running.values():
            try:
                process.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()

    def log(self, name: str) -> Path:
        """File with the output of a node."""
        return self.folder / f"{name}.log"

    def _command(self, spec: NodeSpec, parameters: dict[str, Any]) -> list[str]:
        file = self.folder / f"{spec.executable}.yaml"
        values = {**spec.parameters, **parameters}
        file.write_text(yaml.safe_dump({"/**": {"ros__parameters": values}}))
        module = f"{spec.package}.nodes.{spec.executable}"
        code = f"from {module} import main; print('{IMPORTED}', flush=True); main()"
        arguments = ["--ros-args", "-r", f"__ns:=/{NAMESPACE}", "--params-file", str(file)]
        for name, target in spec.remappings.items():
            arguments += ["-r", f"{name}:={target}"]
        return [sys.executable, "-c", code, *arguments]


@contextmanager
def processes(folder: Path, **options: str) -> Iterator[Processes]:
    """The processes of a graph with these options; ended afterwards."""
    folder.mkdir(exist_ok=True)
    graph = Processes(folder, **options)
    try:
        yield graph
    finally:
        graph.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def read_results(file: Path) -> list[dict[str, Any]]:
    """The lines of a results file."""
    return [json.loads(line) for line in file.read_text().splitlines()]
