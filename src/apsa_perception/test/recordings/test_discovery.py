"""Which files of a folder are recordings, and which exercise a table gives them."""

from pathlib import Path

import pytest

from apsa_perception.recordings.discovery import find_recordings
from apsa_perception.recordings.exercise_table import TableError, read_exercises
from apsa_perception.sources.errors import SourceError
from support.figures import library


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def names(text: Path | str) -> list[str]:
    return [each.name for each in find_recordings(str(text))[1]]


def test_bags_and_videos_of_a_folder_are_found_in_natural_order(tmp_path: Path) -> None:
    touch(tmp_path, "clip_10.mp4", "clip_9.MP4", "notes.txt", ".hidden.mp4", "old.bag")
    touch(tmp_path, "a/bag/metadata.yaml", "a/bag/bag_0.mcap", "a/bag/bag_1.mcap")
    touch(tmp_path, "a/cut_off/cut_off_0.mcap", "a/single.mcap", ".cache/x.mp4")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    found = ["a/bag", "a/cut_off", "a/single.mcap", "clip_9.MP4", "clip_10.mp4", "old.bag"]
    assert names(tmp_path) == found


def test_a_glob_names_recordings_of_any_suffix(tmp_path: Path) -> None:
    touch(tmp_path, "p1/squat.mp4", "p2/squat.dat", "p2/lunge.mp4")
    assert names(f"{tmp_path}/p*/squat.*") == ["p1/squat.mp4", "p2/squat.dat"]
    assert names(f"{tmp_path}/p*") == ["p1/squat.mp4", "p2/lunge.mp4"]


def test_one_recording_is_a_library_too(tmp_path: Path) -> None:
    touch(tmp_path, "bag/metadata.yaml", "clip.mp4")
    assert names(tmp_path / "bag") == ["bag"]
    assert names(tmp_path / "clip.mp4") == ["clip.mp4"]


@pytest.mark.parametrize("text", ["", "nowhere", "nothing-*.mp4", "."])
def test_without_recordings_one_sentence_says_what_is_expected(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match=r"expected a folder with bags and videos, a glob in"):
        find_recordings(text)


def test_a_name_that_is_no_text_can_still_be_written_to_a_table(tmp_path: Path) -> None:
    touch(tmp_path, "ok.mp4")
    (tmp_path / "ok.mp4").rename(f"{tmp_path}/\udcff.mp4")
    assert names(tmp_path) == [r"\udcff.mp4"]


def table(folder: Path, text: str) -> dict[str, str]:
    touch(folder, "p1/a.mp4", "b.mp4")
    (folder / "table.csv").write_text(text, encoding="utf-8")
    base, recordings = find_recordings(str(folder))
    chosen = read_exercises(folder / "table.csv", base, recordings, library())
    return {each.name: chosen.get(each.path, "") for each in recordings}


def test_a_table_gives_each_recording_its_exercise(tmp_path: Path) -> None:
    text = f"\ufeffrecording,subject,exercise\np1/a.mp4,7, squat\n{tmp_path}/b.mp4,8,lunge\n"
    assert table(tmp_path, text) == {"b.mp4": "lunge", "p1/a.mp4": "squat"}
    assert table(tmp_path, "recording,exercise\nb.mp4,lunge\n")["p1/a.mp4"] == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r":1: the first line has no column recording and no column exercise; expected rec"),
        ("recording;exercise\n", r":1: the first line has no column"),
        ("recording,exercise\nb.mp4,squat\nc.mp4,squat\n", r":3: c.mp4 is not among the 2 rec"),
        (
            "recording,exercise\nb.mp4,sqat\n",
            r":2: no exercise 'sqat'; did you mean squat\? Expected one of ",
        ),
        ("recording,exercise\nb.mp4\n", r":2: exercise is empty"),
        ("recording,exercise\nb.mp4,squat\n./b.mp4,lunge\n", r":3: \./b.mp4 has a line already"),
        ('recording,exercise\n"b.mp4,squat\n', r"table.csv is not a CSV file in UTF-8"),
    ],
)
def test_a_mistake_in_a_table_is_one_sentence_with_its_line(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(TableError, match=message):
        table(tmp_path, text)
