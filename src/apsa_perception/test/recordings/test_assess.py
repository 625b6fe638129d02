"""The command over a small library: tables, failures, exit codes, and what is done again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")
pytest.importorskip("distributed", reason="requirements/assess.txt is not installed")
pytest.importorskip("pyarrow", reason="requirements/assess.txt is not installed")

import pyarrow.parquet as pq

from apsa_perception.assessment.offline import assess
from apsa_perception.commands import assess as command
from support.figures import library
from support.recorded_squats import squats, write_bag
from support.skeleton_bags import START_NS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two good bags, one cut off, and a file that is no video."""
    folder = tmp_path_factory.mktemp("library")
    write_bag(folder / "one", squats(2))
    write_bag(folder / "two", squats(3))
    (folder / "broken.mp4").write_text("not a video")
    return folder


@pytest.fixture(scope="module")
def first_run(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Path]:
    """Exit code and folder of a run over the library."""
    out = tmp_path_factory.mktemp("out")
    return run(recordings, out, "--exercise", "squat"), out


def run(recordings: Path, out: Path, *more: str) -> int:
    return command.main(
        ["--recordings", str(recordings), "--out", str(out), "--workers", "1", *more]
    )


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(out / f"{table}.parquet").to_pylist()
    return found


def test_a_bad_file_is_a_failure_and_the_others_have_results(
    first_run: tuple[int, Path],
) -> None:
    code, out = first_run
    assert code == 3
    (failure,) = rows(out, "failures")
    assert failure["recording"] == "broken.mp4"
    assert "broken.mp4 is not a video that can be decoded; expected" in failure["reason"]
    counted = {row["recording"]: row["repetitions"] for row in rows(out, "recordings")}
    assert counted == {"broken.mp4": 0, "one": 2, "two": 3}
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "broken.mp4" in page
    assert "Could not be judged: 1" in page


def test_the_tables_hold_what_the_assessment_gives(first_run: tuple[int, Path]) -> None:
    _, out = first_run
    expected = assess(
        [(START_NS + stamp, people) for stamp, people in squats(3)], "squat", library()
    )
    found = [row for row in rows(out, "repetitions") if row["recording"] == "two"]
    assert [row["repetition"] for row in found] == [1, 2, 3]
    for row, one in zip(found, expected.repetitions, strict=True):
        assert row["end_ns"] - row["start_ns"] == one.end_ns - one.start_ns
        assert row["peak_value"] == pytest.approx(one.peak_value, abs=0.01)
    errors = [row for row in rows(out, "errors") if row["recording"] == "two"]
    verdicts = [row["error"] for row in errors if row["scope"] == "repetition"]
    assert verdicts.count("knee_valgus") == 3
    assert [row["error"] for row in errors if row["scope"] == "live"].count("knee_valgus") == 3
    assert len([r for r in rows(out, "quality") if r["recording"] == "two"]) == 3
    names = {row["measure"] for row in rows(out, "measures")}
    assert {"knee_angle", "duration", "smoothness"} <= names


def judged_by(capsys: pytest.CaptureFixture[str]) -> Iterator[int]:
    words = capsys.readouterr().out.split()
    return (int(word) for word in words if word.isdecimal())


def test_only_what_changed_or_failed_is_done_again(
    first_run: tuple[int, Path], recordings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = first_run
    before = rows(out, "recordings")
    assert run(recordings, out, "--exercise", "squat") == 3
    assert list(judged_by(capsys)) == [0, 2, 1]
    assert [r["computing_s"] for r in rows(out, "recordings")[1:]] == [
        r["computing_s"] for r in before[1:]
    ]
    table = recordings / "table.csv"
    table.write_text("recording,exercise\none,squat\ntwo,lunge\n")
    assert run(recordings, out, "--exercise", str(table)) == 3
    assert list(judged_by(capsys)) == [1, 1, 1]
    assert {r["recording"]: r["reason"] for r in rows(out, "failures")} == {
        "broken.mp4": "it has no line in the table of exercises"
    }
    assert {r["exercise"] for r in rows(out, "recordings")} == {"squat", "lunge"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--exercise", "sqat"], "no exercise 'sqat'; did you mean squat? Expected one of"),
        (["--exercise", "crunch"], "no exercise 'crunch'; did you mean sit_up? Expected one of"),
        (["--exercise", "nowhere.csv"], "nowhere.csv cannot be read (No such file or directory)"),
        (["--exercise", "squat", "--params-file", "nowhere.yaml"], "nowhere.yaml"),
        (
            ["--exercise", "squat", "--scheduler", "tcp://127.0.0.1:9"],
            "SCHEDULER tcp://127.0.0.1:9",
        ),
    ],
)
def test_a_mistake_of_the_user_ends_the_run_with_one_sentence(
    arguments: list[str],
    sentence: str,
    recordings: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(recordings, tmp_path / "out", *arguments) == 2
    told = capsys.readouterr().err.strip().splitlines()[-1]
    assert sentence in told


def test_part_files_are_lines_of_json(first_run: tuple[int, Path]) -> None:
    _, out = first_run
    for path in (out / "parts").iterdir():
        first, rest = path.read_text(encoding="utf-8").split("\n", 1)
        head, lines = json.loads(first), list(map(json.loads, rest.splitlines()))
        assert set(head) == {"bytes", "fingerprint", "judged", "recording"}
        assert head["bytes"] == len(rest.encode())
        assert all(row["recording"] == head["recording"] for _, row in lines)
