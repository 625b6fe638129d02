"""Expected results: what of a replay is kept, and which differences are found."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from apsa_feedback.commands.compare_results import main
from apsa_feedback.expected.comparison import Tolerance, compare
from apsa_feedback.expected.files import read_expected, write_expected
from apsa_feedback.expected.outcome import Counted, Found, Outcome, Said, outcome_of, read_results

VALGUS = Found("knee_valgus", "both", "mild", 0.68, "1")
SQUAT = Counted(
    1, 1, 1, "squat", "both", 0.3, 1.6, 89.6, "deg", "fair", 0.7, "none", errors=(VALGUS,)
)
OUTCOME = Outcome(
    (SQUAT, replace(SQUAT, number=2, start_s=3.0, end_s=4.4)),
    (replace(VALGUS, at_s=0.8),),
    (Said("session_started", 0.0), Said("knee_valgus", 0.8), Said("session_ended", 5.0)),
)


def differences(found: Outcome, tolerance: Tolerance | None = None) -> list[str]:
    checks = compare(OUTCOME, found, tolerance or Tolerance())
    return [f"{check.name}: {each}" for check in checks for each in check.differences]


def changed(**values: Any) -> Outcome:
    return replace(OUTCOME, repetitions=(replace(SQUAT, **values), OUTCOME.repetitions[1]))


def stamp(seconds: float) -> dict[str, int]:
    return {"sec": int(seconds), "nanosec": round(seconds % 1 * 1e9)}


def error(severity: int) -> dict[str, Any]:
    return {
        "code": 100,
        "side": 0,
        "severity": severity,
        "measure": "knee_separation_ratio",
        "value": 0.68,
        "unit": "1",
    }


def live(at_s: float, *errors: dict[str, Any]) -> dict[str, Any]:
    message = {"body_id": 1, "scope": 0, "repetition": 1, "errors": list(errors)}
    return {"topic": "/apsa/errors", "stamp": at_s, "message": message}


ROWS: list[dict[str, Any]] = [
    {"topic": "/apsa/cue", "stamp": 0.0, "message": {"key": "session_started"}},
    live(100.0),
    live(100.5, error(1)),
    live(101.0, error(1)),
    live(101.5, error(2)),
    live(102.0),
    {
        "topic": "/apsa/repetitions",
        "stamp": 102.0,
        "message": {
            "body_id": 1,
            "exercise": "squat",
            "index": 1,
            "side": 0,
            "start": stamp(100.25),
            "end": stamp(101.75),
            "peak_value": 89.6,
            "unit": "deg",
        },
    },
    {
        "topic": "/apsa/quality",
        "stamp": 102.0,
        "message": {
            "body_id": 1,
            "repetition": 1,
            "score": None,
            "grade": 0,
            "not_judged_reason": 0,
        },
    },
    {
        "topic": "/apsa/errors",
        "stamp": 102.0,
        "message": {"body_id": 1, "scope": 1, "repetition": 1, "errors": [error(2)]},
    },
]


def test_an_outcome_counts_from_the_first_frame_and_keeps_what_was_raised() -> None:
    outcome = outcome_of(ROWS)
    (repetition,) = outcome.repetitions
    assert (repetition.start_s, repetition.end_s) == (0.25, 1.75)
    assert (repetition.grade, repetition.score) == ("not_judged", None)
    assert [each.severity for each in repetition.errors] == ["moderate"]
    assert [(each.severity, each.at_s) for each in outcome.live_errors] == [
        ("mild", 0.5),
        ("moderate", 1.5),
    ]
    assert outcome.cues == (Said("session_started", 0.0),)


def test_repetitions_of_a_second_session_are_kept() -> None:
    again = [{**row, "stamp": row["stamp"] + 10.0} for row in ROWS]
    outcome = outcome_of([*ROWS, *again])
    assert [(one.session, one.number) for one in outcome.repetitions] == [(1, 1), (2, 1)]
    assert [len(one.errors) for one in outcome.repetitions] == [1, 1]


def test_the_same_is_as_expected_within_the_tolerance() -> None:
    assert differences(OUTCOME) == []
    assert differences(changed(score=0.715, peak=91.0, end_s=1.65)) == []


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (changed(score=0.6), "score is 0.6, expected 0.7 ± 0.02"),
        (changed(score=None), "score is none, expected 0.7"),
        (changed(peak=95.0), "peak is 95 deg, expected 89.6 deg ± 2"),
        (changed(start_s=0.6), "start is 0.6 s, expected 0.3 s ± 0.1"),
        (changed(grade="good"), "grade is good, expected fair"),
        (changed(errors=()), "error knee_valgus both is missing"),
        (
            changed(errors=(VALGUS, replace(VALGUS, name="asymmetry"))),
            "error asymmetry both is not expected",
        ),
        (
            changed(errors=(replace(VALGUS, severity="severe"),)),
            "severity of error knee_valgus both is severe, expected mild",
        ),
        (
            changed(errors=(replace(VALGUS, value=0.75),)),
            "value of error knee_valgus both is 0.75, expected 0.68 ± 0.03",
        ),
    ],
)
def test_a_difference_of_a_repetition_is_told(found: Outcome, sentence: str) -> None:
    assert differences(found) == [f"session 1, repetition 1 of person 1: {sentence}"]


def test_missing_and_unexpected_repetitions_live_errors_and_cues_are_told() -> None:
    found = Outcome(
        (SQUAT, replace(SQUAT, number=3)),
        (),
        (Said("session_started", 0.0), Said("praise", 3.0), Said("session_ended", 5.5)),
    )
    assert differences(found) == [
        "session 1, repetition 2 of person 1: missing",
        "session 1, repetition 3 of person 1: not expected",
        "live errors: knee_valgus both mild at 0.8 s is missing",
        "cues: knee_valgus at 0.8 s is missing",
        "cues: praise at 3.0 s is not expected",
        "cues: session_ended is 5.5 s, expected 5 s ± 0.1",
    ]


def test_a_file_of_expected_results_gives_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "expected.json"
    write_expected(path, OUTCOME, Tolerance(deg=5.0))
    assert read_expected(path) == (OUTCOME, Tolerance(deg=5.0))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"format": 9}, "format is not 1"),
        ({"tolerance": {"score": -1}}, "tolerance score is -1"),
        ({"tolerance": {"angle": 1}}, "unknown key angle"),
        ({"cues": [{"key": 3, "at_s": 0.0}]}, "key is 3"),
        ({"cues": [{"key": "count"}]}, "at_s"),
        ({"extra": 1}, "extra: unknown"),
        ({"repetitions": 4}, "not iterable"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    path = tmp_path / "expected.json"
    write_expected(path, OUTCOME, Tolerance())
    content = json.loads(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match=r"expected results .* cannot be used: .*") as error:
        read_expected(path)
    assert reason in str(error.value)


def test_the_command_writes_compares_and_ends_with_1_where_results_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results, expected = tmp_path / "results.jsonl", tmp_path / "expected.json"
    junit = tmp_path / "junit.xml"
    results.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")
    assert main([str(results), "--write-expect", str(expected)]) == 0
    assert main([str(results), "--expect", str(expected)]) == 0
    assert "as expected (repetitions: 1)" in capsys.readouterr().out
    results.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS[:-1]), encoding="utf-8")
    assert main([str(results), "--expect", str(expected), "--junit", str(junit)]) == 1
    assert "error knee_valgus both is missing" in capsys.readouterr().out
    suite = ElementTree.parse(junit).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")


def test_what_is_no_results_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text('{"topic": 3}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="is not a results file"):
        read_results(path)
    assert main([str(path), "--expect", str(tmp_path / "none.json")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
