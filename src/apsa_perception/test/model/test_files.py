"""Files with data of people: whole or not there, and private."""

import os
from pathlib import Path

import pytest

from apsa_perception.model.files import private_folder, write_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_files_and_new_folders_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = tmp_path / "a" / "b"
        private_folder(folder)
        private_folder(folder)
        write_private(folder / "x.json", "1")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "a"), mode(folder), mode(folder / "x.json")) == (0o700, 0o700, 0o600)


@pytest.mark.faults
def test_a_write_that_fails_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.json"
    write_private(path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_private(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
