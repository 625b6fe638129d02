"""The assessment node with real messages and services."""

import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from apsa_msgs.msg import (
    ExerciseErrorArray,
    Hold,
    Repetition,
    Session,
    SetRating,
    SkeletonArray,
)
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
from rclpy.qos import QoSProfile, ReliabilityPolicy
from std_msgs.msg import Header

from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.model.codes import RequestErrorCode, Side
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.ros.conversion import header, skeletons_to_msg, to_ns
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.qos import LATCHED, RESULTS
from apsa_perception.sources.video import VideoReader
from support.bench import Bench
from support.figures import SIZE
from support.poses import STANDING, WALL_SIT, through
from support.recognition_cases import repeated

FRAME = "camera_optical_frame"


@pytest.fixture(scope="module")
def squats(clip: Callable[[str], Path]) -> list[SkeletonArray]:
    """Skeletons of the first 100 frames of squat_front: one repetition and half of another."""
    estimator = PoseEstimator(open_backend())
    messages = []
    with VideoReader(clip("squat_front.mp4")) as video:
        for stamp_ns, rgb in video:
            found = estimator.process(rgb, stamp_ns)
            stamp = header(stamp_ns, FRAME)
            messages.append(skeletons_to_msg(found, stamp, (960, 540), estimator.source))
            if len(messages) == 100:
                break
    estimator.close()
    return messages


class Peer:
    """Publishes skeletons and collects what the node says."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.errors: list[ExerciseErrorArray] = []
        self.repetitions: list[Repetition] = []
        self.sessions: list[Session] = []
        node = bench.peer
        self.skeletons = node.create_publisher(SkeletonArray, "skeletons", RESULTS)
        node.create_subscription(ExerciseErrorArray, "errors", self.errors.append, RESULTS)
        node.create_subscription(Repetition, "repetitions", self.repetitions.append, RESULTS)
        node.create_subscription(Session, "session", self.sessions.append, LATCHED)
        bench.spin_until(lambda: self.skeletons.get_subscription_count() == 1)

    def live(self) -> list[ExerciseErrorArray]:
        """Error sets of frames."""
        return [message for message in self.errors if message.scope == ExerciseErrorArray.LIVE]

    def play(self, messages: list[SkeletonArray]) -> None:
        """Publish messages, each after the answer to the one before."""
        for message in messages:
            known = len(self.live())
            self.skeletons.publish(message)
            self._bench.spin_until(lambda known=known: len(self.live()) > known)

    def call(self, kind: Any, name: str, /, **request: Any) -> Any:
        """Call a service."""
        client = self._bench.peer.create_client(kind, name)
        self._bench.spin_until(client.service_is_ready)
        future = client.call_async(kind.Request(**request))
        self._bench.spin_until(future.done)
        return future.result()


@pytest.fixture
def peer(bench: Bench) -> Peer:
    bench.start(AssessmentNode, model="none")
    return Peer(bench)


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


def test_bad_skeletons_are_dropped_and_the_node_goes_on(
    bench: Bench, squats: list[SkeletonArray]
) -> None:
    squats = deepcopy(squats[:9])
    node = bench.start(AssessmentNode, model="none")
    peer = Peer(bench)
    peer.play(squats[:3])
    peer.skeletons.publish(squats[0])
    nameless = SkeletonArray(header=header(10**9, ""))
    peer.skeletons.publish(nameless)
    bench.spin_until(lambda: node.diagnostics.dropped("skeletons") == 2)
    peer.play(squats[3:6])
    assert len(peer.live()) == 6
    squats[6].skeletons[0].joints[3].position.z = 1e78
    peer.play(squats[6:9])
    assert node.diagnostics.dropped("bodies") == 1
    assert [message.body_id != 0 for message in peer.live()[6:]] == [False, True, True]


def test_a_message_without_content_does_not_end_the_session(
    peer: Peer, squats: list[SkeletonArray]
) -> None:
    peer.play(squats[:60])
    told = len(peer.sessions)
    peer.skeletons.publish(SkeletonArray())
    peer.play(squats[60:63])
    assert len(peer.live()) == 63
    assert len(peer.sessions) == told


def test_a_clock_that_is_set_back_starts_the_session_anew(
    peer: Peer, squats: list[SkeletonArray]
) -> None:
    peer.play(squats[:60])
    peer.play(squats[:60])
    assert [repetition.index for repetition in peer.repetitions] == [1, 1]
    assert len(peer.live()) == 120, "the frame that shows it is judged too"
    assert len({repetition.session_id for repetition in peer.repetitions}) == 2


def test_one_stamp_far_ahead_does_not_restart_the_session(
    bench: Bench, peer: Peer, squats: list[SkeletonArray]
) -> None:
    dropped: list[Header] = []
    bench.peer.create_subscription(Header, "dropped", dropped.append, RESULTS)
    peer.play(squats[:30])
    ahead = SkeletonArray(header=header(to_ns(squats[29].header.stamp) + 10**11, "camera"))
    bench.spin_until(lambda: bench.peer.count_publishers("dropped") == 1)
    bench.spin_for(0.3)
    peer.skeletons.publish(ahead)
    bench.spin_until(lambda: dropped == [ahead.header])
    peer.play(squats[30:60])
    assert [repetition.index for repetition in peer.repetitions] == [1], "across the wrong stamp"
    assert len(peer.live()) == 60


def test_without_a_session_a_clock_that_is_set_back_is_told_too(
    bench: Bench, squats: list[SkeletonArray]
) -> None:
    bench.start(AssessmentNode, model="none", start_session=False)
    peer = Peer(bench)
    assert peer.call(StartSession, "start_session", exercise="squat").success
    peer.play(squats[:60])
    peer.play(squats[:3])
    bench.spin_until(lambda: peer.sessions[-1].state == Session.IDLE)


def test_another_coach_on_the_same_topics_is_named_once(
    bench: Bench, peer: Peer, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.spin_for(1.5)
    assert "another coach" not in capfd.readouterr().err
    bench.peer.create_publisher(ExerciseErrorArray, "errors", RESULTS)
    bench.spin_for(2.5)
    assert capfd.readouterr().err.count("another coach publishes on /apsa/errors") == 1


def test_an_incompatible_subscriber_is_told_the_fix(
    bench: Bench, peer: Peer, capfd: pytest.CaptureFixture[str]
) -> None:
    offered = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
    bench.peer.create_publisher(SkeletonArray, "skeletons", offered)
    bench.spin_for(1.0)
    said = capfd.readouterr().err
    assert "nothing arrives from it" in said
    assert "qos_overrides./apsa/skeletons.subscription.reliability" in said


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


def test_without_a_network_torch_is_not_loaded() -> None:
    program = """
import sys, rclpy
from rclpy.parameter import Parameter
from apsa_perception.model.codes import RequestErrorCode
from apsa_perception.nodes.assessment_node import AssessmentNode
rclpy.init()
AssessmentNode(parameter_overrides=[Parameter("model", value="none")]).start()
sys.exit("torch" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"exercise": "yoga"}, "yoga"),
        ({"camera_pitch_deg": 75.0}, "-60 to 60"),
        ({"model": "nowhere.safetensors"}, "nowhere.safetensors"),
        ({"exercises_dir": "nowhere"}, "nowhere"),
    ],
)
def test_wrong_parameters_are_refused_in_one_sentence(
    bench: Bench, parameters: dict[str, Any], words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        bench.start(AssessmentNode, **{"model": "none", **parameters})


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
