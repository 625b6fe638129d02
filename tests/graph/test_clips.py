"""Real clips through the whole composed graph."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.figures import Frames
from support.skeleton_bags import clip_bag

from .conftest import Outcome, run_coach

pytestmark = pytest.mark.slow

Coach = Callable[[str, str], Outcome]
LIVE, REPETITION = 0, 1
LEG_ERRORS = {"knee_valgus", "insufficient_depth"}


def test_good_squats_are_counted_and_have_no_valgus(coach: Coach) -> None:
    outcome = coach("squat_front", "squat")
    assert outcome.code == 0
    assert [m["index"] for m in outcome.messages("repetitions")] == [1, 2, 3]
    assert "knee_valgus" not in outcome.error_names(LIVE) | outcome.error_names(REPETITION)
    # The first one begins in mid-movement; it may be left unjudged, but is not called poor.
    assert len(outcome.scores()) >= 2
    assert min(outcome.scores()) > 0.5
    assert {message["model_name"] for message in outcome.messages("quality")} == {"apsa"}


def test_knees_in_is_found_in_each_repetition_and_told(coach: Coach) -> None:
    outcome = coach("squat_front_knees_in", "squat")
    errors = outcome.repetition_errors()
    assert len(errors) == 3
    assert all("knee_valgus" in names for names in errors)
    assert "knee_valgus" in [cue["key"] for cue in outcome.messages("cue")]


def test_knees_in_scores_below_good_squats(coach: Coach) -> None:
    bad, good = coach("squat_front_knees_in", "squat"), coach("squat_front", "squat")
    assert max(bad.scores()) < min(good.scores())


def test_trunk_lean_is_found_only_where_it_is(coach: Coach) -> None:
    leaning, upright = coach("lunge_side_trunk_lean", "lunge"), coach("lunge_side", "lunge")
    assert "trunk_lean_forward" in leaning.error_names(LIVE)
    assert "trunk_lean_forward" not in upright.error_names(LIVE) | upright.error_names(REPETITION)


def test_pulses_are_not_repetitions(coach: Coach) -> None:
    assert coach("squat_pulses_two_people", "squat").messages("repetitions") == []


@pytest.mark.parametrize(
    "name",
    ["legs_only_calf_raise", "wall_pushup_upper_body", "lateral_raise_thighs_up"],
)
def test_legs_that_are_not_seen_are_not_judged(coach: Coach, name: str) -> None:
    outcome = coach(name, "squat")
    assert outcome.code == 0
    assert outcome.scores() == []
    assert not LEG_ERRORS & (outcome.error_names(LIVE) | outcome.error_names(REPETITION))


def test_valgus_is_not_judged_from_the_side(coach: Coach) -> None:
    measures = [
        measure
        for message in coach("lunge_side", "lunge").messages("errors")
        for measure in message["measures"]
        if measure["name"] == "knee_valgus" and message["body_id"]
    ]
    assert measures
    judged = [measure for measure in measures if measure["judged"]]
    assert len(judged) < 0.05 * len(measures)
    assert all(measure["reason"] for measure in measures if not measure["judged"])


def test_every_frame_has_live_errors_with_the_stamp_of_its_frame(coach: Coach) -> None:
    outcome = coach("squat_front", "squat")
    live = [m for m in outcome.messages("errors") if m["scope"] == LIVE]
    stamps = [m["header"]["stamp"]["sec"] * 10**9 + m["header"]["stamp"]["nanosec"] for m in live]
    assert stamps == [40_000_000 * (index + 1) for index in range(250)]


def test_summary_and_lines_tell_what_was_published(coach: Coach) -> None:
    outcome = coach("squat_front_knees_in", "squat")
    assert "Session summary" in outcome.stdout
    assert outcome.stdout.count(" repetition ") == len(outcome.messages("repetitions"))
    for cue in outcome.messages("cue"):
        assert cue["text"] in outcome.stdout
    assert outcome.stderr == ""


def test_a_report_tells_what_was_published(
    clip_frames: Callable[[str], Frames], tmp_path: Path
) -> None:
    reports = tmp_path / "reports"
    bag = str(clip_bag(tmp_path / "bag", clip_frames("squat_front_knees_in")))
    outcome = run_coach(bag, "squat", tmp_path, "--report", str(reports), "--person", "p07")
    content = json.loads(next(reports.glob("p07_squat_*.json")).read_text())
    told = content["repetitions"]
    assert [r["index"] for r in told] == [m["index"] for m in outcome.messages("repetitions")]
    judged = [r["score"] for r in told if r["score"] is not None]
    assert judged == pytest.approx(outcome.scores(), abs=1e-3)
    assert all(r["reason"] for r in told if r["score"] is None)
    assert [{e["name"] for e in r["errors"]} for r in told] == outcome.repetition_errors()
    assert [c["text"] for c in content["cues"]] == [m["text"] for m in outcome.messages("cue")]
    assert {path.suffix for path in reports.iterdir()} == {".html", ".csv", ".json"}
