"""The errors of the measures on drawn people are those that were put in, and found by group."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera import measure_errors
from apsa_training.camera.drawn_files import Drawn, load_drawings
from apsa_training.camera.measure_errors import measure_report
from apsa_training.camera.measure_pairs import PAIR, Pairs, clothes_of, pairs_of
from support.samples import DRAWN

FRAMES = 400


def standing() -> Drawn:
    return next(one for one in load_drawings(DRAWN) if one.name.startswith("206_18_3_11"))


def pairs(measure: str, side: Side, seen: FloatArray, **columns: object) -> Pairs:
    """Pairs of a measure whose true value is 10, one drawing, the first posture in its first."""
    made = np.zeros(len(seen), dtype=PAIR)
    made["measure"], made["side"], made["true"], made["seen"] = measure, side, 10.0, seen
    made["frame"], made["uncertainty"], made["looseness_m"] = np.arange(len(seen)), 5.0, np.nan
    made["moving"] = made["frame"] > 0
    for name, values in columns.items():
        made[name] = values
    return made


def test_joints_that_are_seen_where_they_are_have_no_error() -> None:
    drawn = standing()
    perfect = replace(drawn, positions=drawn.truth, pixels=drawn.true_pixels)
    found = pairs_of([perfect], "irds", seed=1)
    for name in ("knee_angle", "elbow_angle", "knee_valgus", "knee_separation_ratio"):
        chosen = found[found["measure"] == name]
        assert len(chosen) > 3
        assert chosen["seen"] == pytest.approx(chosen["true"], abs=1e-6)
    lean = found[found["measure"] == "trunk_lean_lateral"]  # the projection is part of the error
    assert 0.0 < np.abs(lean["seen"] - lean["true"]).max() < 5.0


def test_a_knee_that_is_seen_elsewhere_is_an_error_of_its_side_alone() -> None:
    drawn = standing()
    seen = drawn.truth.copy()
    seen[:, Joint.LEFT_KNEE] -= (0.0, 0.0, 0.1)
    found = pairs_of([replace(drawn, positions=seen)], "irds", seed=1)
    knees = found[found["measure"] == "knee_angle"]
    error = np.abs(knees["seen"] - knees["true"])
    assert error[knees["side"] == Side.LEFT].min() > 10.0
    assert error[knees["side"] == Side.RIGHT].max() < 1e-6


def test_bias_spread_change_and_the_share_within_the_uncertainty_are_told() -> None:
    noise = np.random.default_rng(0).normal(0.0, 4.0, FRAMES)
    noise[0] = 0.0
    left = pairs("knee_angle", Side.LEFT, 18.0 + noise)
    right = pairs("knee_angle", Side.RIGHT, np.full(FRAMES, 15.0))
    report = measure_report(np.concatenate([left, right]))
    everything = report["all"]["all"]
    assert everything["frames"] == 2 * FRAMES
    assert everything["bias"] == pytest.approx((8.0 + 5.0) / 2.0, abs=0.3)
    one = measure_report(left)["all"]["all"]
    assert one["rms_error"] == pytest.approx(np.hypot(8.0, 4.0), rel=0.03)
    assert one["within_one"] == pytest.approx(0.23, abs=0.05)
    change = measure_report(left)["change"]["0-15"]
    assert change["frames"] == FRAMES - 1  # of moving people
    assert change["typical_error"] == pytest.approx(4.0, rel=0.1)
    assert change["bias"] == pytest.approx(0.0, abs=0.5)
    assert report["side_difference"]["0-15"]["bias"] == pytest.approx(3.0, abs=0.5)


def test_a_gross_error_raises_the_root_mean_square_and_not_the_typical_error() -> None:
    seen = np.full(FRAMES, 12.0)
    seen[:20] = 100.0
    summary = measure_report(pairs("knee_angle", Side.LEFT, seen))["all"]["all"]
    assert summary["typical_error"] == pytest.approx(2.0)
    assert summary["rms_error"] > 15.0


def test_angles_are_compared_around_the_circle() -> None:
    seen = pairs("trunk_rotation", Side.LEFT, np.full(FRAMES, -179.0), true=179.0)
    assert measure_report(seen)["all"]["all"]["bias"] == pytest.approx(2.0)


def test_frames_are_grouped_by_turn_camera_and_clothes() -> None:
    half = np.arange(FRAMES) < FRAMES // 2
    seen = np.where(half, 11.0, 14.0)
    view = {
        "turn_deg": np.where(half, 10.0, 80.0),
        "yaw_deg": np.where(half, 20.0, 90.0),
        "pitch_deg": np.where(half, -3.0, 19.0),
        "looseness_m": np.where(half, 0.005, 0.03),
    }
    report = measure_report(pairs("knee_angle", Side.LEFT, seen, **view))
    for kind, groups in {
        "turn_deg": ("0-15", "60-90"),
        "yaw_deg": ("15-30", "60-90"),
        "pitch_deg": ("-3 to 3", "14-20"),
        "looseness_m": ("0-0.01", "0.02-0.03"),
    }.items():
        assert {name: row["bias"] for name, row in report[kind].items()} == {
            groups[0]: 1.0,
            groups[1]: 4.0,
        }


def test_the_typical_error_is_tried_on_people_who_did_not_make_it() -> None:
    errors = np.repeat([1.0, 1.0, 1.0, 9.0], FRAMES // 4)
    errors *= np.tile(np.linspace(0.5, 1.5, FRAMES // 4), 4)
    subjects = np.repeat(["a", "b", "c", "d"], FRAMES // 4)
    share = measure_errors.share_within_error_of_others(errors, subjects)
    assert share == pytest.approx((1.0 + 1.0 + 1.0 + 0.0) / 4.0, abs=0.08)
    report = measure_report(pairs("knee_angle", Side.LEFT, 10.0 + errors, subject=subjects))
    assert report["turn_deg"]["0-15"]["within_one_of_others"] == pytest.approx(share, abs=1e-3)


def test_the_clothes_follow_from_the_seed() -> None:
    drawn = standing()
    clothes = clothes_of(drawn, "irds", seed=1)
    assert clothes is not None
    assert 0.0 <= clothes.looseness_m <= 0.03
    assert clothes_of(drawn, "irds", seed=2) is None


def test_the_command_writes_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "errors.json"
    assert measure_errors.main(["--drawn", str(DRAWN), "--json", str(target)]) == 0
    report = json.loads(target.read_text(encoding="utf-8"))
    assert report["drawings"] == {"irds_camera": 11}
    assert report["command"].startswith("python -m apsa_training.camera.measure_errors --drawn")
    knee = report["measures"]["knee_angle"]["all"]["all"]
    assert 2.0 < knee["typical_error"] < 30.0
    printed = capsys.readouterr().out
    assert f"typical_error {knee['typical_error']:g}" in printed
