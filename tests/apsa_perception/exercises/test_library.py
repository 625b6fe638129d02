"""Exercise files: those that ship, and what is said of broken ones."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from figures import library

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.definition import MovingSides
from apsa_perception.exercises.file import load_exercise
from apsa_perception.exercises.library import ExerciseLibrary

SQUAT = Path(__file__).resolve().parents[3] / "config" / "exercises" / "squat.yaml"


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
    assert promised <= set(library().names)


def test_one_sided_exercises_of_left_and_right_are_alike() -> None:
    exercises = library()
    for name in exercises.names:
        if name.endswith("_left"):
            left, right = exercises.get(name), exercises.get(name.removesuffix("left") + "right")
            assert left.primary.sides is MovingSides.LEFT
            assert right.primary.sides is MovingSides.RIGHT
            assert left.primary.target == right.primary.target
            assert all(not joint.name.startswith("RIGHT") for joint in left.joints)
            assert all(not joint.name.startswith("LEFT") for joint in right.joints)


def test_limits_begin_short_of_the_target_and_rest_within_reach() -> None:
    for exercise in library():
        motion = exercise.primary
        way = motion.sign * (motion.target - motion.rest_limit)
        assert way > 0
        assert exercise.measures[0] == motion.measure
        assert {rule.measure for rule in exercise.live_rules} <= set(exercise.measures)
        assert motion.min_excursion > 0.5 * MEASURES[motion.measure].typical_error


def test_unknown_exercise_lists_the_allowed_ones() -> None:
    with pytest.raises(ValueError, match=r"no exercise 'swat'; allowed are arm_lift, .*squat"):
        library().get("swat")


def test_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=str(tmp_path)):
        ExerciseLibrary.load(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": None}, "squat.yaml lacks the key 'title'"),
        ({"nmae": "squat"}, "squat.yaml has the unknown key 'nmae'; allowed are name, "),
        ({"name": "squad"}, "name is 'squad'; allowed is the name of the file, 'squat'"),
        ({"views": ["top"]}, "views is 'top'; allowed is one of frontal, oblique, side"),
        ({"joints": []}, "joints is .*; allowed is a list of pelvis, "),
        ({"joints": ["left_hip", "left_hip"]}, "joints is .*; allowed is each entry once"),
        ({"primary.measure": "knee"}, "primary: measure is 'knee'; allowed is one of knee_angle"),
        ({"primary.measure": "trunk_lean_forward"}, "primary: measure is .*allowed is one of knee"),
        ({"primary.target": 130}, "primary: target is 130; allowed is a value other than rest_lim"),
        ({"primary.target": "low"}, "primary: target is 'low'; allowed is a number from"),
        ({"primary.min_excursion": True}, "min_excursion is True; allowed is a number"),
        ({"primary.max_duration_s": 0.1}, "max_duration_s is 0.1; allowed is a number from 0.6"),
        ({"primary": 3}, "squat.yaml: primary is 3; allowed is a mapping"),
        ({"live_errors.0.code": "unspecified"}, r"live_errors\[0\]: code is 'unspecified'; allow"),
        ({"live_errors.2.above": None}, r"live_errors\[2\] needs either 'above' or 'below'"),
        ({"live_errors.2.above.mild": 40}, r"live_errors\[2\]: above is .*farther out the more"),
        ({"live_errors.2.above": {}}, r"above needs at least one of mild, moderate, severe"),
        ({"live_errors.2.phases": ["down"]}, "phases is 'down'; allowed is one of rest, outward"),
        ({"live_errors.2.colour": 1}, r"live_errors\[2\] has the unknown key 'colour'"),
        ({"repetition_errors.0.quantity": "speed"}, "quantity is 'speed'; allowed is one of peak"),
    ],
)
def test_broken_files_are_refused_with_file_key_and_allowed(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message) as refusal:
        load_exercise(broken(tmp_path, change))
    assert str(refusal.value).startswith("squat.yaml")
    assert "\n" not in str(refusal.value)


def test_depth_limit_on_the_wrong_side_is_refused(tmp_path: Path) -> None:
    change = {"repetition_errors.0.above": None, "repetition_errors.0.below": {"mild": 60}}
    with pytest.raises(ValueError, match=r"repetition_errors\[0\].*allowed is above"):
        load_exercise(broken(tmp_path, change))


@pytest.mark.parametrize("text", ["name: [", "\x00", "- a list\n"])
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
    with pytest.raises(ValueError, match=rf"^squat\.yaml.*line {line}\b"):
        load_exercise(path)
