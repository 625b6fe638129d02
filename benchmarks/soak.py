"""Runs the coach for a long time at 30 frames a second: memory, threads, descriptors, latency.

    make soak MINUTES=30

One process plays the sample in a loop, with the screen and a report. Like a camera, the source does
not wait: on a machine that is too slow for 30 frames a second, frames are skipped, and counted as
offered but not answered. A probe takes the time from the camera_info of a frame to its live errors.
Figures depend on the machine; the JSON beside this file names it. Not a test: nothing is asserted.
"""

import argparse
import contextlib
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

# Another coach on this machine must not be heard.
os.environ.setdefault("ROS_DOMAIN_ID", str(1 + os.getpid() % 100))

import numpy as np
import rclpy
from probe import Probe, percentiles
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node

from apsa_perception.ros.process import prepare_middleware
from apsa_perception.sources.video import VideoReader

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples" / "squat.mp4"
RESULT = ROOT / "benchmarks" / "results" / "soak.json"
FPS = 30.0
WARM_UP_S = 10.0
STEP_S = 2.0
PARAMETERS = """\
/**/feedback_node:
  ros__parameters:
    screen.port: 0
/**/video_source:
  ros__parameters:
    lossless: false
"""


@dataclass(frozen=True)
class Sample:
    """The coach's process at a moment."""

    at_s: float
    processor_s: float
    memory_mb: float
    threads: int
    descriptors: int


def sample(pid: int, began: float) -> Sample:
    """Return what /proc shows of a process; memory is its own, without that of files."""
    folder = Path("/proc") / str(pid)
    own_kb = number_in(folder / "status", "RssAnon:")
    threads = number_in(folder / "status", "Threads:")
    descriptors = len(list((folder / "fd").iterdir()))
    ticks = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
    processor_s = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return Sample(time.monotonic() - began, processor_s, own_kb / 1024.0, threads, descriptors)


def number_in(file: Path, name: str) -> int:
    """Return the number after a name in a file of /proc."""
    line = next(line for line in file.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])


def slope(samples: Sequence[Sample]) -> float:
    """Return the least-squares slope of the memory in MB a minute."""
    times = [each.at_s / 60.0 for each in samples]
    return float(np.polyfit(times, [each.memory_mb for each in samples], 1)[0])


def minute_medians(samples: Sequence[Sample]) -> list[float]:
    """Return the median of the memory in MB in each minute."""
    minutes = groupby(samples, key=lambda each: int(each.at_s // 60.0))
    return [round(statistics.median(each.memory_mb for each in own), 1) for _, own in minutes]


def course(counts: Sequence[int]) -> dict[str, int]:
    """Return the first, the last and the greatest of some counts."""
    return {"start": counts[0], "end": counts[-1], "most": max(counts)}


@contextlib.contextmanager
def listening(probe: Probe) -> Any:
    """Spin a node that hears the frames and their errors."""
    rclpy.init()
    node = Node("soak_probe", namespace="apsa")
    probe.listen(node)
    executor = SingleThreadedExecutor()
    executor.add_node(node)

    def spin() -> None:
        with contextlib.suppress(ExternalShutdownException):
            executor.spin()

    thread = threading.Thread(target=spin, daemon=True)
    thread.start()
    try:
        yield
    finally:
        executor.shutdown()
        thread.join(5.0)
        rclpy.shutdown()


def run(minutes: float, folder: Path) -> dict[str, Any]:
    """Run the coach and return the figures."""
    with VideoReader(SAMPLE) as video:
        rate = FPS / video.fps
    parameters = folder / "params.yaml"
    parameters.write_text(PARAMETERS)
    command = [sys.executable, "-m", "apsa_feedback.commands.composed", "--source", str(SAMPLE)]
    command += ["--loop", "--rate", str(rate), "--outputs", "screen"]
    command += ["--params-file", str(parameters), "--report", str(folder)]
    probe, samples = Probe(), []
    with (folder / "log").open("wb") as log, listening(probe):
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            while not probe.arrivals:
                if process.poll() is not None:
                    raise SystemExit((folder / "log").read_text()[-2000:])
                time.sleep(0.1)
            time.sleep(WARM_UP_S)
            began = time.monotonic()
            while time.monotonic() - began < 60.0 * minutes and process.poll() is None:
                samples.append(sample(process.pid, began))
                time.sleep(STEP_S)
            ended = time.monotonic()
        finally:
            process.send_signal(signal.SIGINT)
            code = process.wait(30.0)
    arrivals = [each for each in probe.arrivals if began <= each[0] <= ended]
    offered = sum(began <= each <= ended for each in probe.offered)
    return figures(samples, offered, arrivals, began, ended, code)


def figures(
    samples: list[Sample],
    offered: int,
    arrivals: list[tuple[float, float]],
    began: float,
    ended: float,
    code: int,
) -> dict[str, Any]:
    """Return what the samples and the latencies show."""
    elapsed_s = ended - began
    half = samples[len(samples) // 2 :]
    quarter_s = elapsed_s / 4.0
    first = [latency for at, latency in arrivals if at - began < quarter_s]
    last = [latency for at, latency in arrivals if ended - at < quarter_s]
    drift_ms = 1e3 * (statistics.median(last) - statistics.median(first))
    return {
        "minutes": round(elapsed_s / 60.0, 2),
        "frames": {
            "offered": offered,
            "offered_per_s": round(offered / elapsed_s, 2),
            "answered": len(arrivals),
            "answered_per_s": round(len(arrivals) / elapsed_s, 2),
            "skipped": offered - len(arrivals),
        },
        "processor_ms_per_answer": round(
            1e3 * (samples[-1].processor_s - samples[0].processor_s) / len(arrivals), 1
        ),
        "exit_code": code,
        "memory_mb": {
            "start": round(samples[0].memory_mb, 1),
            "end": round(samples[-1].memory_mb, 1),
            "slope_second_half_mb_per_min": round(slope(half), 3),
            "median_of_each_minute": minute_medians(samples),
        },
        "threads": course([each.threads for each in samples]),
        "descriptors": course([each.descriptors for each in samples]),
        "latency": {
            "first_quarter": percentiles(first),
            "last_quarter": percentiles(last),
            "drift_of_median_ms": round(drift_ms, 2),
        },
    }


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args().minutes
    prepare_middleware()
    with tempfile.TemporaryDirectory(prefix="apsa-") as folder:
        found = run(minutes, Path(folder))
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    RESULT.write_text(json.dumps({"machine": machine, **found}, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
