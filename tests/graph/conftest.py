"""Runs the composed graph as ``make coach`` does and hands its results to the tests."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

WALL_CLOCK = "inference_time_ms"


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
    clip: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Outcome]:
    """Outcome of a clip run as an exercise; each pair is run once."""
    known: dict[tuple[str, str], Outcome] = {}

    def outcome(name: str, exercise: str) -> Outcome:
        if (name, exercise) not in known:
            folder = tmp_path_factory.mktemp("coach")
            known[name, exercise] = run_coach(str(clip(name)), exercise, folder)
        return known[name, exercise]

    return outcome
