"""Scores: from the rules, and from a network where there is one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.assessment import offline
from apsa_perception.assessment.quality import network_score, rules_score
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import (
    ErrorCode,
    Grade,
    JudgedBy,
    NotJudgedReason,
    Severity,
    Side,
)
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.results import ErrorResult
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.time import to_seconds
from apsa_perception.repetition.history import LEAD_IN_NS
from apsa_perception.repetition.segment import Segment
from support.figures import PERIOD_NS, library, repeat, squat
from support.network import Answer, Network
from support.paths import ROOT
from support.runs import assess

MOTION = library().get("squat").primary
SQUATS = repeat(lambda stamp, way: [squat(stamp, way)], 2)
VALGUS = repeat(lambda stamp, way: [squat(stamp, way, knees_over_ankles=0.5)], 2)


def segment(peak: float) -> Segment:
    return Segment(Side.BOTH, 0, 1, 2, 170.0, peak, (80.0, 80.0))


def some_error(severity: Severity) -> ErrorResult:
    error = assess(VALGUS, "squat").verdicts[0].errors[0]
    return ErrorResult(**{**error.__dict__, "severity": severity})


def test_any_error_costs_the_grade_good_and_a_severe_one_is_poor() -> None:
    grades = [Grade.of_score(rules_score(MOTION, segment(85), [some_error(s)])) for s in Severity]
    assert grades == [Grade.FAIR, Grade.FAIR, Grade.POOR]
    assert rules_score(MOTION, segment(85), []) == 1.0


@pytest.mark.parametrize(
    ("probability", "score"),
    [(0.0, 0.0), (0.25, 0.25), (0.5, 0.5), (0.6, 0.65), (0.7, 0.8), (1.0, 1.0)],
)
def test_a_movement_that_is_probably_correct_is_good(probability: float, score: float) -> None:
    assert network_score(probability, []) == pytest.approx(score)


def test_with_a_named_error_the_network_never_says_good() -> None:
    mild = some_error(Severity.MILD)
    scores = [network_score(probability, [mild]) for probability in (0.2, 0.7, 1.0)]
    assert scores == [0.2, 0.75, 0.75]
    assert Grade.of_score(scores[-1]) is Grade.FAIR


def test_score_falls_with_each_error_and_with_the_way_left_to_the_target() -> None:
    mild = some_error(Severity.MILD)
    scores = [rules_score(MOTION, segment(85), [mild] * count) for count in range(5)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    near, far = (rules_score(MOTION, segment(peak), []) for peak in (95.0, 130.0))
    assert 1.0 > near > far > 0.8


def test_the_network_judges_the_frames_of_the_repetition_and_of_the_rest_before() -> None:
    network = Network(Answer())
    run = assess(SQUATS, "squat", network)
    for question, repetition in zip(network.asked, run.repetitions, strict=True):
        frames = len(question["stamps_s"])
        assert question["positions"].shape == (frames, JOINT_COUNT, 3)
        assert question["confidence"].shape == question["observed"].shape == (frames, JOINT_COUNT)
        assert question["stamps_s"][0] == 0
        lead_in_s = to_seconds(LEAD_IN_NS)
        assert question["stamps_s"][-1] == pytest.approx(repetition.duration_s + lead_in_s)
        assert (np.diff(question["stamps_s"]) > 0).all()
        assert question["exercise"] == "squat"
        assert np.linalg.norm(question["up"]) == pytest.approx(1.0)
    quality = run.qualities[0]
    assert (quality.source, quality.model_name, quality.model_version) == (
        JudgedBy.NETWORK,
        "always",
        "3",
    )
    assert quality.score == network_score(0.9, [])
    assert (quality.confidence, quality.inference_ms) == (0.8, 1.5)
    assert quality.joint_relevance[Joint.LEFT_KNEE] == 1.0


def test_an_abstaining_network_gives_no_score() -> None:
    run = assess(SQUATS, "squat", Network(Answer(abstained=True, reason="too uncertain")))
    for quality in run.qualities:
        assert quality.grade is Grade.NOT_JUDGED
        assert quality.not_judged_reason is NotJudgedReason.UNCERTAIN
        assert quality.reason == "too uncertain"
        assert np.isnan(quality.score)
    assert run.statuses[-1].repetitions_judged == 0


def test_limbs_that_the_network_did_not_see_are_the_reason() -> None:
    hidden = Sentence.JOINTS_HIDDEN.text(joints="right knee, right ankle")
    run = assess(
        SQUATS, "squat", Network(Answer(abstained=True, reason=hidden, joints_hidden=True))
    )
    for quality in run.qualities:
        assert quality.not_judged_reason is NotJudgedReason.JOINTS_HIDDEN
        assert quality.reason == hidden


def test_the_network_is_not_asked_where_the_rest_before_was_not_seen() -> None:
    network = Network(Answer())
    moving = int(1.2 / to_seconds(PERIOD_NS))
    run = assess(repeat(lambda stamp, way: [squat(stamp, way)], 3)[moving:], "squat", network)
    first, *others = run.qualities
    assert first.grade is Grade.NOT_JUDGED
    assert np.isnan(first.score)
    assert first.not_judged_reason is NotJudgedReason.UNCERTAIN
    assert first.reason == Sentence.REST_NOT_SEEN.text()
    assert first.model_name == "always"
    assert [quality.score for quality in others] == [network_score(0.9, [])] * 2
    assert len(network.asked) == 2


def test_a_movement_that_resembles_another_exercise_says_so() -> None:
    answer = Answer(abstained=True, reason="it resembles a lunge", resembles="inline_lunge")
    run = assess(SQUATS, "squat", Network(answer))
    reasons = {quality.not_judged_reason for quality in run.qualities}
    assert reasons == {NotJudgedReason.ANOTHER_EXERCISE}


@pytest.mark.parametrize(("score", "confidence"), [(np.nan, 0.8), (1.2, 0.8), (0.9, np.inf)])
def test_a_network_that_answers_nonsense_gives_no_score(score: float, confidence: float) -> None:
    run = assess(SQUATS, "squat", Network(Answer(score=score, confidence=confidence)))
    for quality in run.qualities:
        assert quality.not_judged_reason is NotJudgedReason.UNCERTAIN
        assert "expected 0 to 1" in quality.reason
        assert np.isnan(quality.score)
    assert run.codes == [set()] * 2


def test_an_unexplained_bad_score_is_named_unspecified() -> None:
    run = assess(SQUATS, "squat", Network(Answer(score=0.2)))
    (error,) = run.verdicts[0].errors
    assert (error.code, error.source, error.source_name) == (
        ErrorCode.UNSPECIFIED,
        JudgedBy.NETWORK,
        "always",
    )
    assert error.joints == (Joint.LEFT_KNEE,)
    assert error.probability == pytest.approx(0.8)


def test_a_bad_score_that_a_rule_explains_stays_with_the_rule() -> None:
    run = assess(VALGUS, "squat", Network(Answer(score=0.2)))
    assert run.codes == [{ErrorCode.KNEE_VALGUS}] * 2


def test_an_error_that_is_named_costs_the_grade_good_of_the_network_too() -> None:
    good, named = (
        assess(frames, "squat", Network(Answer(score=0.72))) for frames in (SQUATS, VALGUS)
    )
    assert {one.grade for one in good.qualities} == {Grade.GOOD}
    assert named.codes == [{ErrorCode.KNEE_VALGUS}] * 2
    assert {one.grade for one in named.qualities} == {Grade.FAIR}


def test_a_network_that_does_not_know_the_exercise_is_not_asked() -> None:
    network = Network(Answer(), exercises=("side_tap_left",))
    run = assess(SQUATS, "squat", network)
    assert network.asked == []
    assert run.qualities[0].source is JudgedBy.RULES


def test_a_network_is_not_asked_about_what_was_not_seen() -> None:
    sparse = [frame for i, frame in enumerate(SQUATS) if i % 10 == 0]
    network = Network(Answer())
    qualities = assess(sparse, "squat", network).qualities
    assert network.asked == []
    assert {q.not_judged_reason for q in qualities} == {NotJudgedReason.TOO_SHORT}


@pytest.fixture
def not_told_by_rules(tmp_path: Path) -> ExerciseLibrary:
    """The squat as an exercise whose rules do not suffice with one camera."""
    text = (ROOT / "config" / "exercises" / "squat.yaml").read_text(encoding="utf-8")
    (tmp_path / "squat.yaml").write_text(f"rules_suffice: false\n{text}", encoding="utf-8")
    return ExerciseLibrary.load(tmp_path)


def test_good_is_withheld_where_the_rules_do_not_suffice(
    not_told_by_rules: ExerciseLibrary,
) -> None:
    for quality in offline.assess(SQUATS, "squat", not_told_by_rules).qualities:
        assert quality.grade is Grade.NOT_JUDGED
        assert quality.not_judged_reason is NotJudgedReason.UNCERTAIN
        assert quality.reason.startswith("no error was found, but")
    faulty = offline.assess(VALGUS, "squat", not_told_by_rules)
    assert [quality.score for quality in faulty.qualities] == [
        quality.score for quality in assess(VALGUS, "squat").qualities
    ]
    assert faulty.codes == [{ErrorCode.KNEE_VALGUS}] * 2


def test_with_a_depth_sensor_the_rules_suffice(not_told_by_rules: ExerciseLibrary) -> None:
    measured = repeat(lambda stamp, way: [squat(stamp, way, picture=False)], 2)
    run = offline.assess(measured, "squat", not_told_by_rules)
    assert [quality.grade for quality in run.qualities] == [Grade.GOOD] * 2


def test_a_network_that_judges_does_not_need_the_rules(not_told_by_rules: ExerciseLibrary) -> None:
    run = offline.assess(SQUATS, "squat", not_told_by_rules, model=Network(Answer(score=0.9)))
    assert [quality.grade for quality in run.qualities] == [Grade.GOOD] * 2


def test_the_rules_score_where_the_network_does_not_judge_the_source() -> None:
    network = Network(Answer(score=0.2))
    network.unknown_sources = ("camera",)
    seen = [(stamp, [replace(one, source="camera") for one in people]) for stamp, people in SQUATS]
    assert [one.source for one in assess(seen, "squat", network).qualities] == [JudgedBy.RULES] * 2
    assert network.asked == []
    by_network = assess(SQUATS, "squat", network).qualities
    assert [one.source for one in by_network] == [JudgedBy.NETWORK] * 2
    assert [question["source"] for question in network.asked] == [""] * 2


def test_the_network_judges_from_its_views_only() -> None:
    network = Network(Answer(score=0.8))
    network.views = frozenset({View.SIDE})
    in_vain = assess(SQUATS, "squat", network).qualities
    assert [quality.source for quality in in_vain] == [JudgedBy.RULES] * 2
    assert [quality.not_judged_reason for quality in in_vain] == [NotJudgedReason.VIEW] * 2
    assert in_vain[0].reason == "this exercise can only be judged from a side view"
    faulty = assess(VALGUS, "squat", network)
    assert faulty.codes == [{ErrorCode.KNEE_VALGUS}] * 2
    assert {quality.grade for quality in faulty.qualities} <= {Grade.FAIR, Grade.POOR}

    from_the_side = repeat(lambda stamp, way: [squat(stamp, way, turn_deg=90.0)], 2)
    run = assess(from_the_side, "squat", network)
    assert [quality.source for quality in run.qualities] == [JudgedBy.NETWORK] * 2
