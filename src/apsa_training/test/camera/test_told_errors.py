"""Constructed errors are told where the camera sees them, and their size is what was put in."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.model.codes import ErrorCode, Side
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import Skeleton
from apsa_training.camera import told_errors
from apsa_training.camera.drawn_files import Drawn
from apsa_training.camera.told_errors import Coached, coached, report
from support.figures import PERIOD_NS, figure, repeat
from support.runs import EXERCISES
from support.samples import DRAWN

LEAN_DEG, SHORT_DEG = 56.0, 20.0


def frames(lean_deg: float, *, picture: bool) -> list[Skeleton]:
    def squat(stamp: int, way: float) -> list[Skeleton]:
        knees = (175.0 - 95.0 * way,) * 2
        lean = {"lean_forward_deg": lean_deg * way, "turn_deg": 90.0}
        return [figure(stamp, knee_deg=knees, picture=picture, **lean)]  # type: ignore[arg-type]

    return [people[0] for _, people in repeat(squat, 1)]


def drawn(seen_lean_deg: float) -> Drawn:
    """A squat from the side that leans by 56 degrees, and looks as if it leaned otherwise."""
    seen, true = frames(seen_lean_deg, picture=True), frames(LEAN_DEG, picture=True)
    count = len(seen)
    return Drawn(
        stamps_s=np.arange(count) * PERIOD_NS / 1e9,
        seen=np.ones(count, dtype=np.bool_),
        positions=np.stack([one.positions for one in seen]),
        pixels=np.stack([one.pixels for one in seen]),
        confidence=np.ones((count, JOINT_COUNT)),
        observed=np.ones((count, JOINT_COUNT), dtype=np.bool_),
        truth=np.stack([one.positions for one in true]),
        true_pixels=np.stack([one.pixels for one in true]),
        image_size=seen[0].image_size,
        name="made up",
        subject="1",
        family="squat",
        side=int(Side.BOTH),
        correct=0,
        is_patient=False,
        yaw_deg=-90.0,
        pitch_deg=0.0,
        fov_deg=60.0,
        error=int(ErrorCode.TRUNK_LEAN_FORWARD),
        error_side=int(Side.BOTH),
        error_size=LEAN_DEG,
        error_onset_s=math.nan,
    )


def test_an_error_that_looks_smaller_is_missed_by_the_camera_alone() -> None:
    clear, short = (coached(drawn(lean), EXERCISES) for lean in (LEAN_DEG, LEAN_DEG - SHORT_DEG))
    assert clear is not None
    assert short is not None
    assert clear.counted
    assert (clear.told, clear.truth_told) == (True, True)
    assert (short.told, short.truth_told) == (False, True)
    assert clear.truth_deg == pytest.approx(LEAN_DEG, abs=2.0)
    assert clear.size_deg - short.size_deg == pytest.approx(SHORT_DEG, abs=3.0)


def made(yaw_deg: float, told: bool, truth_told: bool, off_deg: float) -> Coached:
    return Coached(
        ErrorCode.TRUNK_LEAN_FORWARD, yaw_deg, True, told, truth_told, 40 + off_deg, 40.0
    )


def test_figures_are_by_kind_and_direction_of_the_camera() -> None:
    found = [
        made(90.0, True, True, 2.0),
        made(75.0, False, True, -6.0),
        made(80.0, True, False, math.nan),
        made(50.0, False, False, 1.0),
        Coached(ErrorCode.INSUFFICIENT_DEPTH, 0.0, False, False, True, math.nan, math.nan),
    ]
    leans = report(found)["trunk_lean_forward"]
    assert leans["70-90"] == {
        "drawings": 3,
        "counted": 1.0,
        "true_joints_tell": 2,
        "of_these_told": 0.5,
        "of_others_told": 1.0,
        "measured": 2,
        "size_bias_deg": -2.0,
        "size_error_deg": 4.0,
    }
    assert leans["45-70"]["size_error_deg"] == 1.0
    depth = report(found)["insufficient_depth"]["0-20"]
    assert (depth["drawings"], depth["counted"]) == (1, 0.0)
    assert "size_error_deg" not in depth


def test_drawings_without_a_constructed_error_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--drawn", str(DRAWN), "--json", str(tmp_path / "told.json")]
    assert told_errors.main(arguments) == 2
    assert capsys.readouterr().err == (
        "no drawing has a constructed error; draw with --constructed 1\n"
    )
    assert not (tmp_path / "told.json").exists()


def test_the_command_writes_what_it_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read: Callable[[Path], list[Drawn]] = lambda path: [drawn(LEAN_DEG)]  # noqa: E731
    monkeypatch.setattr(told_errors, "load_drawings", read)
    out = tmp_path / "told.json"
    assert told_errors.main(["--drawn", "one", "--json", str(out)]) == 0
    written = json.loads(out.read_text())
    assert written["errors"]["trunk_lean_forward"]["70-90"]["of_these_told"] == 1.0
    assert written["command"].startswith("python -m apsa_training.camera.told_errors")
    assert "trunk_lean_forward" in capsys.readouterr().out
