"""One exercise file: what is refused, with its line and what is allowed."""

import random
import re
from pathlib import Path
from typing import Any

import pytest

from apsa_perception.exercises.file import load_exercise
from apsa_perception.model.codes import ExerciseSide, RequestError, RequestErrorCode
from support.exercise_files import SQUAT, broken
from support.figures import library


def test_without_a_family_an_exercise_is_its_own(tmp_path: Path) -> None:
    squat = load_exercise(broken(tmp_path, {}))
    assert (squat.family, squat.side) == ("squat", ExerciseSide.BOTH)
    assert library().get("shoulder_abduction").side is ExerciseSide.EITHER
    deep = load_exercise(broken(tmp_path, {"family": "deep_squat"}))
    assert deep.family == "deep_squat"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("0100", "the number 0100 is ambiguous because of its leading zero; write 100"),
        ("-0100", "the number -0100 is ambiguous because of its leading zero; write -100"),
        ("1:30", "the number 1:30 is not decimal; write 90"),
        ("1:30.5", "the number 1:30.5 is not decimal; write 90.5"),
        ("0x64", "the number 0x64 is not decimal; write 100"),
        ("0b110", "the number 0b110 is not decimal; write 6"),
        ("0o144", "primary.target is '0o144'; expected a number"),
        ("yes", "primary.target is True; expected a number"),
        ("off", "primary.target is False; expected a number"),
    ],
)
def test_numbers_are_what_they_look_like_or_are_refused_with_the_line(
    written: str, sentence: str, tmp_path: Path
) -> None:
    text = SQUAT.read_text()
    (line,) = [i for i, row in enumerate(text.splitlines(), 1) if "  target: " in row]
    path = tmp_path / "squat.yaml"
    path.write_text(re.sub(r"(  target: )\d+", rf"\g<1>{written}", text))
    with pytest.raises(ValueError, match=rf"^squat\.yaml:{line}: {re.escape(sentence)}"):
        load_exercise(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": None}, "squat.yaml:1: the key 'title' is missing"),
        ({"nmae": "squat"}, "unknown key 'nmae'; expected name, "),
        ({"name": "squad"}, "name is 'squad'; expected the name of the file, 'squat'"),
        ({"family": "Deep squat"}, "family is 'Deep squat'; expected small letters, digits"),
        ({"views": ["top"]}, "views is 'top'; expected one of frontal, oblique, side"),
        ({"joints": []}, "joints is .*; expected a list of pelvis, "),
        ({"joints": ["left_hip", "left_hip"]}, "joints is .*; expected each entry once"),
        (
            {"primary.measure": "knee"},
            r"primary.measure is 'knee'; did you mean knee_angle or .*\? Expected one of the "
            r"\d+ in docs/measures.md$",
        ),
        ({"joints": ["hip"]}, r"joints is 'hip'; did you mean left_hip or right_hip\?"),
        ({"primary.measure": "trunk_lean_forward"}, "primary.measure is .*expected one of knee"),
        ({"primary.target": 130}, "primary.target is 130; expected a value other than rest_lim"),
        ({"primary.rest_limit": 999}, "rest_limit is 999; expected a number from -180 to 180"),
        (
            {"primary.rest_limit": 2.27, "primary.target": 1.57},
            "primary.target is 1.57; expected degrees; this and rest_limit look like radians",
        ),
        ({"primary.target": "low"}, "primary.target is 'low'; expected a number from"),
        ({"primary.min_excursion": True}, "min_excursion is True; expected a number"),
        ({"primary.max_duration_s": 0.1}, "max_duration_s is 0.1; expected a number from 0.6"),
        ({"primary": 3}, "squat.yaml:107: primary is 3; expected a mapping"),
        ({"live_errors.0.code": "unspecified"}, r"live_errors\[0\]\.code is 'unspecified'; expect"),
        ({"live_errors.2.above": None}, r"live_errors\[2\] needs either 'above' or 'below'"),
        (
            {"live_errors.2.above.mild": 40},
            r"live_errors\[2\]\.above is .*limits farther out",
        ),
        ({"live_errors.2.above": {}}, r"above needs at least one of mild, moderate, severe"),
        ({"live_errors.2.phases": ["down"]}, "phases is 'down'; expected one of rest, outward"),
        ({"live_errors.2.colour": 1}, r"unknown key 'live_errors\[2\]\.colour'; expected code"),
        (
            {"live_errors.0.to_progress": 0.2},
            r"live_errors\[0\]\.to_progress is 0.2; expected a number from 0.5 to 1",
        ),
        ({"repetition_errors.0.quantity": "speed"}, "quantity is 'speed'; expected one of peak"),
    ],
)
def test_broken_files_are_refused_with_file_key_and_allowed(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(RequestError, match=message) as refusal:
        load_exercise(broken(tmp_path, change))
    assert str(refusal.value).startswith("squat.yaml")
    assert "\n" not in str(refusal.value)
    assert refusal.value.code is RequestErrorCode.EXERCISE_FILE


def test_the_choice_to_recognise_an_exercise_is_no_name_of_one(tmp_path: Path) -> None:
    path = tmp_path / "auto.yaml"
    path.write_text(SQUAT.read_text().replace("name: squat", "name: auto"))
    with pytest.raises(ValueError, match=r"^auto\.yaml is not allowed .*, but not auto$"):
        load_exercise(path)


def test_depth_limit_on_the_wrong_side_is_refused(tmp_path: Path) -> None:
    change = {"repetition_errors.0.above": None, "repetition_errors.0.below": {"mild": 60}}
    with pytest.raises(ValueError, match=r"repetition_errors\[0\] needs 'above': otherwise"):
        load_exercise(broken(tmp_path, change))


@pytest.mark.parametrize(
    "text", ["name: [", "\x00", "- a list\n", "", "a: " + "[" * 5000, "a: *nope", "&a [*a]"]
)
def test_files_that_are_no_mapping_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "squat.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"^squat\.yaml") as refusal:
        load_exercise(path)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        ("  target: 90", "  target: low", "  target: low"),
        ("  sides: both", "  sides: all", "  sides: all"),
        ("    hysteresis: 5", "    hysteresis: 5\n    colour: 1", "    colour: 1"),
        ("    hysteresis: 5\n", "", "  - code: trunk_lean_forward"),
        ("    above: {mild: 45,", "    above: {mild: 60,", "    above: {mild: 60,"),
        ("    above: {mild: 45,", "    over: {mild: 45,", "  - code: trunk_lean_forward"),
        ("title: Squat", "name: squat\ntitle: Squat", "name: squat\ntitle"),
        ("title: Squat", "title: [Squat", "description: "),
        ("title: Squat", "title: 2024-02-31", "title: 2024"),
        ("title: Squat", "title:", "title:"),
        ("title: Squat", "title: !!python/object/apply:os.system [ls]", "title: !!python"),
        ("  target: 90", "  target: 1" + 400 * "0", "  target: 1"),
        ("  target: 90", "  target: .nan", "  target: .nan"),
        ("  target: 90", "  target: 9_0_0_0", "  target: 9"),
        ("quantity: peak", "quantity: tempo", "    quantity: tempo"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, found: str
) -> None:
    text = SQUAT.read_text()
    assert right in text
    text = text.replace(right, wrong, 1)
    path = tmp_path / "squat.yaml"
    path.write_text(text)
    line = text[: text.index(found)].count("\n") + 1
    with pytest.raises(ValueError, match=rf"^squat\.yaml:{line}: "):
        load_exercise(path)


def test_files_with_any_slip_of_the_pen_are_read_or_refused_in_one_sentence(tmp_path: Path) -> None:
    draw = random.Random(4)
    wrong = [
        "",
        "~",
        "[]",
        "{}",
        "-1",
        ".nan",
        "1e999",
        "yes",
        "{mild: 1}",
        "[1]",
        "x",
        "'",
        "&a b",
    ]
    lines = SQUAT.read_text().split("\n")
    path = tmp_path / "squat.yaml"
    sentences = []
    for _ in range(60):
        own = list(lines)
        at = draw.randrange(len(own))
        slip = draw.randrange(5)
        if slip == 0:
            del own[at]
        elif slip == 1:
            own.insert(at, draw.choice(lines))
        elif slip == 2:
            own[at] = own[at].partition(":")[0] + ": " + draw.choice(wrong)
        elif slip == 3:
            own[at] = " " * draw.randrange(8) + own[at].strip()
        else:
            own = own[:at]
        path.write_text("\n".join(own))
        try:
            load_exercise(path)
        except ValueError as refusal:
            sentences.append(str(refusal))
    assert len(sentences) > 20
    for sentence in sentences:
        assert re.match(r"squat\.yaml(:\d+: |: the file is empty)", sentence)
        assert "\n" not in sentence


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            "hold:",
            "holds:",
            "the file needs either 'primary', whose repetitions are counted, or 'h",
        ),
        ("      to: 130", "      to: 50", "hold.position[0].to is 50; expected more than from, 60"),
        (
            "measure: knee_angle",
            "measure: knee",
            "position[0].measure is 'knee'; did you mean knee_angle",
        ),
        ("      to: 30 ", "      # ", "hold.position[1] needs 'from', 'to' or both"),
        (
            "      from: 60",
            "      from: 60\n      side: other",
            "a hold of both sides has no other",
        ),
        (
            "    raise_s: 1.0",
            "    raise_s: 1.0\n    phases: [peak]",
            "live_errors[0].phases'; expected",
        ),
        ("target_s: 30", "target_s: long", "hold.target_s is 'long'; expected a number from 0"),
        (
            "    measure: depth",
            "    measure: depth\n    side: held",
            "live_errors[0].side is 'held'; expected any",
        ),
        (
            "    measure: depth",
            "    measure: depth\n    side: left",
            "live_errors[0].side is 'left'; expected one of any, held",
        ),
    ],
)
def test_a_mistake_in_a_hold_is_one_sentence(
    right: str, wrong: str, sentence: str, tmp_path: Path
) -> None:
    text = (SQUAT.parent / "wall_sit.yaml").read_text()
    assert right in text
    path = tmp_path / "wall_sit.yaml"
    path.write_text(text.replace(right, wrong, 1))
    with pytest.raises(RequestError, match=re.escape(sentence)) as refusal:
        load_exercise(path)
    assert str(refusal.value).startswith("wall_sit.yaml:")
    assert "\n" not in str(refusal.value)
