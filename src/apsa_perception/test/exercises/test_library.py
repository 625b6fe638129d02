"""Exercise files: those that ship, and what is said of broken ones."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from apsa_perception.apsa.sides import family, side_of
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.file import load_exercise
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ExerciseKind, ExerciseSide, RequestError, RequestErrorCode
from support.figures import library
from support.paths import ROOT

ONE_SIDE = (ExerciseSide.LEFT, ExerciseSide.RIGHT)
SQUAT = ROOT / "config" / "exercises" / "squat.yaml"


def broken(folder: Path, change: dict[str, Any]) -> Path:
    """The squat with some keys set; a dotted key goes into a mapping or a list, None removes."""
    values = yaml.safe_load(SQUAT.read_text())
    for key, value in change.items():
        *path, last = [int(part) if part.isdigit() else part for part in key.split(".")]
        inner = values
        for part in path:
            inner = inner[part]
        if value is None:
            del inner[last]
        else:
            inner[last] = value
    path_of_file = folder / "squat.yaml"
    path_of_file.write_text(yaml.safe_dump(values))
    return path_of_file


def test_the_promised_exercises_are_there() -> None:
    one_sided = ("elbow_flexion", "shoulder_flexion", "shoulder_abduction", "side_tap")
    promised = {f"{name}_{side}" for name in one_sided for side in ("left", "right")}
    promised |= {"squat", "lunge", "arm_raise", "sit_to_stand", "shoulder_forward_elevation"}
    promised |= {"arm_lift", "trunk_tilt", "trunk_rotation", "pelvis_rotation"}
    promised |= {"hurdle_step", "inline_lunge", "side_lunge", "straight_leg_raise"}
    promised |= {f"shoulder_{name}" for name in ("abduction", "extension", "rotation", "scaption")}
    promised |= {"biceps_curl", "plank", "bridge", "heel_raise", "march"}
    promised |= {"push_up", "knee_push_up", "wall_push_up", "sit_up", "hip_hinge", "row"}
    promised |= {"shoulder_press", "jumping_jack", "high_knees", "mountain_climber", "bird_dog"}
    promised |= {"step_up", "standing_hip_abduction", "heel_slide"}
    promised |= {f"single_leg_squat_{side}" for side in ("left", "right")}
    promised |= {"seated_knee_extension", "seated_march"}
    holds = {"plank", "wall_sit", "bridge_hold", "single_leg_stance", "tandem_stance"}
    holds |= {"hamstring_stretch", "side_plank"}
    assert promised | holds <= set(library().names)
    assert {one.name for one in library() if one.kind is ExerciseKind.HOLD} == holds


def test_exercises_of_one_family_for_left_and_right_are_alike() -> None:
    one_sided = {(one.family, one.side): one for one in library() if one.family != one.name}
    names = {name for name, _ in one_sided}
    assert names == {"elbow_flexion", "shoulder_abduction", "shoulder_flexion", "side_tap"}
    for name in names:
        left, right = (one_sided[name, side] for side in ONE_SIDE)
        assert left.primary.target == right.primary.target
        assert all(not joint.name.startswith("RIGHT") for joint in left.joints)
        assert all(not joint.name.startswith("LEFT") for joint in right.joints)


def test_family_and_side_are_those_that_the_network_assumes() -> None:
    for exercise in library():
        assert family(exercise.name) == exercise.family
        if exercise.family != exercise.name:
            assert side_of(exercise.name).name == exercise.side.name


def test_without_a_family_an_exercise_is_its_own(tmp_path: Path) -> None:
    squat = load_exercise(broken(tmp_path, {}))
    assert (squat.family, squat.side) == ("squat", ExerciseSide.BOTH)
    assert library().get("shoulder_abduction").side is ExerciseSide.EITHER
    deep = load_exercise(broken(tmp_path, {"family": "deep_squat"}))
    assert deep.family == "deep_squat"


def test_limits_begin_short_of_the_target_and_rest_within_reach() -> None:
    for exercise in library():
        if exercise.hold is not None:
            continue
        motion = exercise.primary
        way = motion.sign * (motion.target - motion.rest_limit)
        assert way > 0
        assert exercise.measures[0] == motion.measure
        assert {rule.measure for rule in exercise.live_rules} <= set(exercise.measures)
        assert motion.min_excursion > 0.5 * MEASURES[motion.measure].typical_error


def test_a_mistake_names_the_folder_and_what_an_editor_left_is_not_read(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / ".nod.yaml").touch()
    assert "squat" in ExerciseLibrary.load(SQUAT.parent, own).names
    (own / "nod.yaml").touch()
    library = ExerciseLibrary.load(SQUAT.parent, own)
    assert "squat" in library.names
    sentence = rf"nod\.yaml: the file is empty.* \(in {own}\)$"
    (problem,) = library.problems
    assert re.search(sentence, problem)
    with pytest.raises(ValueError, match=sentence):
        library.get("nod")


@pytest.mark.faults
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Wall_squat.yaml", "Wall_squat.yaml is not allowed as the name of an exercise file"),
        ("WALL.YML", "WALL.YML is not allowed as the name of an exercise file"),
        ("wall squat.yaml", "wall squat.yaml is not allowed as the name of an exercise file"),
        ("deep.yaml", "name is 'squat'; expected the name of the file, 'deep'"),
    ],
)
def test_an_own_file_with_another_name_is_left_out_with_a_sentence(
    name: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(SQUAT.read_text())
    library = ExerciseLibrary.load(SQUAT.parent, tmp_path)
    (problem,) = library.problems
    assert sentence in problem
    assert library.get("squat").name == "squat"


def test_a_dangling_link_is_left_out_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "deep.yaml").symlink_to(tmp_path / "nowhere")
    (problem,) = ExerciseLibrary.load(SQUAT.parent, tmp_path).problems
    assert "deep.yaml cannot be read: No such file" in problem


def test_both_suffixes_are_read_and_one_name_with_both_is_refused(tmp_path: Path) -> None:
    text = SQUAT.read_text().replace("name: squat", "name: deep")
    (tmp_path / "deep.yml").write_text(text)
    library = ExerciseLibrary.load(SQUAT.parent, tmp_path)
    assert library.get("deep").name == "deep"
    (tmp_path / "deep.yaml").write_text(text)
    sentence = r"'deep' is defined twice: in .*deep\.yaml and in .*deep\.yml"
    with pytest.raises(ValueError, match=sentence):
        library.get("deep")
    with pytest.raises(ValueError, match=sentence):
        ExerciseLibrary.load(SQUAT.parent, tmp_path)


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


def test_unknown_exercise_lists_the_allowed_ones() -> None:
    sentence = r"no exercise 'swat'; expected one of arm_lift, .*squat"
    with pytest.raises(RequestError, match=sentence) as refusal:
        library().get("swat")
    assert refusal.value.code is RequestErrorCode.UNKNOWN_EXERCISE


def test_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=str(tmp_path)):
        ExerciseLibrary.load(tmp_path)


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
        ({"primary.measure": "knee"}, "primary.measure is 'knee'; expected one of knee_angle"),
        ({"primary.measure": "trunk_lean_forward"}, "primary.measure is .*expected one of knee"),
        ({"primary.target": 130}, "primary.target is 130; expected a value other than rest_lim"),
        ({"primary.rest_limit": 999}, "rest_limit is 999; expected a number from -180 to 180"),
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


def test_what_is_new_or_edited_is_read_when_it_is_chosen(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    shipped.mkdir()
    text = SQUAT.read_text()
    (shipped / "squat.yaml").write_text(text)
    exercises = ExerciseLibrary.load(shipped, own)
    assert exercises.names == ("squat",)
    own.mkdir()
    deep = own / "deep.yaml"
    deep.write_text(text.replace("name: squat", "name: deep").replace("target: 90", "target: 80"))
    assert exercises.names == ("deep", "squat")
    assert exercises.get("deep").primary.target == 80.0
    deep.write_text(deep.read_text().replace("target: 80", "target: 70 # edited"))
    assert exercises.get("deep").primary.target == 70.0
    deep.write_text("name: [")
    with pytest.raises(ValueError, match=r"deep\.yaml"):
        exercises.get("deep")
    last = exercises.known("deep")
    assert last is not None
    assert last.primary.target == 70.0
    assert [one.name for one in exercises] == ["deep", "squat"]


def test_an_exercise_is_found_by_what_people_call_it_and_keeps_its_name(tmp_path: Path) -> None:
    for alias, name in (("glute_bridge", "bridge"), ("deadlift", "hip_hinge")):
        assert library().get(alias).name == name
        assert alias not in library().names
    with pytest.raises(ValueError, match="aliases is 'Deep squat'; expected a list of names"):
        load_exercise(broken(tmp_path, {"aliases": "Deep squat"}))


@pytest.mark.parametrize(
    ("called", "alike"),
    [
        ("crunch", "sit_up"),
        ("calf raises", "heel_raise"),
        ("Chair stand", "sit_to_stand"),
        ("lateral-raise", "arm_raise or shoulder_abduction"),
        ("Kreuzheben", "hip_hinge"),
        ("Seitheben", "arm_raise or shoulder_abduction"),
        ("elevación lateral de pierna", "standing_hip_abduction"),
        ("卷腹", "sit_up"),
        ("Heel raise", "heel_raise"),
    ],
)
def test_what_people_call_an_exercise_is_suggested(called: str, alike: str) -> None:
    with pytest.raises(RequestError, match=re.escape(f"no exercise {called!r}")) as refused:
        library().get(called)
    assert f"; did you mean {alike}? Expected one of arm_lift, " in str(refused.value)
    assert refused.value.code is RequestErrorCode.UNKNOWN_EXERCISE


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("calf_raise", "heel_raise"),
        ("chair_stand", "sit_to_stand"),
        ("side_leg_raise", "standing_hip_abduction"),
        ("bicep_curl", "biceps_curl"),
    ],
)
def test_an_exercise_is_chosen_by_its_usual_name(alias: str, name: str) -> None:
    assert library().get(alias).name == name


def test_one_name_in_two_folders_is_refused(tmp_path: Path) -> None:
    for folder in ("shipped", "own"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "squat.yaml").write_text(SQUAT.read_text())
    with pytest.raises(ValueError, match=r"'squat' is defined twice: in .*shipped and in .*own"):
        ExerciseLibrary.load(tmp_path / "shipped", tmp_path / "own")


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            "hold:",
            "holds:",
            "the file needs either 'primary', whose repetitions are counted, or 'h",
        ),
        ("      to: 130", "      to: 50", "hold.position[0].to is 50; expected more than from, 60"),
        ("measure: knee_angle", "measure: knee", "position[0].measure is 'knee'; expected one of"),
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
