"""Reading of YAML files: values are checked, mistakes have file, line and key."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from apsa_perception.model.yaml_reader import Reader, read_yaml
from support.paths import ROOT

FILE = """\
language: English
words_per_minute: 160
mirror: true
cues:
  praise: Good.
  knees: [Knees out., Push the knees out.]
joints:
  elbow: {angle: left_elbow, low: -1.5}
  wrist: {angle: left_wrist, low: 0}
errors:
  - {code: too_fast}
  - {code: too_slow}
"""


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    path = tmp_path / "file.yaml"
    path.write_text(FILE)
    return read_yaml(path)


def test_values_of_each_kind_are_read(reader: Reader) -> None:
    assert reader.text("language") == "English"
    assert reader.integer("words_per_minute", 80, 450) == 160
    assert reader.flag("mirror") is True
    cues = reader.inner("cues")
    assert {key: cues.texts(key) for key in cues.keys} == {
        "praise": ("Good.",),
        "knees": ("Knees out.", "Push the knees out."),
    }
    joints = reader.inner("joints")
    assert joints.has_mapping("elbow")
    assert [joints.inner(name).number("low", -3.0, 3.0) for name in joints.keys] == [-1.5, 0.0]
    assert [one.text("code") for one in reader.inner_list("errors")] == ["too_fast", "too_slow"]
    cues.finish()
    joints.expect_keys(["elbow", "wrist"])
    reader.finish()


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (lambda r: r.text("voice"), "file.yaml:1: the key 'voice' is missing"),
        (
            lambda r: r.integer("words_per_minute", 200, 450),
            "file.yaml:2: words_per_minute is 160; expected a whole number from 200 to 450",
        ),
        (
            lambda r: r.integer("language", 1, 2),
            "file.yaml:1: language is 'English'; expected a whole number from 1 to 2",
        ),
        (
            lambda r: r.flag("language"),
            "file.yaml:1: language is 'English'; expected true or false",
        ),
        (
            lambda r: r.inner("cues").flag("praise"),
            "file.yaml:5: cues.praise is 'Good.'; expected true or false",
        ),
        (
            lambda r: r.inner("joints").texts("elbow"),
            "file.yaml:8: joints.elbow is {'angle': 'left_elbow', 'low': -1.5}; "
            "expected a text that is not empty",
        ),
        (
            lambda r: r.inner("joints").inner("wrist").choice("angle", {"left_elbow": 1}),
            "file.yaml:9: joints.wrist.angle is 'left_wrist'; expected one of left_elbow",
        ),
        (lambda r: r.inner("mirror"), "file.yaml:3: mirror is True; expected a mapping"),
        (
            lambda r: r.inner_list("errors")[1].number("code", 0, 1),
            "file.yaml:12: errors[1].code is 'too_slow'; expected a number from 0 to 1",
        ),
        (
            lambda r: r.inner("joints").expect_keys(["elbow"]),
            "file.yaml:9: unknown key 'joints.wrist'; expected elbow",
        ),
    ],
)
@pytest.mark.faults
def test_a_mistake_has_file_line_key_and_what_is_expected(
    reader: Reader, read: Callable[[Reader], object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=r"^file\.yaml:\d+: ") as refusal:
        read(reader)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\na: 2\n", "file.yaml:2: the key 'a' appears twice"),
        ("a: 1\n2: b\n", "file.yaml:2: the key 2 is not a text"),
        (f"a: {'9' * 9000}", f"file.yaml:1: the number {'9' * 57}... is too long"),
        (f"a: 1.{'9' * 9000}", f"file.yaml:1: the number 1.{'9' * 55}... is too long"),
        (f"{'k' * 999}: 1\n{'k' * 999}: 2", f"file.yaml:2: the key '{'k' * 56}... appears twice"),
        ("a: 1\nb: 2024-02-31\n", "file.yaml:2: b cannot be read: day is out of range for month"),
        ("a: 1\nb: [1\nc: 2\n", "file.yaml:3: not valid YAML: did not find expected ',' or ']'"),
        ("- a\n", "file.yaml: the file is ['a']; expected a mapping"),
        ("", "file.yaml: the file is empty; expected a mapping"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"^file\.yaml") as refusal:
        read_yaml(path)
    assert str(refusal.value).startswith(sentence)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("encoding", "line"), [("utf-16", 1), ("utf-32", 1), ("latin-1", 2), ("gb18030", 2)]
)
def test_a_file_in_another_encoding_is_told_with_the_line(
    encoding: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("a: 1\nb: Übung\n", encoding=encoding)
    with pytest.raises(ValueError, match=rf"^file\.yaml:{line}: not UTF-8 text; save the file"):
        read_yaml(path)


def flow_levels(count: int, opening: str, closing: str) -> str:
    return "a: " + opening * count + closing * count


def laughs(levels: int) -> str:
    """Nine aliases of nine aliases of ... a list of nine."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghij"[:levels], "abcdefghi", strict=False):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines)


@pytest.fixture
def _own_memory_only() -> Iterator[None]:
    """The collector of garbage leaves alone what other tests left, which may take a second."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.faults
@pytest.mark.usefixtures("_own_memory_only")
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (laughs(9), "file.yaml:5: too many values; expected at most 12000"),
        (
            "a: &a " + "x" * 60_000 + "\nb: [" + "*a, " * 1200 + "]",
            "file.yaml:2: too many values; expected at most 12000",
        ),
        ("a: &a\n  b: *a\n", "file.yaml:2: the alias *a is inside what it stands for"),
        ("a: &a [*a]\n", "file.yaml:1: the alias *a is inside what it stands for"),
        ("a: [" + "1," * 32_000 + "]", "file.yaml:1: too many values"),
        ("\n".join(f"k{index}: 1" for index in range(7000)), "file.yaml:6000: too many values"),
        ("[" * 65_000, "file.yaml:1: nested too deeply; expected at most 20 levels"),
        ("{a: " * 16_000, "file.yaml:1: nested too deeply; expected at most 20 levels"),
        ("- " * 32_000, "file.yaml:1: nested too deeply; expected at most 20 levels"),
        (flow_levels(20, "[", "]"), "file.yaml:1: nested too deeply"),
        ("a: " + "x" * 262_144, "file.yaml cannot be read: it is too large; expected at most 256"),
        (
            "a: &a {x: 1}\n" + "\n".join(f"b{n}: &b{n}\n  <<: *a" for n in range(9)),
            "",
        ),
    ],
)
def test_a_file_that_unpacks_to_too_much_is_answered_within_a_second(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text)
    began = time.thread_time()
    if sentence:
        with pytest.raises(ValueError, match=r"^file\.yaml") as refusal:
            read_yaml(path)
        assert str(refusal.value).startswith(sentence)
    else:
        assert read_yaml(path).inner("b3").integer("x", 1, 1) == 1
    assert time.thread_time() - began < 1.0


def test_the_limits_leave_room_for_aliases_and_for_files_six_times_the_longest(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(laughs(2) + "\n" + flow_levels(19, "[", "]").replace("a:", "deep:"))
    assert len(read_yaml(path).texts("a")) == 9
    longest = (ROOT / "config" / "cues" / "en.yaml").read_text()
    indented = "".join(f"  {line}\n" for line in longest.splitlines())
    path.write_text("".join(f"part{index}:\n{indented}" for index in range(6)))
    began = time.thread_time()
    assert len(read_yaml(path).keys) == 6
    assert time.thread_time() - began < 1.0


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file.yaml")
    with pytest.raises(ValueError, match=r"^file\.yaml cannot be read: it is not a file"):
        read_yaml(tmp_path / "file.yaml")


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^none\.yaml cannot be read"):
        read_yaml(tmp_path / "none.yaml")
