"""What a therapist sees of a session beside the page of the patient."""

from dataclasses import replace

from apsa_feedback.outputs.screen.therapist_content import SHOWN, TherapistContent
from apsa_feedback.stream.session_tracker import NewSession
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade, HoldState, SessionEvent, Severity, Side
from apsa_perception.model.results import MeasureResult, RepetitionResult
from support.feedback_cases import book, error, live, ns, repetition, session
from support.hold_cases import hold, hold_session, state_of_hold

LIBRARY = ExerciseLibrary.load()


def content() -> TherapistContent:
    made = TherapistContent(book(), LIBRARY)
    made.on_event(session())
    return made


def play(made: TherapistContent, *events: object) -> None:
    for event in events:
        made.on_event(event)  # type: ignore[arg-type]


def test_repetitions_have_score_errors_and_both_sides_at_the_turning_point() -> None:
    made = content()
    for tenth in range(20, 41):
        sides = ((Side.LEFT, 90.0 + tenth), (Side.RIGHT, 95.0 + tenth))
        measures = tuple(MeasureResult("knee_angle", value, "deg", side) for side, value in sides)
        made.on_event(live(tenth / 10, measures=measures))
    play(made, *repetition(4.0, 1, error(severity=Severity.SEVERE, side=Side.LEFT)))
    play(made, *repetition(9.0, 2, grade=Grade.NOT_JUDGED))
    first, second = made.state()["repetitions"]
    assert (first["peak"], first["left"], first["right"]) == (92.0, 120.0, 125.0)
    assert (first["seconds"], first["score"], first["grade"]) == (2.0, 90, "good")
    (fault,) = first["errors"]
    assert (fault["word"], fault["side"], fault["severity"]) == ("Knees inwards", "left", 3)
    assert (fault["value"], fault["limit"], fault["unit"]) == (15.0, 10.0, "deg")
    assert (second["left"], second["score"], second["errors"]) == (None, None, [])


def test_a_repetition_of_one_side_has_no_value_for_the_other() -> None:
    made = content()
    for event in repetition(4.0, 1):
        sided = isinstance(event, RepetitionResult)
        made.on_event(replace(event, side=Side.RIGHT) if sided else event)  # type: ignore[arg-type]
    (row,) = made.state()["repetitions"]
    assert (row["side"], row["left"], row["right"]) == ("right", None, 92.0)


def test_target_and_limits_are_those_of_the_exercise_of_the_session() -> None:
    made = content()
    assert made.state()["target"] == {"measure": "knee_angle", "value": 90}
    squats = made.state()["limits"]
    made.on_event(replace(session(), exercise="lunge"))
    assert made.state()["limits"] != squats
    made.on_event(replace(session(), exercise="auto"))
    assert (made.state()["target"], made.state()["limits"]) == (None, [])


def test_a_new_session_starts_an_empty_list_and_a_long_one_is_bounded() -> None:
    made = content()
    for index in range(1, SHOWN + 6):
        play(made, *repetition(3.0 * index, index))
    shown = [row["index"] for row in made.state()["repetitions"]]
    assert shown == list(range(6, SHOWN + 6))
    made.on_event(NewSession(ns(900)))
    assert made.state()["repetitions"] == []
    assert all(one["value"] is None for one in made.state()["limits"] if one["quantity"])


def test_holds_are_listed_with_their_time_when_they_have_ended() -> None:
    made = content()
    under_way = state_of_hold(4.0, HoldState.HELD, 3.0)
    play(made, NewSession(0), hold_session(), under_way)
    assert made.state()["repetitions"] == []
    play(made, *hold(5.0, 3))
    (row,) = made.state()["repetitions"]
    assert (row["seconds"], row["peak"], row["unit"]) == (3.2, 92.0, "deg")
    assert made.state()["target"] is None


def test_frames_have_states_and_uncertainties_of_the_exercise_only() -> None:
    made = content()
    measured = MeasureResult("knee_valgus", 20.0, "deg", Side.LEFT, uncertainty=4.0)
    frame = live(1.0, error(), measures=(measured, MeasureResult("knee_angle", 90.0, "deg")))
    assert made.frame(frame) == {"states": ["moderate", "free"], "uncertainties": [4.0, None]}
    assert made.frame(replace(frame, exercise="lunge")) == {}
    assert made.frame(None) == {}


def test_news_of_a_recording_are_told_in_full_and_others_are_not() -> None:
    made = content()
    note = "recording my_squat: 1 of 3 repetitions"
    status = replace(session(), event=SessionEvent.RECORDING_STARTED, message=note)
    made.on_event(status)
    assert made.state()["detail"] == note
    made.on_event(replace(status, event=SessionEvent.REPETITION))
    assert made.state()["detail"] == ""
