"""Speed with which recordings are judged without the graph, on one core."""

import statistics
import sys
import time
from pathlib import Path
from typing import Any

from apsa_perception.bringup.node_settings import AssessmentNodeSettings, PoseNodeSettings
from apsa_perception.commands.judge_recording import Choices, judge_recording
from apsa_perception.pose.backend import open_backend
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
    """Times real time on a core, and milliseconds of processor time a frame; best of three."""
    rows = [judged(recording) for _ in range(4)][1:]  # the first one loads what is needed
    best = min(row["computing_s"] for row in rows)
    return {
        "times_real_time_per_core": round(rows[0]["duration_s"] / best, 1),
        "processor_ms_per_frame": round(1e3 * best / rows[0]["frames"], 3),
    }


def image_speed(clip: Path) -> dict[str, float]:
    """Processor time a frame of the pose model alone, and of the whole; medians of three."""
    whole, model = [], []
    judged(Recording(clip.name, clip))
    for _ in range(3):
        row = judged(Recording(clip.name, clip))
        whole.append(1e3 * row["computing_s"] / row["frames"])
        backend, busy, frames = open_backend(), 0.0, 0
        with VideoReader(clip) as video:
            for stamp_ns, rgb in video:
                before = time.process_time()
                backend.detect(rgb, stamp_ns)
                busy += time.process_time() - before
                frames += 1
        backend.close()
        model.append(1e3 * busy / frames)
    total, alone = statistics.median(whole), statistics.median(model)
    return {
        "processor_ms_per_frame": round(total, 2),
        "pose_model_ms_per_frame": round(alone, 2),
        "over_pose_model_percent": round(100.0 * (total / alone - 1.0), 1),
    }
