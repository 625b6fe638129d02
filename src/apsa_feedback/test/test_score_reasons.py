"""What a score lacks, as page and report say it."""

import math
from dataclasses import replace

import numpy as np
import pytest

from apsa_feedback.outputs.report.records import ErrorRecord, RepetitionRecord
from apsa_feedback.outputs.report.score_sentences import score_sentences
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.stream.score_reasons import Cost, costs_of
from apsa_perception.model.codes import ErrorCode, Grade, JudgedBy, Severity
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.results import ErrorResult, QualityResult
from apsa_perception.model.score_costs import PENALTY
from support.feedback_cases import book, error, repetition, session
from support.figures import repeat, squat
from support.runs import assess

MILD_DEPTH = error(ErrorCode.INSUFFICIENT_DEPTH, Severity.MILD, measure="knee_angle")
SEVERE_KNEES = error(severity=Severity.SEVERE)
TEMPO = error(ErrorCode.RETURN_TOO_FAST, measure="tempo_back")


@pytest.mark.parametrize(
    ("score", "errors", "expected"),
    [
        (1.0, (), []),
        (0.94, (), [Cost("", 6)]),
        (0.75, (MILD_DEPTH,), [Cost("insufficient_depth", 25)]),
        (0.75, (MILD_DEPTH, TEMPO), [Cost("insufficient_depth", 25)]),
        (
            0.28,
            (MILD_DEPTH, SEVERE_KNEES),
            [Cost("knee_valgus", 42), Cost("insufficient_depth", 9), Cost("", 2)],
        ),
        (0.9, (SEVERE_KNEES,), []),  # these errors do not make this score
    ],
)  # fmt: skip
def test_what_a_score_of_the_rules_lacks(
    score: float, errors: tuple[ErrorResult, ...], expected: list[Cost]
) -> None:
    assert costs_of(score, errors) == expected


def test_the_costs_of_a_real_repetition_lead_back_to_100() -> None:
    run = assess(repeat(lambda stamp, way: [squat(stamp, way, depth_deg=116.0)], 2), "squat")
    for quality, verdict in zip(run.qualities, run.verdicts, strict=True):
        assert quality.source is JudgedBy.RULES
        costs = costs_of(quality.score, verdict.errors)
        assert costs[0].name == "insufficient_depth"
        kept = math.prod(1.0 - PENALTY[each.severity] for each in verdict.errors)
        (target,) = [cost.points for cost in costs if not cost.name]
        assert round(100 * (kept - quality.score)) == target > 0


def shown(*errors: ErrorResult, **changes: object) -> list[str]:
    """Why the page says a repetition has its score."""
    content = ScreenContent(book())
    content.on_event(session())
    for event in repetition(4.0, 1, *errors):
        if isinstance(event, QualityResult):
            event = replace(event, **changes)  # type: ignore[arg-type]
        content.on_event(event)  # type: ignore[arg-type]
    (quality,) = content.state()["qualities"]
    why: list[str] = quality["why"]
    return why


def test_the_page_says_what_cost_a_score() -> None:
    rules, lost = shown(SEVERE_KNEES, score=0.36, grade=Grade.POOR)
    assert "without any" in rules
    assert lost == "Points to gain: Knees inwards +54, Short of the target +4"
    assert shown(grade=Grade.NOT_JUDGED, score=math.nan) == []


def test_the_page_names_no_cause_of_a_score_of_the_network() -> None:
    relevance = np.full(JOINT_COUNT, 0.5 / (JOINT_COUNT - 2))
    relevance[[Joint.LEFT_KNEE, Joint.PELVIS]] = 0.3, 0.2
    network = {"source": JudgedBy.NETWORK, "score": 0.4, "grade": Grade.POOR}
    lines = shown(SEVERE_KNEES, joint_relevance=relevance, **network)
    assert "It names no cause." in lines[0]
    assert lines[1:] == ["Weighed most: Knee (left), Pelvis", "Errors: Knees inwards"]
    assert len(shown(**network)) == 1


def test_the_report_names_what_cost_most_on_average() -> None:
    fault = ErrorRecord(
        "knee_valgus", int(Severity.SEVERE), "both", 0, 1, "knee_valgus", 1, 1, "deg"
    )
    one = RepetitionRecord(1, "both", 0, 1, 2, 2, 170, 90, 90, judged_by="rules 1")
    good, poor = replace(one, score=1.0), replace(one, score=0.4, errors=[fault])
    network = replace(one, score=0.3, judged_by="apsa 2.2.0", weighed="left_knee pelvis")
    unjudged = replace(one, errors=[fault])
    lines = score_sentences([good, poor, network, unjudged], book().words)
    assert "Points to gain (Average): Knees inwards +30" in lines
    assert "Weighed most: Knee (left), Pelvis" in lines
    assert score_sentences([unjudged], book().words) == []
