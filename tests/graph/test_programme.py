"""A programme over two real clips through the whole composed graph, twice with the same answer."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support.figures import Frames
from support.skeleton_bags import FRAME, START_NS, clip_bag

from .conftest import Outcome, run_coach, without_wall_clock

pytestmark = pytest.mark.slow

PROGRAMME = """
name: two
title: Two exercises
description: For a test.
exercises:
  - {exercise: squat, repetitions: 2, rest: 3}
  - {exercise: lunge, repetitions: 2}
"""


def assert_identified(outcome: Outcome) -> None:
    """Each result and each cue belongs to a session of the file, and is stamped within it."""
    sets = [
        (each["session_id"], each["exercise_number"], each["set_number"])
        for each in outcome.messages("session")
        if each["session_id"]
    ]
    assert len(set(sets)) == 2
    assert {each["programme_run_id"] for each in outcome.messages("session")} == {"", sets[0][0]}
    for topic in ("repetitions", "quality", "cue"):
        for each in outcome.messages(topic):
            assert (each["session_id"], each["exercise_number"], each["set_number"]) in sets
    for cue in outcome.messages("cue"):
        assert cue["header"]["frame_id"] == FRAME
        assert cue["header"]["stamp"]["sec"] >= START_NS // 10**9


def test_squats_then_lunges_are_coached_set_by_set_and_alike_in_each_replay(
    clip_frames: Callable[..., Frames], tmp_path: Path
) -> None:
    bag = clip_bag(tmp_path / "bag", clip_frames("squat_front", "lunge_side"))
    own = tmp_path / "own"
    own.mkdir()
    (own / "two.yaml").write_text(PROGRAMME)
    parameters = tmp_path / "parameters.yaml"
    parameters.write_text(f"/**:\n  ros__parameters: {{own_programmes_dir: {own}}}\n")
    extra = ("--programme", "two", "--params-file", str(parameters))
    outcomes = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        outcomes.append(run_coach(str(bag), "squat", tmp_path / name, *extra))
    first, second = outcomes
    assert first.code == 0, first.stderr
    repetitions = [(each["exercise"], each["index"]) for each in first.messages("repetitions")]
    assert repetitions == [("squat", 1), ("squat", 2), ("lunge", 1), ("lunge", 2)]
    assert_identified(first)
    told = re.findall(r"session +(.*: (?:running|rest|finished))", first.stdout)
    assert told == [
        "Squat, set 1 of 1: running",
        "Squat, set 1 of 1: rest",
        "Lunge, set 1 of 1: running",
        "Lunge, set 1 of 1: finished",
    ]
    keys = [cue["key"] for cue in first.messages("cue")]
    said = [key for key in keys if key in ("session_started", "set_ended", "set_started")]
    assert said == ["session_started", "set_ended", "session_started"]  # it names the next exercise
    assert keys.count("countdown") == 2  # the announcement of the rest names its first second
    assert keys[-1] == "programme_done"
    assert without_wall_clock(first.lines) == without_wall_clock(second.lines)
