"""The action over a replayed recording of a real clip: it has the results of the topics."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from action_msgs.msg import GoalStatus
from apsa_msgs.action import RunExercise
from apsa_msgs.msg import ExerciseErrorArray, ExerciseQuality, Session
from rclpy.action import ActionClient

from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.bag_source import BagSource
from apsa_perception.ros.qos import RESULTS
from support.bench import open_bench
from support.figures import Frames
from support.skeleton_bags import FRAME, clip_bag

pytestmark = pytest.mark.slow


def test_a_goal_over_a_recording_has_the_results_of_the_topics(
    clip_frames: Callable[[str], Frames], tmp_path: Path
) -> None:
    bag = clip_bag(tmp_path / "bag", clip_frames("squat_front_knees_in"))
    feedback: list[RunExercise.Feedback] = []
    quality: list[ExerciseQuality] = []
    errors: list[ExerciseErrorArray] = []
    with open_bench() as bench:
        bench.peer.create_subscription(ExerciseQuality, "quality", quality.append, RESULTS)
        bench.peer.create_subscription(ExerciseErrorArray, "errors", errors.append, RESULTS)
        client = ActionClient(bench.peer, RunExercise, "run_exercise")
        bench.start(AssessmentNode, start_session=False)
        bench.spin_until(client.server_is_ready)
        sent = client.send_goal_async(
            RunExercise.Goal(exercise="squat", repetitions=2),
            lambda message: feedback.append(message.feedback),
        )
        bench.spin_until(sent.done)
        result = sent.result().get_result_async()
        bench.start(BagSource, source=str(bag), rate=0.0, consumers=["skeletons=assessment_node"])
        bench.spin_until(result.done)
        bench.spin_until(lambda: feedback[-1].state == Session.CLOSED)
        status, summary = result.result().status, result.result().result
    assert (status, summary.success, summary.repetitions) == (GoalStatus.STATUS_SUCCEEDED, True, 2)
    scores = [each.score for each in quality if not math.isnan(each.score)]
    assert summary.mean_score == pytest.approx(sum(scores) / len(scores))
    assert {each.session_id for each in quality} == {summary.session_id}
    named = [
        {error.name for error in each.errors}
        for each in errors
        if each.scope == ExerciseErrorArray.REPETITION
    ]
    assert {each.name: each.count for each in summary.errors} == {
        name: sum(name in one for one in named) for name in set().union(*named)
    }
    assert "knee_valgus" in {name for each in feedback for name in each.errors}
    assert {each.repetitions for each in feedback} == {0, 1, 2}
    assert {each.header.frame_id for each in feedback} == {"", FRAME}, "empty before the first"
    live = {(each.header.stamp.sec, each.header.stamp.nanosec) for each in errors}
    stamps = [(each.header.stamp.sec, each.header.stamp.nanosec) for each in feedback]
    assert stamps == sorted(stamps)
    assert set(stamps[1:]) <= live, "each is that of a frame"
