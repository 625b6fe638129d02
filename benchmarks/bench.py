"""Measures the coach on this machine: frames judged in real time, cost, memory, set-up, disk.

    make bench

Figures depend on the machine; the JSON beside this file names it. Not a test: nothing is asserted.
"""

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from pose_time import pose_ms_by_model, pose_ms_by_people
from probe import Probe, percentiles
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from recording_speed import skeleton_bag, skeleton_speed
from skeleton_hop import hop_ms_by_people

from apsa_perception.pose.backend import open_backend
from apsa_perception.sources.video import VideoReader

# Another coach on this machine must not be heard.
os.environ.setdefault("ROS_DOMAIN_ID", str(1 + os.getpid() % 100))
ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples" / "squat.mp4"
RESULT = ROOT / "benchmarks" / "results" / "bench.json"
SIZE = (640, 480)
FPS = 30.0
SQUATS = 30
"""Squats in the recording of skeletons."""


def write_clip(path: Path, repeats: int) -> int:
    """Write the sample as a 640x480 clip at 30 frames a second; return the number of frames."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), FPS, SIZE)
    count = 0
    for _ in range(repeats):
        with VideoReader(SAMPLE) as video:
            for _, rgb in video:
                crop = rgb[:, rgb.shape[1] // 2 - 360 : rgb.shape[1] // 2 + 360]
                writer.write(np.ascontiguousarray(cv2.resize(crop, SIZE)[:, :, ::-1]))
                count += 1
    writer.release()
    return count


def model_busy_ms(clip: Path) -> float:
    """Milliseconds of processor time a frame that the pose model takes alone."""
    backend = open_backend()
    frames, busy = 0, 0.0
    with VideoReader(clip, decoding_threads=1) as video:  # others would decode meanwhile
        for stamp_ns, rgb in video:
            busy_before = time.process_time()
            backend.detect(rgb, stamp_ns)
            busy += time.process_time() - busy_before
            frames += 1
    backend.close()
    return 1e3 * busy / frames


class ModelClock:
    """Hears from the pose node's diagnostics how long its model takes within the graph."""

    def __init__(self, node: Node) -> None:
        self.ms_per_frame = 0.0
        node.create_subscription(DiagnosticArray, "/diagnostics", self._take, 10)

    def _take(self, message: DiagnosticArray) -> None:
        for status in message.status:
            values = {pair.key: pair.value for pair in status.values}
            if status.name.endswith("/pose_node") and "images" in values:
                seconds = float(values["seconds in the pose model"])
                self.ms_per_frame = 1e3 * seconds / int(values["images"])


def peak_memory_mb(pid: int) -> float:
    """Peak resident memory of a process in MB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return float(line.split()[1]) / 1024.0


def run_graph(
    clip: Path, rate: float, outputs: str, lossless: bool, model: ModelClock
) -> dict[str, float]:
    """Run the composed graph on the clip; return frames judged, seconds and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        results, params = Path(folder) / "results.jsonl", Path(folder) / "params.yaml"
        params.write_text(
            f"/**/video_source:\n  ros__parameters:\n    lossless: {str(lossless).lower()}\n"
            "/**/feedback_node:\n  ros__parameters:\n    screen:\n      port: 0\n"
        )
        command = [sys.executable, "-m", "apsa_feedback.commands.composed", "--source", str(clip)]
        command += ["--exercise", "squat", "--outputs", outputs, "--rate", str(rate)]
        command += ["--json", str(results), "--params-file", str(params)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        arrivals: dict[str, float] = {}
        peak = 0.0

        def read() -> None:
            assert process.stdout is not None
            for line in process.stdout:
                for state in ("running", "closed"):
                    if b"session" in line and state.encode() in line:
                        arrivals[state] = time.monotonic()

        reader = threading.Thread(target=read)
        reader.start()
        cpu_before = os.times()
        started = time.monotonic()
        while process.poll() is None:
            peak = max(peak, peak_memory_mb(process.pid))
            time.sleep(0.1)
        seconds = time.monotonic() - started
        reader.join()
        cpu_after = os.times()
        lines = [json.loads(line) for line in results.read_text().splitlines()]
        judged = [line for line in lines if line["topic"].endswith("/errors")]
        live = [line for line in judged if line["message"]["scope"] == 0]
        busy = cpu_after.children_user + cpu_after.children_system
        busy -= cpu_before.children_user + cpu_before.children_system
        return {
            "frames_judged": len(live),
            "repetitions": sum(line["topic"].endswith("/repetitions") for line in lines),
            "seconds": seconds,
            "session_seconds": arrivals["closed"] - arrivals["running"],
            "model_seconds": 1e-3 * model.ms_per_frame * len(live),
            "cpu_seconds": busy,
            "peak_memory_mb": peak,
        }


def listen(node: Node) -> None:
    """Serve a node until the context ends."""
    with contextlib.suppress(ExternalShutdownException):
        rclpy.spin(node)


def disk_mb(*folders: Path) -> float:
    """Megabytes that folders take on disk."""
    files = (file for folder in folders for file in folder.rglob("*") if not file.is_symlink())
    return sum(file.stat().st_blocks * 512 for file in files if file.is_file()) / 1e6


def measure(model: ModelClock, probe: Probe) -> dict[str, Any]:
    """Return all figures."""
    with tempfile.TemporaryDirectory() as folder:
        short, long = Path(folder) / "short.mp4", Path(folder) / "long.mp4"
        frames = write_clip(short, 1)
        more = write_clip(long, 4) - frames
        model_busy = model_busy_ms(short)
        skeletons = skeleton_speed(skeleton_bag(Path(folder) / "skeletons", SQUATS))
        probe.arrivals.clear()
        live = run_graph(short, 1.0, "screen", False, model)
        latencies = [latency for _, latency in probe.arrivals]
        kept = run_graph(short, 1.0, "screen", True, model)
        # Start-up cancels out between a long and a short run without pacing.
        fast = run_graph(short, 0.0, "screen", True, model)
        fast_long = run_graph(long, 0.0, "screen", True, model)
        whole, whole_busy, in_model = (
            1e3 * (fast_long[key] - fast[key]) / more
            for key in ("seconds", "cpu_seconds", "model_seconds")
        )
    marks = json.loads((ROOT / ".venv" / "set_up.json").read_text())
    return {
        "machine": {"cores": os.cpu_count(), "cpu": platform.processor() or platform.machine()},
        "python": platform.python_version(),
        "real_time": {
            "clip": f"{SIZE[0]}x{SIZE[1]} at {FPS:g} frames a second, {frames / FPS:.1f} s",
            "frames": frames,
            "frames_judged_lossless": kept["frames_judged"],
            "seconds_lossless": round(kept["session_seconds"], 1),
            "frames_judged_best_effort": live["frames_judged"],
            "frame_to_error": percentiles(latencies),
            "cpu_cores_used": round(live["cpu_seconds"] / live["seconds"], 2),
            "peak_memory_mb": round(live["peak_memory_mb"]),
        },
        "per_frame_ms": {
            "whole_graph": round(whole, 2),
            "pose_model": round(in_model, 2),
            "outside_pose_model": round(whole - in_model, 2),
        },
        "processor_ms_per_frame": {
            "whole_graph": round(whole_busy, 2),
            "pose_model": round(model_busy, 2),
            "outside_pose_model": round(whole_busy - model_busy, 2),
            "outside_over_pose_model": round(whole_busy / model_busy - 1.0, 2),
        },
        "processor_ms_of_the_pose_model_by_model": pose_ms_by_model(SAMPLE),
        "processor_ms_of_the_pose_model_by_people": pose_ms_by_people(SAMPLE),
        "processor_ms_of_a_skeleton_hop_by_people": hop_ms_by_people(),
        "skeleton_recordings": skeletons,
        "disk_mb": {
            "virtual_environment": round(disk_mb(ROOT / ".venv")),
            "workspace": round(disk_mb(ROOT / "build", ROOT / "install")),
        },
        "set_up_seconds": marks.get("seconds", {}),
    }


def main() -> None:
    """Measure, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, default=RESULT)
    arguments = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    rclpy.init()
    node = rclpy.create_node("bench", namespace="apsa")
    model, probe = ModelClock(node), Probe()
    probe.listen(node)
    threading.Thread(target=listen, args=(node,), daemon=True).start()
    figures = {"command": "make bench", "commit": commit, **measure(model, probe)}
    rclpy.shutdown()
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
