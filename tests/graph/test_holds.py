"""A hold through the whole graph: topics, results file, terminal and report, twice the same."""

import json
from pathlib import Path

import pytest

from apsa_perception.ros.conversion import header, skeletons_to_msg
from support.figures import SIZE
from support.poses import STANDING, WALL_SIT, through
from support.skeleton_bags import skeleton_bag

from .conftest import run_coach, without_wall_clock

pytestmark = pytest.mark.slow


def test_a_wall_sit_in_a_bag_is_timed_and_reported_the_same_twice(tmp_path: Path) -> None:
    steps = ((0.0, STANDING), (1.5, STANDING), (2.5, WALL_SIT), (8.5, WALL_SIT))
    frames = through(*steps, (9.5, STANDING), (11.0, STANDING))[::3]
    messages = [
        skeletons_to_msg(people, header(stamp, "camera"), SIZE, "test") for stamp, people in frames
    ]
    bag = skeleton_bag(tmp_path / "bag", messages)
    reports = tmp_path / "reports"
    first, second = (
        run_coach(str(bag), "wall_sit", tmp_path, "--report", str(reports)) for _ in range(2)
    )
    assert (first.code, second.code) == (0, 0), first.stderr
    assert without_wall_clock(first.lines) == without_wall_clock(second.lines)
    holds = first.messages("holds")
    assert [hold["state"] for hold in holds] == [0, *[1] * 6, 2]
    assert holds[-1]["held"] == pytest.approx(6.8, abs=0.6)
    assert first.error_names(2) == set()
    summaries = [each for each in first.messages("errors") if each["scope"] == 2]
    assert [each["repetition"] for each in summaries] == [1]
    assert {cue["key"] for cue in first.messages("cue")} >= {"hold_began", "session_ended_holds"}
    assert "Holds         1, best" in first.stdout
    (content,) = (json.loads(path.read_text()) for path in sorted(reports.glob("*.json"))[:1])
    assert content["summary"]["best_hold_s"] == pytest.approx(holds[-1]["held"], abs=0.01)
