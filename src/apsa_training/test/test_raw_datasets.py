"""Importers of the published formats, on generated files."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook
from scipy.spatial.transform import Rotation

from apsa_training.data.kinect_joints import KINECT_V2_NAMES, UI_PRMD_PARENTS
from apsa_training.data.packed_files import unpack_joints
from apsa_training.data.raw_datasets import load_raw, read_rows, ui_prmd_absolute
from apsa_training.list_data import load_all, main
from support.samples import SAMPLE, named

STATES = {0: "NotTracked", 1: "Inferred", 2: "Tracked"}
NAME = "102_18_0_7_1_stand.txt"


def write_irds(folder: Path, raw: bool) -> None:
    with np.load(SAMPLE) as arrays:
        frames = slice(int(arrays["offsets"][0]), int(arrays["offsets"][1]))
        joints = unpack_joints(arrays["joints_planes"])[frames]
        tracking, clock = arrays["tracking"][frames], arrays["time_ms"][frames]
    target = folder / ("RawData" if raw else "Simplified")
    target.mkdir(parents=True)
    lines = ["Version0.1"] if raw else []
    for frame, (position, states) in enumerate(zip(joints, tracking, strict=True)):
        if raw:
            parts = [
                f"({name},{STATES[int(state)]},{x!r},{y!r},{z!r},1.0,2.0)"
                for name, state, (x, y, z) in zip(
                    KINECT_V2_NAMES, states, position.tolist(), strict=True
                )
            ]
            lines.append(",".join([str(frame), "4", str(clock[frame]), *parts]))
        else:
            lines.append(",".join(repr(value) for value in position.ravel().tolist()))
    (target / NAME).write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("raw", [True, False])
def test_raw_irds_equals_the_packed_file(tmp_path: Path, raw: bool) -> None:
    write_irds(tmp_path, raw)
    (data,) = load_raw(tmp_path)
    (sequence,) = data.sequences
    packed = named(NAME)
    assert (sequence.exercise, sequence.correct) == (packed.exercise, packed.correct)
    assert np.allclose(sequence.positions, packed.positions, atol=1e-6)
    if raw:
        assert np.allclose(sequence.stamps_s, packed.stamps_s)
        assert np.array_equal(sequence.confidence, packed.confidence)


def test_raw_files_are_preferred_and_damaged_ones_reported(tmp_path: Path) -> None:
    write_irds(tmp_path, raw=True)
    write_irds(tmp_path, raw=False)
    broken = tmp_path / "Simplified" / "204_18_1_2_2_chair.txt"
    broken.write_text("1,2,3\n")
    (data,) = load_raw(tmp_path)
    assert [s.name for s in data.sequences] == [NAME]
    assert data.sequences[0].confidence.max() == 1.0, "simplified files have no tracking states"
    assert data.dropped == ((broken.name, "line 1 has 3 numbers; expected 75"),)


def test_ui_prmd_joints_follow_rz_rx_ry() -> None:
    rng = np.random.default_rng(0)
    offsets, angles = rng.normal(size=(2, 22, 3)), rng.uniform(-90, 90, size=(2, 22, 3))
    absolute = ui_prmd_absolute(offsets, angles)
    turn = {}
    for joint, parent in enumerate(UI_PRMD_PARENTS):
        a, b, c = angles[1, joint]
        own = Rotation.from_euler("ZXY", [c, a, b], degrees=True)
        turn[joint] = own if parent < 0 else turn[parent] * own
        expected = offsets[1, joint]
        if parent >= 0:
            expected = absolute[1, parent] + turn[parent].apply(offsets[1, joint])
        assert np.allclose(absolute[1, joint], expected)


def test_raw_ui_prmd_has_correct_and_incorrect_repetitions(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for folder, ending in (("Segmented Movements", ""), ("Incorrect Segmented Movements", "_inc")):
        for kind in ("Positions", "Angles"):
            target = tmp_path / folder / "Kinect" / kind
            target.mkdir(parents=True)
            table = rng.normal(10, 3, size=(12, 66))
            text = "\n".join(",".join(f"{v:.6f}" for v in row) for row in table)
            name = f"m02_s07_e03_{kind.lower()}{ending}.txt.gz"
            (target / name).write_bytes(gzip.compress(text.encode()))
    (data,) = load_raw(tmp_path)
    assert [(s.exercise, s.subject, s.correct) for s in data.sequences] == [
        ("hurdle_step_left", "7", 0),
        ("hurdle_step_left", "7", 1),
    ]


def write_sheet(path: Path, rows: list[list[str | float]]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_raw_kimore_has_scores_and_groups(tmp_path: Path) -> None:
    folder = tmp_path / "GPP" / "Stroke" / "S_ID2" / "Es3"
    (folder / "Raw").mkdir(parents=True)
    (folder / "Label").mkdir()
    table = np.random.default_rng(2).normal(size=(20, 25, 4))
    table[..., 3] = 2
    lines = [",".join(f"{v:.5f}" for v in row) + "," for row in table.reshape(20, -1)]
    (folder / "Raw" / "JointPosition1.csv").write_text("\n".join(lines) + "\n\n")
    titles: list[str | float] = ["Subject ID", *(f"column {n}" for n in range(15))]
    write_sheet(
        folder / "Label" / "ClinicalAssessment_S2.xlsx",
        [titles, ["S_ID2", *(float(n) for n in range(1, 16))]],
    )
    (data,) = load_raw(tmp_path)
    (sequence,) = data.sequences
    assert sequence.scores == {"cTS": 3.0, "cPO": 8.0, "cCF": 13.0}
    assert (sequence.subject, sequence.exercise) == ("S_ID2", "trunk_rotation")
    assert sequence.is_patient
    assert np.allclose(
        sequence.positions[0, 4], (table[0, 4, :3] - table[0, 0, :3]) * (-1, -1, 1), atol=1e-4
    )


def test_damaged_spreadsheet_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "ClinicalAssessment.xlsx"
    path.write_bytes(b"no zip")
    with pytest.raises(ValueError, match="not a readable spreadsheet"):
        read_rows(path)


def test_listing_has_data_sets_and_skipped_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_irds(tmp_path / "irds", raw=True)
    np.savez(tmp_path / "features.npz", a=np.zeros(2))
    found, skipped = load_all(tmp_path)
    assert [data.source for data in found] == ["irds"]
    assert len(skipped) == 1
    assert main(["--data", str(tmp_path)]) == 0
    assert "1 sequences, 1 subjects" in capsys.readouterr().out
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
