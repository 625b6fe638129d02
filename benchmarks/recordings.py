"""Measures the assessment of many recordings: speed of a core, memory, and how it scales.

    make bench-recordings

Figures depend on the machine; the JSON beside this file names it. Not a test: nothing is asserted.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from pathlib import Path

from distributed import Client, LocalCluster, as_completed
from recording_speed import CHOICES, ROOT, image_speed, judged, skeleton_bag, skeleton_speed

from apsa_perception.commands.judge_recording import judge_recording
from apsa_perception.recordings.cluster import cluster, results_of
from apsa_perception.recordings.discovery import Recording

CLIP = ROOT / "samples" / "squat.mp4"
RESULT = ROOT / "benchmarks" / "results" / "recordings.json"
LONG, SHORT = 30, 2
"""Squats in a recording whose speed is measured, and in one of many."""
SIMULATED = (1, 2, 4, 8, 16, 32, 64)
TASKS_EACH, TASK_S = 8, 1.0


def resident_mb() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def memory(recording: Recording, count: int) -> dict[str, float]:
    """Memory of a worker after a tenth of the recordings and after all."""
    early = 0.0
    for number in range(count):
        judged(recording)
        if number == count // 10:
            early = resident_mb()
    return {"recordings": count, "early_mb": round(early), "end_mb": round(resident_mb())}


def scaling(recording: Recording, count: int) -> dict[str, float]:
    """Recordings a second with one and with two worker processes, after their start."""
    rates = {}
    for workers in (1, 2):
        with cluster("", workers) as client:
            warm = dict.fromkeys(range(2 * workers), (recording, "squat", CHOICES))
            list(results_of(client, judge_recording, warm))
            tasks = dict.fromkeys(range(count), (recording, "squat", CHOICES))
            began = time.monotonic()
            list(results_of(client, judge_recording, tasks))
            rates[workers] = count / (time.monotonic() - began)
    return {
        "recordings_per_second_1_worker": round(rates[1], 2),
        "recordings_per_second_2_workers": round(rates[2], 2),
        "speed_up_2_workers": round(rates[2] / rates[1], 2),
    }


def simulated_scaling() -> dict[str, float]:
    """Speed-up with workers that wait for ``TASK_S`` instead of computing: cost of scheduling."""
    found = {}
    for workers in SIMULATED:
        with (
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=False,
                memory_limit=None,  # they share that of this process
                dashboard_address=None,
            ) as local,
            Client(local) as client,
        ):
            began = time.monotonic()
            waiting = [
                client.submit(time.sleep, TASK_S, pure=False) for _ in range(TASKS_EACH * workers)
            ]
            for _ in as_completed(waiting):
                pass
            took = time.monotonic() - began
        found[str(workers)] = round(TASKS_EACH * workers * TASK_S / took, 1)
    return found


def main() -> None:
    """Measure, print and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, default=RESULT)
    parser.add_argument("--recordings", type=int, default=1000, help="for memory")
    parser.add_argument("--scaled", type=int, default=40, help="recordings for two workers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        long, short = skeleton_bag(folder / "long", LONG), skeleton_bag(folder / "short", SHORT)
        figures = {
            "command": "make bench-recordings",
            "machine": {"cores": os.cpu_count(), "load_1_min": round(os.getloadavg()[0], 1)},
            "python": platform.python_version(),
            "skeleton_recordings": skeleton_speed(long),
            "image_recordings": image_speed(CLIP),
            "memory_of_a_worker": memory(short, options.recordings),
            "scaling": scaling(long, options.scaled),
            "scaling_simulated": {
                "task_s": TASK_S, "tasks_each": TASKS_EACH, "speed_up": simulated_scaling()
            },
        }  # fmt: skip
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
