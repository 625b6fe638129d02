"""Recordings that are judged without the graph have the results that the graph gives."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apsa_perception.bringup.node_settings import AssessmentNodeSettings, PoseNodeSettings
from apsa_perception.commands.judge_recording import Choices, judge_recording
from apsa_perception.recordings.discovery import Recording
from apsa_perception.recordings.schema import Rows
from support.figures import Frames
from support.skeleton_bags import clip_bag

from .conftest import Outcome, run_coach

pytestmark = pytest.mark.slow

SQUATS = "squat_front_knees_in"


def judged(path: Path) -> Rows:
    choices = Choices(PoseNodeSettings(), AssessmentNodeSettings())
    rows = judge_recording(Recording(path.name, path), "squat", choices)
    assert rows["failures"] == []
    return rows


def ns(stamp: dict[str, int]) -> int:
    return stamp["sec"] * 10**9 + stamp["nanosec"]


def number(value: float | None) -> Any:
    """A value to compare; messages have single precision, and null instead of NaN."""
    return None if value is None or math.isnan(value) else pytest.approx(value, rel=1e-5, abs=1e-6)


def assert_same(rows: Rows, published: Outcome) -> None:
    repetitions = published.messages("repetitions")
    assert len(rows["repetitions"]) == len(repetitions) > 0
    for row, message in zip(rows["repetitions"], repetitions, strict=True):
        assert [row["body"], row["repetition"]] == [message["body_id"], message["index"]]
        assert row["session_id"] == message["session_id"] != ""
        for name in ("start", "peak", "end"):
            assert row[f"{name}_ns"] == ns(message[name])
        for name in ("rest_value", "peak_value", "target_value", "confidence"):
            assert row[name] == number(message[name]), name
    for row, message in zip(rows["quality"], published.messages("quality"), strict=True):
        assert row["score"] == number(message["score"])
        assert row["reason"] == message["reason"]
        assert row["model_name"] == message["model_name"]
        assert row["joint_relevance"] == pytest.approx(message["joint_relevance"], abs=1e-6)
    sets = [each for each in published.messages("errors") if each["scope"] == 1]
    errors = [(each["repetition"], error) for each in sets for error in each["errors"]]
    found = [row for row in rows["errors"] if row["scope"] == "repetition"]
    assert len(found) == len(errors) > 0
    for row, (repetition, error) in zip(found, errors, strict=True):
        assert (row["repetition"], row["error"]) == (repetition, error["name"])
        assert row["value"] == number(error["value"])
        assert (row["start_ns"], row["end_ns"]) == (ns(error["start"]), ns(error["end"]))
    measures = [(each["repetition"], one) for each in sets for one in each["measures"]]
    for row, (repetition, one) in zip(rows["measures"], measures, strict=True):
        assert (row["repetition"], row["measure"]) == (repetition, one["name"])
        assert (row["value"], row["reason"]) == (number(one["value"]), one["reason"])
    live = {e["name"] for e in rows_of_live(published)}
    assert {row["error"] for row in rows["errors"] if row["scope"] == "live"} == live
    frames = len([each for each in published.messages("errors") if each["scope"] == 0])
    assert rows["recordings"][0]["frames"] == frames


def rows_of_live(published: Outcome) -> list[dict[str, Any]]:
    sets = [each for each in published.messages("errors") if each["scope"] == 0]
    return [error for each in sets for error in each["errors"]]


def test_a_clip_has_the_results_of_the_graph(
    clip: Callable[[str], Path], coach: Callable[[str, str], Outcome]
) -> None:
    assert_same(judged(clip(f"{SQUATS}.mp4")), coach(SQUATS, "squat"))


def test_a_bag_of_skeletons_has_the_results_of_the_graph(
    clip_frames: Callable[[str], Frames], tmp_path: Path
) -> None:
    bag = clip_bag(tmp_path / "bag", clip_frames(SQUATS))
    assert_same(judged(bag), run_coach(str(bag), "squat", tmp_path))
