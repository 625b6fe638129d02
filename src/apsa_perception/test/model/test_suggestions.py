"""What a name that does not exist may mean."""

import pytest

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.suggestions import alike, expectation
from apsa_perception.programmes.library import ProgrammeLibrary
from support.paths import ROOT

EXERCISES = ExerciseLibrary.load(ROOT / "config" / "exercises")
PROGRAMMES = ProgrammeLibrary(EXERCISES, ROOT / "config" / "programmes")
MEASURES = ("knee_angle", "knee_valgus", "hip_angle", "trunk_lean_forward")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("knee angles", ("knee_angle",)),  # written in another way
        ("hip_angel", ("hip_angle",)),  # misspelt
        ("lean", ("trunk_lean_forward",)),  # a word of it
        ("knee", ("knee_angle", "knee_valgus")),
        ("elbow", ()),
        ("", ()),
        ("深蹲", ()),
    ],
)
def test_names_like_another_one_are_found(wanted: str, expected: tuple[str, ...]) -> None:
    assert alike(wanted, dict.fromkeys(MEASURES, ())) == expected


def test_a_long_list_is_left_to_the_page_that_has_it() -> None:
    assert expectation("knee", MEASURES, "docs/measures.md") == (
        "did you mean knee_angle or knee_valgus? Expected one of the 4 in docs/measures.md"
    )
    assert expectation(3, MEASURES[:2]) == "expected one of knee_angle, knee_valgus"


@pytest.mark.parametrize(
    ("names", "wanted", "meant"),
    [
        (EXERCISES, "sqat", "squat"),
        (EXERCISES, "crunch", "sit_up"),
        (PROGRAMMES, "knees", "knee"),
        (PROGRAMMES, "Home fitness", "home_fitness"),
    ],
)
def test_exercises_and_programmes_are_suggested(
    names: ExerciseLibrary | ProgrammeLibrary, wanted: str, meant: str
) -> None:
    with pytest.raises(ValueError, match=f"{wanted}'; did you mean {meant}\\? Expected one of"):
        names.get(wanted)
