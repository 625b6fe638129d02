"""The assessment node with frames that are damaged, empty, or have wrong stamps."""

from copy import deepcopy

from apsa_msgs.msg import Session, SkeletonArray
from apsa_msgs.srv import StartSession
from std_msgs.msg import Header

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.ros.conversion import header, to_ns
from apsa_perception.ros.qos import RESULTS
from support.bench import Bench
from support.skeleton_peer import Peer


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
