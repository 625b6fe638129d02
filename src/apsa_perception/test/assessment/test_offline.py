"""The loop from frames to results."""

from collections.abc import Iterator

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import (
    Frame,
    assess,
    assessed_ranges,
    stream,
)
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import ErrorCode, Grade, RequestError, Side
from apsa_perception.model.results import RepetitionResult, SessionStatus
from support.figures import repeat, squat
from support.runs import EXERCISES

SHALLOW = repeat(lambda stamp, way: [squat(stamp, way, depth_deg=118.0)], 3)


def test_results_equal_those_of_an_assessor_frame_by_frame() -> None:
    one = Assessor(EXERCISES, AssessmentSettings(), None)
    one.start("squat")
    expected = [result for stamp, people in SHALLOW for result in one.update(stamp, people)]
    run = assess(SHALLOW, "squat", EXERCISES)
    assert [type(one) for one in run.results] == [type(one) for one in expected]
    assert run.repetitions == [one for one in expected if isinstance(one, RepetitionResult)]
    assert run.statuses == [one for one in expected if isinstance(one, SessionStatus)]


def test_results_are_sorted_by_kind() -> None:
    run = assess(SHALLOW, "squat", EXERCISES)
    assert [one.index for one in run.repetitions] == [1, 2, 3]
    assert len(run.qualities) == len(run.verdicts) == len(run.statuses) - 1 == 3
    assert len(run.live) == len(SHALLOW)
    assert run.codes == [{ErrorCode.INSUFFICIENT_DEPTH}] * 3
    assert run.live_codes == set()


def test_a_stream_takes_frames_only_as_results_are_asked_for() -> None:
    taken = []

    def frames() -> Iterator[Frame]:
        for frame in SHALLOW:
            taken.append(frame)
            yield frame

    results = stream(frames(), "squat", EXERCISES)
    assert taken == []
    next(results)
    assert len(taken) == 1


def test_settings_and_ranges_are_used() -> None:
    ranges = assessed_ranges(SHALLOW, "squat", EXERCISES, PersonalRanges())
    assert ("squat", Side.BOTH) in ranges.excursions
    assert assess(SHALLOW, "squat", EXERCISES, ranges=ranges).codes == [set()] * 3
    strict = AssessmentSettings(min_frames=1000)
    run = assess(SHALLOW, "squat", EXERCISES, settings=strict)
    assert {one.grade for one in run.qualities} == {Grade.NOT_JUDGED}


def test_an_unknown_exercise_is_refused_before_the_first_frame() -> None:
    with pytest.raises(RequestError, match="no exercise 'swim'"):
        stream(SHALLOW, "swim", EXERCISES)
