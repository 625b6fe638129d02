"""Programme files: what they become, and one sentence with the line for each mistake."""

from pathlib import Path

import pytest

from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.programmes.library import ProgrammeLibrary
from support.figures import library
from support.paths import ROOT

EXERCISES = library()
HEAD = "name: mine\ntitle: Mine\ndescription: For a test.\nrest: 20\n"


def loaded(folder: Path, exercises: str, head: str = HEAD) -> ProgrammeLibrary:
    (folder / "mine.yaml").write_text(f"{head}exercises:\n{exercises}")
    return ProgrammeLibrary(EXERCISES, ROOT / "config" / "programmes", folder)


def test_the_shipped_programmes_are_those_of_the_published_tests_and_three_rounds() -> None:
    programmes = ProgrammeLibrary(EXERCISES, ROOT / "config" / "programmes")
    assert programmes.problems == ()
    assert set(programmes.titles()) == {
        "knee", "shoulder", "home_fitness", "five_times_sit_to_stand", "chair_stand_30_s",
    }  # fmt: skip
    (five,) = programmes.get("five_times_sit_to_stand").sets
    assert (five.exercise, five.repetitions, five.seconds) == ("sit_to_stand", 5, 0.0)
    assert [each.title for each in programmes.get("knee").sets if each.side] == [
        "Seated knee extension, right side",
        "Seated knee extension, left side",
    ]
    (chair,) = programmes.get("chair_stand_30_s").sets
    assert (chair.repetitions, chair.seconds, chair.count_unfinished) == (0, 30.0, True)


def test_each_set_is_done_for_both_sides_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "  - {exercise: elbow_flexion, sides: [right, left], sets: 2, repetitions: 8, rest: 5}\n"
    sets = loaded(tmp_path, text + "  - {exercise: squat, seconds: 30}\n").get("mine").sets
    assert [(each.exercise, each.set_number, each.set_count) for each in sets] == [
        ("elbow_flexion_right", 1, 2),
        ("elbow_flexion_left", 1, 2),
        ("elbow_flexion_right", 2, 2),
        ("elbow_flexion_left", 2, 2),
        ("squat", 1, 1),
    ]
    assert [each.rest_s for each in sets] == [5.0, 5.0, 5.0, 5.0, 20.0]
    assert [each.exercise_number for each in sets] == [1, 1, 1, 1, 2]


def test_a_set_asks_for_one_side_of_an_exercise_of_either_side(tmp_path: Path) -> None:
    text = "  - {exercise: leg_extension, sides: [right, left], sets: 2, repetitions: 8}\n"
    sets = loaded(tmp_path, text + "  - {exercise: heel_slide, repetitions: 5}\n").get("mine").sets
    assert {each.exercise for each in sets[:4]} == {"seated_knee_extension"}
    assert [(each.side, each.set_number) for each in sets] == [
        ("right", 1), ("left", 1), ("right", 2), ("left", 2), ("", 1),
    ]  # fmt: skip
    assert [each.title for each in sets[1:2]] == ["Seated knee extension, left side"]


def test_files_of_the_sides_go_before_a_side_of_an_exercise(tmp_path: Path) -> None:
    text = "  - {exercise: shoulder_abduction, sides: [left], repetitions: 8}\n"
    (only,) = loaded(tmp_path, text).get("mine").sets
    assert (only.exercise, only.side) == ("shoulder_abduction_left", "")


def test_a_programme_has_its_own_limit_of_pain_or_that_of_the_parameter(tmp_path: Path) -> None:
    squats = "  - {exercise: squat, repetitions: 8}\n"
    assert loaded(tmp_path, squats).get("mine").pain_limit is None
    assert loaded(tmp_path, squats, HEAD + "pain_limit: 4\n").get("mine").pain_limit == 4
    with pytest.raises(RequestError, match=r"mine\.yaml:5: pain_limit is 11"):
        loaded(tmp_path, squats, HEAD + "pain_limit: 11\n").get("mine")


def test_an_edited_file_is_read_when_its_programme_is_requested(tmp_path: Path) -> None:
    programmes = loaded(tmp_path, "  - {exercise: squat, repetitions: 8}\n")
    before = programmes.get("mine")
    loaded(tmp_path, "  - {exercise: lunge, repetitions: 8}\n")
    assert before.sets[0].exercise == "squat"
    assert programmes.get("mine").sets[0].exercise == "lunge"


@pytest.mark.parametrize(
    ("exercises", "sentence"),
    [
        ("  - {exercise: sqat, repetitions: 8}\n", "mine.yaml:6: exercises[0].exercise is 'sqat'"),
        ("  - exercise: squat\n", "mine.yaml:6: exercises[0] needs 'repetitions' or 'seconds'"),
        ("  - exercise: squat\n    repetitions: 0\n", "mine.yaml:7: exercises[0].repetitions is 0"),
        ("  - exercise: squat\n    repetitons: 8\n", "needs 'repetitions' or 'seconds'"),
        ("  - exercise: squat\n    seconds: 9\n    set: 2\n", "mine.yaml:8: unknown key"),
        ("  - exercise: squat\n    seconds: 9\n    tempo: slow\n", "expected seconds out, hold"),
        (
            "  - exercise: squat\n    seconds: 9\n    target: 20\n",
            "mine.yaml:8: exercises[0].target",
        ),
        (
            "  - exercise: squat\n    seconds: 9\n    sides: [left]\n",
            "mine.yaml:8: exercises[0].sides needs an exercise that one side can do, and 'squat' "
            "is for both; expected one of arm_raise, biceps_curl,",
        ),
        (
            "  - exercise: wall_sit\n    seconds: 9\n    sides: [left]\n",
            "mine.yaml:8: exercises[0].sides needs an exercise that one side can do",
        ),
        (
            "  - exercise: sqat\n    seconds: 9\n    sides: [left]\n",
            "mine.yaml:6: exercises[0].exercise is 'sqat'",
        ),
        (
            "  - exercise: squat\n    seconds: 9\n    stop_at: {speed_loss: 2}\n",
            "a number from 0.05",
        ),
        (
            "  - exercise: squat\n    repetitions: 9\n    count_unfinished: true\n",
            "needs 'seconds'",
        ),
        (
            "  - exercise: wall_sit\n    repetitions: 2\n",
            "mine.yaml:7: exercises[0].repetitions needs an exercise with repetitions",
        ),
        ("  []\n", "'exercises' needs a list of at least one"),
        ("".join(["  - {exercise: squat, sets: 20, repetitions: 8}\n"] * 6), "at most 100"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line(
    tmp_path: Path, exercises: str, sentence: str
) -> None:
    programmes = loaded(tmp_path, exercises)
    with pytest.raises(RequestError) as refused:
        programmes.get("mine")
    assert refused.value.code is RequestErrorCode.PROGRAMME_FILE
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert programmes.problems == (f"an own programme cannot be used: {refused.value}",)
    assert programmes.mistakes == {"mine": str(refused.value)}
    assert "mine" not in programmes.titles()


def test_an_unknown_programme_is_refused_with_the_names_of_the_others(tmp_path: Path) -> None:
    programmes = loaded(tmp_path, "  - {exercise: squat, repetitions: 8}\n")
    with pytest.raises(
        RequestError, match=r"no programme 'kne'; did you mean .*knee.*\? Expected one of "
    ) as refused:
        programmes.get("kne")
    assert refused.value.code is RequestErrorCode.UNKNOWN_PROGRAMME


def test_a_programme_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "knee.yaml").write_text((ROOT / "config/programmes/knee.yaml").read_text())
    programmes = ProgrammeLibrary(EXERCISES, ROOT / "config" / "programmes", tmp_path)
    with pytest.raises(RequestError, match="is defined twice"):
        programmes.get("knee")
    assert "is defined twice" in programmes.mistakes["knee"]


def test_a_file_with_another_name_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "My week.yaml").write_text("name: week\n")
    programmes = ProgrammeLibrary(EXERCISES, ROOT / "config" / "programmes", tmp_path)
    assert "My week.yaml is not allowed as the name" in programmes.mistakes["My week"]
    (problem,) = programmes.problems
    assert "My week.yaml is not allowed as the name" in problem
