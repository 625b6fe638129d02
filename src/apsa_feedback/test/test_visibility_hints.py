"""Hints to people who cannot be seen well enough."""

import math
from dataclasses import replace

import pytest

from apsa_feedback.stream.events import Event
from apsa_perception.model.codes import ExerciseSide, Grade, NotJudgedReason, SessionEvent, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import MeasureResult, QualityResult
from apsa_perception.model.sentences import Sentence
from support.feedback_cases import (
    KNEE,
    LEGS,
    START,
    VALGUS,
    cues,
    error,
    frames,
    keys,
    live,
    repetition,
    session,
    skeleton,
)

HIDDEN_KNEE = MeasureResult("knee_flexion", float("nan"), "deg", reason="The legs are hidden.")
HIDDEN_VALGUS = MeasureResult("knee_valgus", float("nan"), "deg", reason="Seen from the side.")


def test_silence_and_one_hint_while_nobody_is_there() -> None:
    said = cues([*START, *frames(0.1, 60.0, error(), body_id=0)])
    assert [cue.key for cue in said] == ["session_started", "nobody_there"]
    assert said[1].stamp_ns / 1e9 == pytest.approx(5.1)


def test_hidden_legs_give_silence_and_a_hint_to_step_back() -> None:
    events = [session()]
    for step in range(100):
        seconds = step / 10
        events += [
            skeleton(seconds, *LEGS),
            live(seconds, error(), measures=(HIDDEN_KNEE, VALGUS)),
        ]
    said = cues(events)
    assert [cue.key for cue in said] == ["session_started", "step_back_legs"]


ONE_ARM = (Joint.LEFT_ELBOW, Joint.LEFT_WRIST)
HIDDEN_ARM = MeasureResult(
    "elbow_angle", math.nan, "deg", Side.LEFT, "not judged: left wrist not seen"
)
OTHER_ARM = MeasureResult("elbow_angle", 165.0, "deg", Side.RIGHT)


@pytest.mark.faults
@pytest.mark.parametrize("hidden", [ONE_ARM, (*ONE_ARM, *LEGS)])
@pytest.mark.parametrize(
    ("side", "hint"),
    [(ExerciseSide.LEFT, ["step_back"]), (ExerciseSide.EITHER, []), (ExerciseSide.RIGHT, [])],
)
def test_the_limb_of_a_one_sided_exercise_that_leaves_the_picture_gives_a_hint(
    hidden: tuple[Joint, ...], side: ExerciseSide, hint: list[str]
) -> None:
    events: list[Event] = [replace(session(), exercise_side=side)]
    for step in range(100):
        seconds = step / 10
        events += [skeleton(seconds, *hidden), live(seconds, measures=(HIDDEN_ARM, OTHER_ARM))]
    assert keys(events) == ["session_started", *hint]


def test_hidden_legs_do_not_matter_while_an_arm_is_measured() -> None:
    events: list[Event] = [session()]
    for step in range(100):
        seconds = step / 10
        events += [
            skeleton(seconds, Joint.LEFT_WRIST, *LEGS),
            live(seconds, measures=(HIDDEN_ARM,)),
        ]
    assert "step_back_legs" not in keys(events)


def test_a_leg_behind_the_other_gives_a_hint_to_turn() -> None:
    hidden = {"grade": Grade.NOT_JUDGED, "reason": NotJudgedReason.JOINTS_HIDDEN}
    events = [*START, *frames(0.1, 4.0), *repetition(4.0, 1, **hidden), *frames(4.0, 6.0)]
    sentence = Sentence.JOINTS_HIDDEN.text(joints="right knee, right ankle")
    behind = [replace(e, reason=sentence) if isinstance(e, QualityResult) else e for e in events]
    assert "turn" in keys(behind)
    assert "turn" not in keys(events)


def test_a_view_that_does_not_show_the_measure_gives_a_hint_to_turn() -> None:
    events = [session()]
    for step in range(100):
        events += [skeleton(step / 10), live(step / 10, measures=(HIDDEN_KNEE,))]
    assert keys(events) == ["session_started", "turn"]


def test_a_picture_on_its_side_gives_one_hint() -> None:
    turned = replace(session(1.0), event=SessionEvent.CAMERA_SIDEWAYS, message="turn the camera")
    unjudged = repetition(7.0, 1, grade=Grade.NOT_JUDGED, reason=NotJudgedReason.SIDEWAYS)
    events = [*START, live(0.5), turned, *frames(1.0, 7.0), *unjudged, live(7.0)]
    assert keys(events) == ["session_started", "camera_sideways"]


def test_an_upside_down_picture_gives_one_hint_of_its_own() -> None:
    sentence = Sentence.UPSIDE_DOWN.text()
    turned = replace(session(1.0), event=SessionEvent.CAMERA_SIDEWAYS, message=sentence)
    unjudged = [
        replace(event, reason=sentence) if isinstance(event, QualityResult) else event
        for event in repetition(7.0, 1, grade=Grade.NOT_JUDGED, reason=NotJudgedReason.SIDEWAYS)
    ]
    events = [*START, live(0.5), turned, *frames(1.0, 7.0), *unjudged, live(7.0)]
    assert keys(events) == ["session_started", "camera_upside_down"]


def test_a_secondary_measure_that_is_not_judged_needs_no_hint() -> None:
    assert keys([*START, *frames(0.1, 20.0, measures=(KNEE, HIDDEN_VALGUS))]) == ["session_started"]
