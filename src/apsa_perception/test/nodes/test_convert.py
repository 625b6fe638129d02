"""Results and skeletons survive the way through their messages."""

import json
import math
from typing import Any

import numpy as np
import pytest
from apsa_msgs.msg import ExerciseQuality, Skeleton3D, SkeletonArray
from rclpy.serialization import deserialize_message, serialize_message

from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    Grade,
    HoldState,
    JudgedBy,
    NotJudgedReason,
    Phase,
    SessionState,
    Severity,
    Side,
)
from apsa_perception.model.joints import JOINT_NAMES, Joint
from apsa_perception.model.results import (
    ErrorResult,
    ErrorSet,
    HoldResult,
    MeasureResult,
    QualityResult,
    RepetitionResult,
    SessionStatus,
)
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.ros import conversion, hold_conversion, result_conversion, session_conversion

STAMP_NS = 1_700_000_000_123_456_789


def skeleton(root: np.ndarray | None) -> Skeleton:
    """A skeleton with different values in every field."""
    rng = np.random.default_rng(3)
    return Skeleton(
        stamp_ns=STAMP_NS,
        body_id=7,
        positions=rng.normal(size=(20, 3)),
        pixels=rng.uniform(0, 900, size=(20, 2)),
        confidence=rng.uniform(size=20),
        observed=rng.uniform(size=20) > 0.5,
        image_size=(960, 540),
        root=root,
    )


def through_cdr(message: object) -> object:
    """The message after serialisation."""
    return deserialize_message(serialize_message(message), type(message))


@pytest.mark.parametrize("root", [None, np.array([0.1, 0.2, 3.4])])
def test_skeleton_survives(root: np.ndarray | None) -> None:
    before = skeleton(root)
    header = conversion.header(STAMP_NS, "camera")
    message = conversion.skeletons_to_msg([before], header, (960, 540), "test")
    (after,) = conversion.skeletons_from_msg(through_cdr(message))
    np.testing.assert_array_equal(after.positions, before.positions)
    np.testing.assert_allclose(after.pixels, before.pixels, rtol=1e-6)
    np.testing.assert_allclose(after.confidence, before.confidence, rtol=1e-6)
    np.testing.assert_array_equal(after.observed, before.observed)
    assert (after.stamp_ns, after.body_id, after.image_size) == (STAMP_NS, 7, (960, 540))
    assert (after.root is None) == (root is None)
    assert [joint.name for joint in message.skeletons[0].joints] == list(JOINT_NAMES)


def array_with(change: str) -> SkeletonArray:
    """A skeleton message with one thing wrong."""
    header = conversion.header(STAMP_NS, "" if change == "frame_id" else "camera")
    message = conversion.skeletons_to_msg([skeleton(None)], header, (960, 540), "test")
    joints = message.skeletons[0].joints
    if change == "missing":
        message.skeletons[0] = Skeleton3D(joints=joints[:19])
    elif change == "order":
        joints[0], joints[1] = joints[1], joints[0]
    elif change == "nan":
        joints[3].position.x = math.nan
    elif change == "far":
        joints[3].position.y = 1e78
    elif change == "sure":
        joints[3].confidence = 5.0
    elif change == "unsure":
        joints[3].confidence = math.nan
    elif change == "infinite":
        joints[3].confidence = math.inf
    elif change == "pixel":
        joints[3].pixel_x = math.inf
    elif change == "root":
        message.skeletons[0].root_valid = True
        message.skeletons[0].root.z = math.inf
    return message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("frame_id", "empty frame_id"),
        ("missing", "19 joints"),
        ("order", "order"),
        ("nan", "position NaN m; expected -10 to 10"),
        ("far", r"position 1e\+78 m"),
        ("sure", "confidence 5; expected 0 to 1"),
        ("unsure", "confidence NaN"),
        ("infinite", "confidence inf"),
        ("pixel", "pixel inf"),
        ("root", "pelvis is at inf m"),
    ],
)
def test_bad_skeletons_are_refused_with_a_sentence(change: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        conversion.skeletons_from_msg(array_with(change))


def test_only_the_unusable_body_is_left_out() -> None:
    message = array_with("far")
    message.skeletons.append(array_with("").skeletons[0])
    refused: list[str] = []
    assert len(conversion.skeletons_from_msg(message, refused.append)) == 1
    assert len(refused) == 1


ERROR = ErrorResult(
    code=ErrorCode.KNEE_VALGUS,
    severity=Severity.MODERATE,
    probability=0.75,
    side=Side.LEFT,
    phase=Phase.PEAK,
    joints=(Joint.LEFT_KNEE, Joint.LEFT_HIP),
    measure="knee_valgus",
    value=12.5,
    limit=8.0,
    unit="deg",
    source=JudgedBy.RULES,
    source_name="squat",
    start_ns=STAMP_NS,
    end_ns=STAMP_NS + 5,
)

OF_SESSION: dict[str, Any] = {"session_id": "squat-1", "exercise_number": 2, "set_number": 3}

RESULTS = [
    (
        RepetitionResult(
            STAMP_NS, 7, "squat", 3, Side.RIGHT, 1, 2, STAMP_NS, "knee_angle", "deg", 170.0,
            88.0, 90.0, 0.5, **OF_SESSION,
        ),
        result_conversion.repetition_to_msg,
        result_conversion.repetition_from_msg,
    ),
    (
        ErrorSet(
            STAMP_NS, 7, "squat", ErrorScope.REPETITION, 3, Phase.UNKNOWN, (ERROR,),
            (MeasureResult("knee_angle", 90.0, "deg", Side.LEFT, uncertainty=7.5),), **OF_SESSION,
        ),
        result_conversion.errors_to_msg,
        result_conversion.errors_from_msg,
    ),
    (
        SessionStatus(
            STAMP_NS, "squat-1", SessionState.RUNNING, "squat", "Squat", 5, 4, 3, 2, 10, True, "on",
            programme_run_id="squat-0",
        ),
        session_conversion.session_to_msg,
        session_conversion.session_from_msg,
    ),
    (
        HoldResult(
            STAMP_NS, 7, "plank", 2, Side.BOTH, HoldState.ENDED, 1, STAMP_NS, 12.5, 0.5, 20.0, 32.5,
            30.0, "hip_angle", "deg", 175.0, 0.75, **OF_SESSION,
        ),
        hold_conversion.hold_to_msg,
        hold_conversion.hold_from_msg,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("result", "to_msg", "from_msg"), RESULTS)
def test_results_survive(result, to_msg, from_msg) -> None:  # noqa: ANN001
    assert from_msg(through_cdr(to_msg(result, "camera"))) == result


def test_a_quality_without_score_survives_and_becomes_null_in_json() -> None:
    before = QualityResult(
        stamp_ns=STAMP_NS, body_id=7, exercise="squat", repetition=3, window_start_ns=1,
        window_end_ns=STAMP_NS, source=JudgedBy.NETWORK, model_name="apsa", model_version="1",
        not_judged_reason=NotJudgedReason.JOINTS_HIDDEN, reason="legs hidden",
        joint_relevance=np.full(20, 0.05), **OF_SESSION,
    )  # fmt: skip
    message = result_conversion.quality_to_msg(before, "camera")
    after = result_conversion.quality_from_msg(through_cdr(message))
    assert math.isnan(after.score)
    assert (after.grade, after.reason) == (Grade.NOT_JUDGED, "legs hidden")
    assert (after.session_id, after.exercise_number, after.set_number) == ("squat-1", 2, 3)
    assert after.not_judged_reason is NotJudgedReason.JOINTS_HIDDEN
    np.testing.assert_allclose(after.joint_relevance, 0.05, rtol=1e-6)
    plain = conversion.message_to_dict(message)
    assert list(plain) == list(ExerciseQuality.get_fields_and_field_types())
    assert plain["score"] is None
    again = json.loads(json.dumps(plain, allow_nan=False))
    assert again["joint_relevance"] == pytest.approx([0.05] * 20)


def test_a_measure_that_is_not_judged_has_no_value() -> None:
    measure = MeasureResult("knee_valgus", 3.0, "deg", reason="seen from the side", uncertainty=8.0)
    errors = ErrorSet(STAMP_NS, 7, "squat", ErrorScope.LIVE, 0, Phase.REST, (), (measure,))
    message = result_conversion.errors_to_msg(errors, "camera").measures[0]
    assert math.isnan(message.value)
    assert math.isnan(message.uncertainty)
    assert not message.judged
    assert message.reason == "seen from the side"
