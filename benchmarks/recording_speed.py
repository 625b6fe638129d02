"""Speed with which recordings are judged without the graph, on one core."""

import functools
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from apsa_perception.bringup.node_settings import AssessmentNodeSettings, PoseNodeSettings
from apsa_perception.commands.judge_recording import Choices, judge_recording
from apsa_perception.pose.litert_backend import LiteRtBackend
from apsa_perception.recordings.discovery import Recording
from apsa_perception.sources.video import VideoReader

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.recorded_squats import squats, write_bag  # noqa: E402  (found by the path above)

CHOICES = Choices(PoseNodeSettings(), AssessmentNodeSettings())


def skeleton_bag(folder: Path, count: int) -> Recording:
    """Write a bag of skeletons of squats at 25 frames a second, which the network judges."""
    return Recording(folder.name, write_bag(folder, squats(count), "blazepose_full"))


def judged(recording: Recording, exercise: str = "squat") -> dict[str, Any]:
    """Judge a recording; return its row in the table of recordings."""
    return judge_recording(recording, exercise, CHOICES)["recordings"][0]


def skeleton_speed(recording: Recording) -> dict[str, float]:
    """Times real time on a core, and milliseconds of processor time a frame; best of ten."""
    rows = [judged(recording) for _ in range(11)][1:]  # the first one loads what is needed
    best = min(row["computing_s"] for row in rows)
    return {
        "times_real_time_per_core": round(rows[0]["duration_s"] / best, 1),
        "processor_ms_per_frame": round(1e3 * best / rows[0]["frames"], 3),
    }


def image_speed(clip: Path) -> dict[str, float]:
    """Processor time a frame, and what takes it; medians of five runs.

    The pose model is timed within each run, because two runs on one machine differ by 10 %. Reading
    is the decoding of the clip and its colours, which depends on the clip.
    """
    judged(Recording(clip.name, clip))
    runs = []
    with timed(LiteRtBackend, "detect") as model, timed(VideoReader, "_read") as reading:
        for _ in range(5):
            model.clear()
            reading.clear()
            row = judged(Recording(clip.name, clip))
            runs.append((row["computing_s"], sum(model), sum(reading), row["frames"]))
    over = [whole / model_s - 1.0 for whole, model_s, _, _ in runs]
    over_both = [whole / (model_s + read_s) - 1.0 for whole, model_s, read_s, _ in runs]
    whole_ms, model_ms, reading_ms = (
        1e3 * statistics.median(run[index] / run[3] for run in runs) for index in range(3)
    )
    return {
        "processor_ms_per_frame": round(whole_ms, 2),
        "pose_model_ms_per_frame": round(model_ms, 2),
        "reading_ms_per_frame": round(reading_ms, 2),
        "over_pose_model_percent": round(100.0 * statistics.median(over), 1),
        "over_pose_model_and_reading_percent": round(100.0 * statistics.median(over_both), 1),
    }


@contextmanager
def timed(owner: type, name: str) -> Iterator[list[float]]:
    """Yield a list to which each call of a method adds its processor time in seconds."""
    method, times = getattr(owner, name), list[float]()

    @functools.wraps(method)
    def measured(*args: Any, **kwargs: Any) -> Any:
        before = time.process_time()
        try:
            return method(*args, **kwargs)
        finally:
            times.append(time.process_time() - before)

    setattr(owner, name, measured)
    try:
        yield times
    finally:
        setattr(owner, name, method)
