"""What is kept of each recording, the Parquet files, and the page."""

import os
from pathlib import Path

import pytest

from apsa_perception.recordings.discovery import Recording
from apsa_perception.recordings.overview import Overview
from apsa_perception.recordings.part_files import PartFiles, fingerprint
from apsa_perception.recordings.schema import FAILURES, RECORDINGS, TABLES
from support.library_cases import REASON, library_rows


def recording(folder: Path) -> Recording:
    path = folder / "clip.mp4"
    path.write_text("pictures")
    return Recording("clip.mp4", path)


def test_a_fingerprint_changes_with_the_file_and_the_choices(tmp_path: Path) -> None:
    one = recording(tmp_path)
    before = fingerprint(one, "squat")
    assert fingerprint(one, "squat") == before
    assert fingerprint(one, "lunge") != before
    os.utime(one.path, ns=(1, 1))
    assert fingerprint(one, "squat") != before
    bag = Recording("bag", tmp_path)
    before = fingerprint(bag, "squat")
    (tmp_path / "more.mcap").touch()
    assert fingerprint(bag, "squat") != before


def test_rows_are_kept_until_the_fingerprint_changes(tmp_path: Path) -> None:
    one, parts = recording(tmp_path), PartFiles(tmp_path / "out")
    row = {"recording": one.name, "frames": 7}
    assert not parts.is_done(one, "mark")
    assert list(parts.rows(one, "mark")) == []
    parts.write(one, "mark", {RECORDINGS: [row], FAILURES: []})
    assert parts.is_done(one, "mark")
    assert list(parts.rows(one, "mark")) == [(RECORDINGS, row)]
    assert not parts.is_done(one, "other")
    assert list(parts.rows(one, "other")) == []
    parts.write(one, "mark", {FAILURES: [row]})
    assert not parts.is_done(one, "mark"), "a failure is tried again"
    assert list(parts.rows(one, "mark")) == [(FAILURES, row)]


def test_a_damaged_part_is_done_again(tmp_path: Path) -> None:
    one, parts = recording(tmp_path), PartFiles(tmp_path / "out")
    parts.write(one, "mark", {FAILURES: [], RECORDINGS: [dict.fromkeys(("a", "b"), 1.5)]})
    assert parts.is_done(one, "mark")
    (file,) = (tmp_path / "out" / "parts").iterdir()
    whole = file.read_text()
    for damaged in ("", "{", "[]", "\0", whole[:-10], whole[: whole.index("\n") + 1]):
        file.write_text(damaged)
        assert not parts.is_done(one, "mark")
        assert list(parts.rows(one, "mark")) == []


def test_every_table_has_a_file_with_the_units_of_its_columns(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="requirements/assess.txt is not installed")
    import pyarrow.parquet as pq

    from apsa_perception.recordings.parquet import write_tables

    write_tables(tmp_path, library_rows(60))
    assert {path.stem for path in tmp_path.iterdir()} == set(TABLES)
    failures = pq.read_table(tmp_path / "failures.parquet").to_pylist()
    assert [row["reason"] for row in failures] == [REASON] * 2
    field = pq.read_schema(tmp_path / "recordings.parquet").field("duration_s")
    assert field.metadata[b"unit"] == b"s"
    assert str(field.type) == "double"


def test_a_file_that_cannot_be_written_leaves_the_earlier_tables(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="requirements/assess.txt is not installed")
    from apsa_perception.recordings.parquet import write_tables

    write_tables(tmp_path, library_rows(10))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken() -> object:
        yield from library_rows(5)
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        write_tables(tmp_path, broken())  # type: ignore[arg-type]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_page_puts_failures_first_and_escapes_names() -> None:
    overview = Overview()
    rows = list(library_rows(60))
    assert list(overview.passing(rows)) == rows
    page = overview.html()
    assert "<h1>60 recordings</h1>" in page
    assert "Could not be judged: 2" in page
    assert page.count(REASON) == 4, "in the list of failures, and beside the recording"
    assert page.index("trial_0057.mcap") < page.index("trial_0000.mcap")
    assert "&lt;b&gt;trial&lt;/b&gt;_&amp;_a_long_name" in page
    assert "<b>" not in page
    assert "http" not in page.replace("http-equiv", "")
