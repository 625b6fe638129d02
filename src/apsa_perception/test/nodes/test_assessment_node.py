"""The session of the assessment node, with real messages and services."""

from pathlib import Path

import pytest
from apsa_msgs.msg import Hold, Session, SetRating, SkeletonArray
from apsa_msgs.srv import (
    AssessRange,
    Calibrate,
    DeletePerson,
    PauseSession,
    RateSet,
    RecordReference,
    RepeatSet,
    SelectPerson,
    SetExercise,
    SkipSet,
    StartProgramme,
    StartSession,
    StopSession,
)

from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.model.codes import RequestErrorCode, Side
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.qos import LATCHED, RESULTS
from support.bench import Bench
from support.figures import SIZE
from support.poses import STANDING, WALL_SIT, through
from support.recognition_cases import repeated
from support.skeleton_bags import FRAME
from support.skeleton_peer import Peer


def test_every_frame_is_answered_with_its_stamp_and_frame(
    peer: Peer, squats: list[SkeletonArray]
) -> None:
    peer.play(squats)
    assert [m.header.stamp for m in peer.live()] == [m.header.stamp for m in squats]
    assert {m.header.frame_id for m in peer.live()} == {FRAME}
    assert len(peer.repetitions) == 1


def test_the_session_is_latched_for_late_subscribers(
    bench: Bench, peer: Peer, squats: list[SkeletonArray]
) -> None:
    peer.play(squats[:5])
    late: list[Session] = []
    bench.peer.create_subscription(Session, "session", late.append, LATCHED)
    bench.spin_until(lambda: len(late) > 0)
    assert late[-1].state == Session.RUNNING
    assert late[-1].exercise == "squat"


def test_a_paused_session_does_not_count(peer: Peer, squats: list[SkeletonArray]) -> None:
    peer.play(squats[:5])
    assert peer.call(PauseSession, "pause_session").success
    peer.play(squats[5:])
    assert peer.repetitions == []
    assert peer.sessions[-1].state == Session.PAUSED


def test_a_pause_in_a_hold_publishes_its_end(bench: Bench, peer: Peer) -> None:
    holds: list[Hold] = []
    bench.peer.create_subscription(Hold, "holds", holds.append, RESULTS)
    assert peer.call(SetExercise, "set_exercise", exercise="wall_sit").success
    steps = ((0.0, STANDING), (1.0, STANDING), (2.0, WALL_SIT), (5.0, WALL_SIT))
    peer.play(
        [
            skeletons_to_msg(people, header(stamp, FRAME), SIZE, "test")
            for stamp, people in through(*steps)[::4]
        ]
    )
    assert [hold.state for hold in holds][:1] == [Hold.BEGAN]
    assert peer.call(PauseSession, "pause_session").success
    bench.spin_until(lambda: holds[-1].state == Hold.ENDED)
    assert holds[-1].held == pytest.approx(3.3, abs=0.5)


def test_stop_and_start_count_from_one(peer: Peer, squats: list[SkeletonArray]) -> None:
    peer.play(squats[:60])
    assert [repetition.index for repetition in peer.repetitions] == [1]
    assert peer.call(StopSession, "stop_session").success
    assert peer.call(StartSession, "start_session", exercise="").success
    shifted = squats[60:]
    peer.play(shifted)
    assert peer.sessions[-1].state == Session.RUNNING
    assert peer.sessions[-1].repetitions == 0
    ids = [session.session_id for session in peer.sessions]
    assert ids[-1] != ids[0]


def test_an_unknown_exercise_is_refused_and_the_known_ones_are_named(peer: Peer) -> None:
    answer = peer.call(SetExercise, "set_exercise", exercise="yoga")
    assert not answer.success
    assert answer.error_code != RequestErrorCode.NONE
    assert "yoga" in answer.message
    assert {"squat", "lunge", "arm_raise", "sit_to_stand", "side_tap_left"} <= set(answer.exercises)
    accepted = peer.call(SetExercise, "set_exercise", exercise="lunge")
    assert (accepted.success, accepted.error_code) == (True, RequestErrorCode.NONE)


def test_the_selected_person_is_the_one_judged(peer: Peer, squats: list[SkeletonArray]) -> None:
    ask = SelectPerson.Request
    peer.play(squats[:6])
    (body,) = squats[5].skeletons
    spine = body.joints[1]
    selected = peer.call(
        SelectPerson, "select_person", method=ask.BY_POINT, x=spine.pixel_x, y=spine.pixel_y
    )
    assert (selected.success, selected.body_id) == (True, body.body_id)
    peer.play(squats[6:8])
    assert peer.sessions[-1].event == Session.EVENT_PERSON_SELECTED
    assert peer.sessions[-1].selected_body_id == body.body_id
    refused = peer.call(SelectPerson, "select_person", method=ask.BY_ID, body_id=99)
    assert not refused.success
    assert (refused.error_code, refused.body_id) == (RequestErrorCode.UNKNOWN_PERSON, body.body_id)
    unknown = peer.call(SelectPerson, "select_person", method=9)
    assert "method is 9; expected AUTOMATIC (0), BY_ID (1) or BY_POINT (2)" in unknown.message
    assert peer.call(SelectPerson, "select_person").body_id == 0
    assert peer.sessions[-1].selected_body_id == 0


def test_calibration_of_a_moving_person_fails_and_says_why(
    bench: Bench, peer: Peer, squats: list[SkeletonArray]
) -> None:
    peer.play(squats[:2])
    assert not peer.call(Calibrate, "calibrate", duration=99.0).success
    assert peer.call(Calibrate, "calibrate", duration=1.0).success
    bench.spin_until(lambda: peer.sessions[-1].state == Session.CALIBRATING)
    peer.play(squats[2:60])
    bench.spin_until(lambda: peer.sessions[-1].state == Session.RUNNING)
    assert not peer.sessions[-1].calibrated
    assert "still" in peer.sessions[-1].message


def test_every_refusal_has_an_error_code(peer: Peer) -> None:
    for kind, name, request in (
        (StopSession, "stop_session", {}),
        (Calibrate, "calibrate", {"duration": 99.0}),
        (AssessRange, "assess_range", {"person": "Anna"}),
        (RecordReference, "record_reference", {"name": "../x"}),
    ):
        peer.call(StopSession, "stop_session")
        answer = peer.call(kind, name, **request)
        assert not answer.success
        assert answer.error_code in {int(code) for code in RequestErrorCode if code}


def test_a_set_is_rated_and_the_ranges_of_a_person_are_deleted(
    bench: Bench, squats: list[SkeletonArray], tmp_path: Path
) -> None:
    PersonalRanges({("squat", Side.BOTH): 80.0}).save(tmp_path, "P-017")
    bench.start(AssessmentNode, model="none", person="P-017", ranges_dir=str(tmp_path))
    peer = Peer(bench)
    peer.play(squats)
    assert not peer.call(RateSet, "rate_set", pain=3).success
    assert peer.call(StopSession, "stop_session").success
    bench.spin_until(lambda: peer.sessions[-1].rating.state == SetRating.ASKED)
    answer = peer.call(RateSet, "rate_set", pain=11)
    assert (answer.success, answer.error_code) == (False, int(RequestErrorCode.OUT_OF_RANGE))
    assert peer.call(RateSet, "rate_set", pain=3, effort=4.5, note="stiff").success
    bench.spin_until(lambda: peer.sessions[-1].rating.state == SetRating.ANSWERED)
    rating = peer.sessions[-1].rating
    assert rating.session_id == peer.sessions[-1].session_id
    assert (rating.pain, rating.effort, rating.note) == (3, 4.5, "stiff")
    assert not peer.call(DeletePerson, "delete_person", person="Anna").success
    assert peer.call(DeletePerson, "delete_person").success
    bench.spin_until(lambda: peer.sessions[-1].event == Session.EVENT_RANGES_DELETED)
    assert list(tmp_path.iterdir()) == []


def test_a_programme_is_started_skipped_repeated_and_restarts_with_the_clock(
    peer: Peer, squats: list[SkeletonArray], bench: Bench
) -> None:
    refused = peer.call(StartProgramme, "start_programme", programme="kne")
    assert (refused.success, refused.error_code) == (False, RequestErrorCode.UNKNOWN_PROGRAMME)
    assert "knee" in refused.programmes
    assert not peer.call(SkipSet, "skip_set").success
    assert peer.call(StartProgramme, "start_programme", programme="shoulder").success
    peer.play(squats[:5])
    assert peer.call(SkipSet, "skip_set").success
    bench.spin_until(lambda: peer.sessions[-1].state == Session.RESTING)
    resting = peer.sessions[-1]
    assert (resting.programme, resting.exercise_number, resting.exercise_count) == (
        "shoulder",
        1,
        3,
    )
    assert (resting.next_exercise, resting.seconds_left) == ("shoulder_abduction_left", 30)
    assert peer.call(SkipSet, "skip_set").success
    bench.spin_until(lambda: peer.sessions[-1].exercise == "shoulder_abduction_left")
    assert peer.call(RepeatSet, "repeat_set").success
    peer.play([*squats[5:50], *squats[:1]])  # the last one is two seconds earlier
    bench.spin_until(lambda: peer.sessions[-1].exercise == "arm_raise")
    assert peer.sessions[-1].programme == "shoulder"


def test_auto_recognises_the_exercise_of_a_recorded_person(bench: Bench) -> None:
    bench.start(AssessmentNode, model="none", exercise="auto")
    peer = Peer(bench)
    messages = [
        skeletons_to_msg(people, header(stamp, FRAME), (0, 0), "")
        for stamp, people in repeated("shoulder_abduction_left", 2)
    ]
    peer.play(messages)
    bench.spin_until(lambda: peer.sessions[-1].event == Session.EVENT_EXERCISE_RECOGNISED)
    assert peer.sessions[-1].exercise == "shoulder_abduction"
    assert "auto" in peer.call(SetExercise, "set_exercise", exercise="auto").exercises
