"""``make replay``: a recording against expected results, through the running coach."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.bags import motion_bag
from support.samples import named

pytestmark = pytest.mark.slow


def replay(**variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "apsa_feedback.commands.replay"],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_a_replay_is_as_expected_until_what_is_expected_changes(tmp_path: Path) -> None:
    sequence = named("102_18_6")
    bag = str(motion_bag(tmp_path / "bag", sequence))
    file = tmp_path / "expected.json"
    options = {"BAG": bag, "EXERCISE": sequence.exercise}
    written = replay(**options, WRITE_EXPECT=str(file))
    assert written.returncode == 0, written.stderr
    same = replay(**options, EXPECT=str(file))
    assert same.returncode == 0, same.stderr
    assert "as expected (repetitions: 1)" in same.stdout

    expected = json.loads(file.read_text(encoding="utf-8"))
    (repetition,) = expected["repetitions"]
    repetition["peak"] += 10.0
    file.write_text(json.dumps(expected), encoding="utf-8")
    other = replay(**options, EXPECT=str(file))
    assert other.returncode == 1
    assert "session 1, repetition 1 of person 1: peak is" in other.stdout


def test_a_replay_needs_a_recording_and_a_file() -> None:
    refused = replay(EXPECT="expected.json")
    assert refused.returncode == 2
    assert "make replay BAG=recording EXPECT=expected.json" in refused.stderr
    assert replay(BAG="bag", EXPECT="none.json").returncode == 2
