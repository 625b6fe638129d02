"""Who is judged when several people are in view."""

from dataclasses import replace

import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run, play
from apsa_perception.assessment.subject_chooser import Selection
from apsa_perception.model.codes import RequestError, RequestErrorCode, SessionEvent
from apsa_perception.model.skeleton import Skeleton
from support.figures import PERIOD_NS, SECOND_NS, Frames, figure, repeat, squat
from support.runs import assessor

PATIENT, THERAPIST = 3, 7


def pair(stamp: int, way: float) -> list[Skeleton]:
    """The therapist is nearer, stands in the middle and shows other squats."""
    therapist = squat(stamp, 1.0 - way, body_id=THERAPIST, size=1.5)
    return [therapist, squat(stamp, way, body_id=PATIENT, offset_px=180)]


def without(frames: Frames, body_id: int, since_s: float, until_s: float = 1e9) -> Frames:
    """The frames, in which somebody is missing for a while."""
    return [
        (
            stamp,
            [
                one
                for one in people
                if one.body_id != body_id or not since_s <= stamp / SECOND_NS < until_s
            ],
        )
        for stamp, people in frames
    ]


def selected(frames: Frames, selection: Selection | None) -> Run:
    """Process the frames; the selection is made after the second of them."""
    one = assessor()
    one.start("squat")
    run = Run()
    run.add(play(one, frames[:2]))
    if selection is not None:
        one.select_person(selection)
    run.add(play(one, frames[2:]))
    return run


def judged(run: Run) -> list[tuple[object, ...]]:
    """What the repetitions were, apart from the number of the person."""
    return [
        (each.index, each.start_ns, each.end_ns, each.rest_value, each.peak_value)
        for each in run.repetitions
    ]


def started(frames: Frames) -> Assessor:
    one = assessor()
    one.start("squat")
    list(play(one, frames))
    return one


@pytest.mark.parametrize("selection", [Selection(body_id=PATIENT), Selection(point=(500.0, 200.0))])
def test_the_selected_person_is_judged_as_if_alone(selection: Selection) -> None:
    frames = repeat(pair, 3)
    alone = selected([(stamp, people[1:]) for stamp, people in frames], None)
    beside = selected(frames, selection)
    assert len(alone.repetitions) == 3
    assert judged(beside) == judged(alone)
    assert {one.body_id for one in beside.repetitions} == {PATIENT}
    assert [each.codes for each in (alone, beside)] == [alone.codes] * 2
    assert {one.body_id for one in selected(frames, None).live} == {THERAPIST}


def test_nobody_else_is_judged_while_the_selected_person_is_away() -> None:
    frames = without(repeat(pair, 5), PATIENT, 5.0, 30.0)
    run = selected(frames, Selection(body_id=PATIENT))
    assert {one.body_id for one in run.live[2:]} == {0, PATIENT}
    frames = without(repeat(pair, 5), PATIENT, 5.0, 8.0)
    run = selected(frames, Selection(body_id=PATIENT))
    assert run.live[-1].body_id == PATIENT
    assert {one.body_id for one in run.repetitions} == {PATIENT}


@pytest.mark.parametrize(("back_s", "expected"), [(9.0, {0, PATIENT}), (99.0, {0, PATIENT, 7})])
def test_a_bystander_is_not_chosen_until_the_exerciser_is_away_for_long(
    back_s: float, expected: set[int]
) -> None:
    def people(stamp: int, way: float) -> list[Skeleton]:
        return [
            squat(stamp, way, body_id=PATIENT),
            figure(stamp, body_id=THERAPIST, offset_px=200.0),
        ]

    frames = without(repeat(people, 7), PATIENT, 5.0, back_s)
    assert {one.body_id for one in selected(frames, None).live} == expected


def test_somebody_who_comes_after_the_exerciser_has_left_is_chosen() -> None:
    def people(stamp: int, way: float) -> list[Skeleton]:
        return [squat(stamp, way, body_id=1 + (stamp > 7 * SECOND_NS))]

    frames = without(repeat(people, 5), 1, 5.0)
    assert [one.body_id for one in selected(frames, None).repetitions] == [1, 2, 2, 2]


def test_a_selection_is_published_and_taken_back() -> None:
    one = started(repeat(pair, 1))
    status = one.select_person(Selection(body_id=PATIENT))
    assert (status.event, status.selected_body_id) == (SessionEvent.PERSON_SELECTED, PATIENT)
    assert status.message == "person 3 is coached"
    status = one.select_person(Selection())
    assert (status.event, status.selected_body_id) == (SessionEvent.PERSON_SELECTED, 0)


def test_a_saved_session_keeps_the_selected_person() -> None:
    frames = repeat(pair, 2)
    one = started(frames[:100])
    one.select_person(Selection(body_id=PATIENT))
    other = assessor()
    other.resume(one.saved())
    run = Run()
    run.add(play(other, frames[100:]))
    assert {each.body_id for each in run.live} == {PATIENT}


@pytest.mark.parametrize(
    ("selection", "code", "sentence"),
    [
        (Selection(body_id=9), "UNKNOWN_PERSON", "person 9 is not in view; expected person 3, 7"),
        (
            Selection(point=(20.0, 20.0)),
            "UNKNOWN_PERSON",
            "nobody is at (20, 20); expected a point on person 3, 7",
        ),
        (
            Selection(point=(float("nan"), 20.0)),
            "OUT_OF_RANGE",
            "the point is (nan, 20); expected pixels of the image",
        ),
    ],
)
def test_nobody_meant_is_refused_and_changes_nothing(
    selection: Selection, code: str, sentence: str
) -> None:
    one = started(repeat(pair, 1))
    before = one.select_person(Selection(body_id=PATIENT))
    with pytest.raises(RequestError) as refused:
        one.select_person(selection)
    assert (refused.value.code, str(refused.value)) == (RequestErrorCode[code], sentence)
    assert one.status == before


def test_nobody_in_view_is_said() -> None:
    with pytest.raises(
        RequestError, match="person 1 is not in view; expected a person, but nobody"
    ):
        started([]).select_person(Selection(body_id=1))


def side_by_side(therapist_squats: int, patient_squats: int) -> Frames:
    """The therapist, nearer and in the middle, squats first and then stands; then the patient."""
    first = repeat(lambda stamp, way: [squat(stamp, way, size=1.5)], therapist_squats)
    after_ns = first[-1][0] + PERIOD_NS
    second = repeat(
        lambda stamp, way: [squat(stamp, way, offset_px=180)], patient_squats, start_ns=after_ns
    )
    frames = []
    for stamp, (one,) in [*first, *second]:
        turn_of_patient = stamp >= after_ns
        therapist = squat(stamp, 0.0, size=1.5) if turn_of_patient else one
        patient = one if turn_of_patient else squat(stamp, 0.0, offset_px=180)
        people = (therapist, THERAPIST), (patient, PATIENT)
        frames.append((stamp, [replace(each, body_id=number) for each, number in people]))
    return frames


def test_who_does_the_exercise_is_coached_instead_of_somebody_who_stands_still() -> None:
    run = selected(side_by_side(0, 5), None)
    assert {one.body_id for one in run.repetitions} == {PATIENT}
    assert [one.index for one in run.repetitions] == [1, 2, 3]
    (told,) = (one for one in run.statuses if one.event is SessionEvent.PERSON_SELECTED)
    assert told.message == f"person {PATIENT} does the exercise and is coached from now on"
    assert told.selected_body_id == 0


def test_who_was_counted_or_selected_stays_the_exerciser() -> None:
    counted = selected(side_by_side(1, 5), None)
    assert {one.body_id for one in counted.repetitions} == {THERAPIST}
    chosen = selected(side_by_side(0, 5), Selection(body_id=THERAPIST))
    assert chosen.repetitions == []


def test_one_repetition_of_somebody_else_may_be_a_demonstration() -> None:
    frames = side_by_side(0, 1)
    shift = frames[-1][0]
    patient = [
        (stamp + shift, [replace(one, stamp_ns=stamp + shift, body_id=THERAPIST) for one in people])
        for stamp, people in repeat(lambda stamp, way: [squat(stamp, way, size=1.5)], 2)
    ]
    run = selected([*frames, *patient], None)
    assert [one.body_id for one in run.repetitions] == [THERAPIST, THERAPIST]
