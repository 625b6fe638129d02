"""The journal of a node: what it received before it crashed."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

from std_msgs.msg import Header

from apsa_perception.ros.journal import Journal

KINDS = {"dropped": Header}
FIRST, SECOND = Header(frame_id="first"), Header(frame_id="second")


def filled(folder: Path) -> Path:
    """A journal with two entries; its file."""
    journal = Journal(folder, "node", KINDS, pytest.fail)
    assert journal.read() == []
    journal.add("dropped", FIRST)
    journal.add("dropped", SECOND)
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    return file


def test_entries_come_back_and_go_with_the_node(tmp_path: Path) -> None:
    file = filled(tmp_path / "state")
    journal = Journal(file.parent, "node", KINDS, pytest.fail)
    assert journal.read() == [("dropped", FIRST), ("dropped", SECOND)]
    journal.remove()
    assert not file.exists()


@pytest.mark.faults
def test_an_entry_that_the_crash_cut_off_is_dropped(tmp_path: Path) -> None:
    file = filled(tmp_path / "state")
    file.write_bytes(file.read_bytes()[:-9])
    journal = Journal(file.parent, "node", KINDS, pytest.fail)
    assert journal.read() == [("dropped", FIRST)]
    journal.add("dropped", SECOND)
    assert journal.read() == [("dropped", FIRST), ("dropped", SECOND)]


@pytest.mark.parametrize("line", [b"unknown AAAA", b"dropped not base64", b"", b"dropped AAAA"])
def test_other_entries_are_reported(tmp_path: Path, line: bytes) -> None:
    file = filled(tmp_path / "state")
    file.write_bytes(line + b"\n" + file.read_bytes())
    failures: list[Any] = []
    journal = Journal(file.parent, "node", KINDS, lambda *what: failures.append(what))
    assert journal.read() == [("dropped", FIRST), ("dropped", SECOND)]
    assert "has an entry that cannot be used" in failures[0][1]


def test_a_failure_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failures: list[Any] = []
    journal = Journal(tmp_path / "file", "node", KINDS, lambda *what: failures.append(what))
    journal.add("dropped", FIRST)
    journal.add("dropped", SECOND)
    assert len(failures) == 1


def test_without_a_folder_nothing_is_kept() -> None:
    journal = Journal(None, "node", KINDS, pytest.fail)
    journal.add("dropped", FIRST)
    assert journal.read() == []
