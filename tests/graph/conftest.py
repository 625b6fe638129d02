"""Runs the composed graph as ``make coach`` does and hands its results to the tests."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.figures import Frames
from support.once import Once
from support.skeleton_bags import clip_bag

WALL_CLOCK = "inference_time_ms"
PLAYED = ("squat_front", "squat_front_knees_in", "squat_pulses_two_people")


@dataclass(frozen=True)
class Outcome:
    """What a run printed and published."""

    code: int
    stdout: str
    stderr: str
    lines: list[dict[str, Any]]

    def messages(self, topic: str) -> list[dict[str, Any]]:
        """Messages of a topic, in the order written."""
        return [line["message"] for line in self.lines if line["topic"] == f"/apsa/{topic}"]

    def error_names(self, scope: int) -> set[str]:
        """Names of all errors published with a scope: 0 live, 1 repetition."""
        return {
            error["name"]
            for message in self.messages("errors")
            if message["scope"] == scope
            for error in message["errors"]
        }

    def repetition_errors(self) -> list[set[str]]:
        """Names of the errors of each repetition."""
        return [
            {error["name"] for error in message["errors"]}
            for message in self.messages("errors")
            if message["scope"] == 1
        ]

    def scores(self) -> list[float]:
        """Scores of the judged repetitions."""
        return [m["score"] for m in self.messages("quality") if m["grade"] != 0]


def without_wall_clock(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of a results file with their only wall-clock field removed."""
    lines: list[dict[str, Any]] = json.loads(json.dumps(results))
    for line in lines:
        line["message"].pop(WALL_CLOCK, None)
    return lines


def run_coach(source: str, exercise: str, folder: Path, *extra: str) -> Outcome:
    """Run the coach on a source without pacing and outputs."""
    results = folder / "results.jsonl"
    command = [sys.executable, "-m", "apsa_feedback.commands.composed", "--source", source]
    command += ["--exercise", exercise, "--outputs", "none", "--rate", "0", "--json", str(results)]
    done = subprocess.run([*command, *extra], capture_output=True, text=True, timeout=180)
    lines = []
    if results.exists():
        lines = [json.loads(line) for line in results.read_text().splitlines()]
    return Outcome(done.returncode, done.stdout, done.stderr, lines)


@pytest.fixture(scope="session")
def coach(
    clip: Callable[[str], Path],
    clip_frames: Callable[[str], Frames],
    once: Once,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, str], Outcome]:
    """Outcome of a clip run as an exercise.

    Clips in ``PLAYED`` are played as videos. Of the others the skeletons are replayed, which gives
    the same, as ``test_replay`` shows.
    """

    def run(name: str, exercise: str) -> Outcome:
        folder = tmp_path_factory.mktemp("coach")
        if name in PLAYED:
            source = clip(f"{name}.mp4")
        else:
            source = clip_bag(folder / "bag", clip_frames(name))
        return run_coach(str(source), exercise, folder)

    return lambda name, exercise: once.get(f"coach_{name}_{exercise}", lambda: run(name, exercise))
