"""Range limits relative to the person's own assessed range."""

from dataclasses import replace
from pathlib import Path

import pytest

from apsa_perception.assessment import offline
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.model.codes import ErrorCode, RequestError, RequestErrorCode, Side
from support.figures import Frames, repeat, squat
from support.runs import EXERCISES, assess


def squats(count: int, depth_deg: float) -> Frames:
    return repeat(lambda stamp, way: [squat(stamp, way, depth_deg=depth_deg)], count)


def with_ranges(frames: Frames, ranges: PersonalRanges) -> Run:
    return offline.assess(frames, "squat", EXERCISES, ranges=ranges)


def test_somebody_who_cannot_go_deeper_is_measured_by_themselves() -> None:
    assessed = assess(squats(3, 118.0), "squat")
    assert assessed.codes == [{ErrorCode.INSUFFICIENT_DEPTH}] * 3
    ranges = PersonalRanges().with_assessment(assessed.repetitions)
    assert with_ranges(squats(2, 118.0), ranges).codes == [set()] * 2
    shorter = with_ranges(squats(2, 131.0), ranges).codes
    assert shorter == [{ErrorCode.INSUFFICIENT_DEPTH}] * 2


def test_nobody_is_asked_for_more_than_the_exercise_asks() -> None:
    ranges = PersonalRanges().with_assessment(assess(squats(3, 55.0), "squat").repetitions)
    assert with_ranges(squats(2, 100.0), ranges).codes == [set()] * 2


def test_ranges_of_others_and_of_other_exercises_do_not_count() -> None:
    ranges = PersonalRanges({("lunge", Side.BOTH): 10.0, ("squat", Side.LEFT): 10.0})
    codes = with_ranges(squats(1, 118.0), ranges).codes
    assert codes == [{ErrorCode.INSUFFICIENT_DEPTH}]


def test_two_repetitions_are_no_assessment() -> None:
    repetitions = assess(squats(2, 90.0), "squat").repetitions
    with pytest.raises(RequestError, match="has 2 repetitions; at least 3") as refusal:
        PersonalRanges().with_assessment(repetitions)
    assert refusal.value.code is RequestErrorCode.TOO_FEW_REPETITIONS
    with pytest.raises(RequestError, match="has 0 repetitions"):
        PersonalRanges().with_assessment([])
    other = [replace(one, exercise="lunge") for one in repetitions]
    with pytest.raises(ValueError, match="at least 3"):
        PersonalRanges().with_assessment([*repetitions, repetitions[0], *other])


def test_ranges_are_kept_under_a_pseudonym(tmp_path: Path) -> None:
    ranges = PersonalRanges({("squat", Side.BOTH): 61.5, ("arm_raise", Side.LEFT): 80.0})
    assert ranges.save(tmp_path / "people", "P-017").name == "P-017.json"
    assert PersonalRanges.load(tmp_path / "people", "P-017") == ranges
    assert PersonalRanges.load(tmp_path / "people", "P-018") == PersonalRanges()


def test_a_folder_that_cannot_be_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert PersonalRanges.load(tmp_path / "file", "7") == PersonalRanges()
    sentence = r"file/people/7\.json cannot be written: Not a directory"
    with pytest.raises(RequestError, match=sentence) as refusal:
        PersonalRanges().save(tmp_path / "file" / "people", "7")
    assert refusal.value.code is RequestErrorCode.NOT_WRITTEN


@pytest.mark.parametrize("name", ["Anna", "Anna Smith", "../P1", "", "P-017.json", "anna1"])
def test_a_name_is_no_pseudonym(tmp_path: Path, name: str) -> None:
    with pytest.raises(RequestError, match=r"is not allowed as a person\. Use a code") as refusal:
        PersonalRanges().save(tmp_path, name)
    assert refusal.value.code is RequestErrorCode.INVALID_PERSON


@pytest.mark.parametrize("text", ["[]", "{", '{"squat": {"up": 3}}', '{"squat": {"both": -1}}'])
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "7.json").write_text(text)
    with pytest.raises(RequestError, match=r"7\.json") as refusal:
        PersonalRanges.load(tmp_path, "7")
    assert refusal.value.code is RequestErrorCode.NOT_READ
