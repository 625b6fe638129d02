"""Pain and effort after a set: asked, answered, kept, and the stop rule for pain."""

from dataclasses import replace

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import RatingState, RequestError, SessionEvent, SessionState
from apsa_perception.model.results import SetRating
from apsa_perception.programmes.definition import PlannedSet, Programme
from support.figures import repeat, squat
from support.runs import assessor

SQUATS = PlannedSet("squat", "Squat", 1, 1, 2, repetitions=1, rest_s=60.0)
PROGRAMME = Programme("mine", "Mine", "", (SQUATS, replace(SQUATS, set_number=2)))


def resting(programme: Programme = PROGRAMME, **settings: bool) -> Assessor:
    """A person in the rest after the first set."""
    one = assessor(AssessmentSettings(**settings))
    one.start_programme(programme)
    run = Run()
    for stamp, skeletons in repeat(lambda stamp, way: [squat(stamp, way)], 2):
        run.add(one.update(stamp, skeletons))
    assert one.status.state is SessionState.RESTING
    return one


def test_the_end_of_a_set_asks_and_an_answer_ends_the_question() -> None:
    one = resting()
    asked = one.status.rating
    assert (asked.session_id, asked.state) == (one.status.session_id, RatingState.ASKED)
    status = one.rate_set(SetRating(pain=2, effort=4.5, note="stiff"))
    assert status.rating == SetRating(asked.session_id, RatingState.ANSWERED, 2, 4.5, "stiff")
    assert (status.event, status.state) == (SessionEvent.SET_RATED, SessionState.RESTING)
    assert one.stop().rating == status.rating  # of the same set, which is not asked about again


def test_nobody_is_asked_about_the_set_of_another_person() -> None:
    one = resting()
    asked = one.stop().rating
    one.change_person(PersonalRanges())
    assert one.status.rating == asked  # who did the set can still answer
    assert one.start("squat").rating == SetRating()
    with pytest.raises(RequestError, match="none has ended yet"):
        one.rate_set(SetRating(pain=2))
    assert one.stop().rating == SetRating()  # nothing was done


@pytest.mark.faults
def test_nobody_is_asked_about_the_set_of_another_person_after_a_crash() -> None:
    one = resting()
    asked = one.stop().rating
    one.change_person(PersonalRanges())
    other = assessor()
    other.resume(SavedSession.from_json(one.saved().to_json()))
    assert other.status.rating == asked  # who did the set can still answer
    assert other.start("squat").rating == SetRating()


def test_questions_can_be_skipped_and_switched_off() -> None:
    one = resting()
    assert one.rate_set(SetRating()).rating.state is RatingState.SKIPPED
    silent = resting(ask_ratings=False)
    assert silent.status.rating.state is RatingState.NONE
    assert silent.rate_set(SetRating(pain=1)).rating.state is RatingState.ANSWERED
    nothing_done = assessor()
    nothing_done.start("squat")
    assert nothing_done.stop().rating == SetRating()


@pytest.mark.parametrize(("limit", "pain", "stops"), [(None, 6, True), (None, 5, False),
                                                      (3, 3, True), (0, 10, False)])  # fmt: skip
def test_pain_at_the_limit_pauses_the_programme(limit: int | None, pain: int, stops: bool) -> None:
    one = resting(replace(PROGRAMME, pain_limit=limit))
    status = one.rate_set(SetRating(pain=pain))
    assert status.state is (SessionState.PAUSED if stops else SessionState.RESTING)
    assert (status.event is SessionEvent.PAIN_LIMIT) == stops
    assert (f"pain {pain} of 10 reaches the limit" in status.message) == stops
    assert one.start().state is SessionState.RESTING  # it can go on, at the same place


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_set_without_a_rest_after_it_is_rated_during_the_next_one(by_hand: bool) -> None:
    if by_hand:
        one = resting()
        one.stop()
        one.start("squat")
    else:
        no_rest = replace(SQUATS, rest_s=0.0)
        one = assessor()
        one.start_programme(
            replace(PROGRAMME, sets=(no_rest, replace(no_rest, set_number=2, repetitions=5)))
        )
    frames = repeat(lambda stamp, way: [squat(stamp, way)], 4)
    late = 0 if not by_hand else one.status.stamp_ns
    for stamp, skeletons in frames[: len(frames) * 3 // 4]:
        one.update(stamp + late, skeletons)
    asked = one.status
    assert asked.state is SessionState.RUNNING
    assert asked.rating.state is RatingState.ASKED
    assert asked.rating.session_id not in ("", asked.session_id)
    status = one.rate_set(SetRating(asked.rating.session_id, pain=7))
    assert (status.state, status.event) == (SessionState.PAUSED, SessionEvent.PAIN_LIMIT)
    assert status.repetitions == asked.repetitions > 0


def test_pain_after_the_end_is_answered_with_the_sentence_only() -> None:
    one = resting()
    one.stop()
    status = one.rate_set(SetRating(pain=9))
    assert (status.state, status.event) == (SessionState.CLOSED, SessionEvent.PAIN_LIMIT)
    assert status.message == "pain 9 of 10 reaches the limit of 6: stop exercising"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (SetRating(pain=11), "pain is 11; expected 0 to 10"),
        (SetRating(effort=float("nan")), "effort is nan; expected 0 to 10"),
        (SetRating(note="x" * 201), "the note has 201 characters; expected up to 200"),
        (SetRating("another", pain=1), "expected the last one that ended"),
    ],
)
def test_an_answer_that_is_none_changes_nothing(answer: SetRating, why: str) -> None:
    one = resting()
    before = one.status
    with pytest.raises(RequestError, match=why):
        one.rate_set(answer)
    assert one.status == before
    with pytest.raises(RequestError, match="none has ended yet"):
        assessor().rate_set(SetRating(pain=1))


@pytest.mark.faults
def test_question_and_answer_survive_a_crash() -> None:
    one = resting(replace(PROGRAMME, pain_limit=4))
    for answer in (None, SetRating(pain=3)):
        if answer is not None:
            one.rate_set(answer)
        other = assessor()
        other.resume(SavedSession.from_json(one.saved().to_json()))
        assert other.status.rating == one.status.rating
    status = other.rate_set(SetRating(pain=4))
    assert (status.rating.pain, status.state) == (4, SessionState.PAUSED)
