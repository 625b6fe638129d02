"""The enums of the code have the values of the message constants."""

import math
import re
from enum import IntEnum

import pytest
from apsa_msgs.msg import (
    Cue,
    ExerciseError,
    ExerciseErrorArray,
    ExerciseQuality,
    Hold,
    Joint3D,
    Measure,
    Repetition,
    RequestError,
    Session,
)

from apsa_perception.model import codes
from apsa_perception.model.joints import Joint
from support.paths import ROOT

PAIRS = [
    (Joint, Joint3D, ""),
    (codes.ErrorCode, ExerciseError, ""),
    (codes.Severity, ExerciseError, ""),
    (codes.Side, ExerciseError, ""),
    (codes.Side, Measure, ""),
    (codes.Side, Repetition, ""),
    (codes.Side, Hold, ""),
    (codes.HoldState, Hold, ""),
    (codes.Phase, Repetition, "PHASE_"),
    (codes.Grade, ExerciseQuality, ""),
    (codes.NotJudgedReason, ExerciseQuality, "REASON_"),
    (codes.SessionState, Session, ""),
    (codes.SessionEvent, Session, "EVENT_"),
    (codes.ExerciseSide, Session, "SIDE_"),
    (codes.Missing, Session, "MISSING_"),
    (codes.SetEnd, Session, "SET_END_"),
    (codes.ExerciseKind, Session, "KIND_"),
    (codes.RequestErrorCode, RequestError, ""),
    (codes.CuePriority, Cue, ""),
    (codes.ErrorScope, ExerciseErrorArray, ""),
]


@pytest.mark.parametrize(("enum", "message", "prefix"), PAIRS)
def test_enum_values_are_those_of_the_message(
    enum: type[IntEnum], message: type, prefix: str
) -> None:
    in_message = {member.name: getattr(message, prefix + member.name) for member in enum}
    assert {member.name: member.value for member in enum} == in_message


def test_judged_by_is_the_same_in_scores_and_errors() -> None:
    rules, network = codes.JudgedBy.RULES, codes.JudgedBy.NETWORK
    assert (rules, network) == (ExerciseQuality.RULES, ExerciseQuality.NETWORK)
    assert (rules, network) == (ExerciseError.RULE, ExerciseError.NETWORK)
    assert codes.JudgedBy.RULES_AND_NETWORK == ExerciseError.RULE_AND_NETWORK


def test_no_constant_of_a_message_lacks_its_enum_value() -> None:
    in_enums: dict[type, set[str]] = {
        ExerciseQuality: {"RULES", "NETWORK"},
        ExerciseError: {"RULE", "NETWORK", "RULE_AND_NETWORK"},
    }
    for enum, message, prefix in PAIRS:
        in_enums.setdefault(message, set()).update(prefix + member.name for member in enum)
    for message, names in in_enums.items():
        text = (ROOT / "src/apsa_msgs/msg" / f"{message.__name__}.msg").read_text()
        assert set(re.findall(r"^\w+ ([A-Z][A-Z0-9_]*) *=", text, re.MULTILINE)) == names


def test_error_codes_lie_in_the_published_ranges() -> None:
    ranges = {100: "leg", 200: "trunk", 300: "range", 400: "symmetry", 500: "tempo", 900: "network"}
    assert {code // 100 * 100 for code in codes.ErrorCode} == set(ranges)


@pytest.mark.parametrize(("score", "grade"), [(0.0, 1), (0.49, 1), (0.5, 2), (0.79, 2), (0.8, 3)])
def test_grade_of_a_score(score: float, grade: int) -> None:
    assert codes.Grade.of_score(score) == grade


@pytest.mark.parametrize("score", [math.nan, math.inf, -0.01, 1.01])
def test_what_is_no_score_has_no_grade(score: float) -> None:
    with pytest.raises(ValueError, match="expected 0 to 1"):
        codes.Grade.of_score(score)
