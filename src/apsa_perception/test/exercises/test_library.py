"""The library: exercises that ship, those of the user, and by which names they are found."""

import re
from pathlib import Path

import pytest

from apsa_perception.apsa.sides import family, side_of
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.file import load_exercise
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ExerciseKind, ExerciseSide, RequestError, RequestErrorCode
from support.exercise_files import SQUAT, broken
from support.figures import library

ONE_SIDE = (ExerciseSide.LEFT, ExerciseSide.RIGHT)


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
    holds |= {"hamstring_stretch", "quadriceps_stretch", "calf_stretch", "side_stretch"}
    holds |= {"side_plank"}
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


def test_mistakes_are_those_of_the_files_as_they_are_now(tmp_path: Path) -> None:
    library = ExerciseLibrary.load(SQUAT.parent, tmp_path)
    assert library.mistakes == {}
    text = SQUAT.read_text()
    (tmp_path / "deep.yaml").write_text(text.replace("name: squat", "name: deep"))
    assert library.get("deep").name == "deep"
    assert library.mistakes == {}
    (tmp_path / "deep.yaml").write_text("name: deep\n")  # known, but it cannot be chosen any more
    (tmp_path / "Deep squat.yaml").write_text(text)
    (tmp_path / "lunge.yaml").write_text(text)
    found = library.mistakes
    assert [*found] == ["Deep squat", "deep", "lunge"]
    assert "is not allowed as the name of an exercise file" in found["Deep squat"]
    assert found["deep"].startswith("deep.yaml:1: ")
    assert "'lunge' is defined twice" in found["lunge"]
    (tmp_path / "deep.yaml").write_text(text.replace("name: squat", "name: deep"))
    assert "deep" not in library.mistakes


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


def test_unknown_exercise_lists_the_allowed_ones() -> None:
    sentence = r"no exercise 'swat'; expected one of arm_lift, .*squat"
    with pytest.raises(RequestError, match=sentence) as refusal:
        library().get("swat")
    assert refusal.value.code is RequestErrorCode.UNKNOWN_EXERCISE


def test_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=str(tmp_path)):
        ExerciseLibrary.load(tmp_path)


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
