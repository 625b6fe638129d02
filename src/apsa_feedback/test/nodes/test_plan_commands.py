"""The weekly plan on a real node: set, refused, removed, and deleted with the person."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from support.history_cases import PERSON

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_feedback.outputs.base import Answer
from apsa_feedback.outputs.report.weekly_plan_file import plan_path
from apsa_perception.model.codes import RequestErrorCode
from apsa_perception.nodes.assessment_node import AssessmentNode

TODAY = date.today().isoformat()
ENTRY = {"programme": "knee", "days_per_week": 3, "start": TODAY, "weeks": 6}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


@pytest.fixture
def ask(stage: Callable[..., Any], reports: Path) -> Callable[..., Answer]:
    """Asks the feedback node beside a real assessment node; returns the answer."""
    scene = stage(**{"report.dir": str(reports), "report.person": PERSON})
    scene.bench.start(
        AssessmentNode, model="none", start_session=False, person=PERSON,
        ranges_dir=str(reports.parent / "ranges"),
    )  # fmt: skip
    device = scene.start()
    scene.spin_for(0.5)

    def asked(command: str, value: str) -> Answer:
        known = len(device.answers)
        device.context.commands[command](value)
        scene.spin_until(lambda: len(device.answers) > known)
        answer: Answer = device.answers[known]
        assert answer.command == command
        return answer

    asked.device = device  # type: ignore[attr-defined]
    return asked


def test_a_plan_is_set_shown_removed_and_deleted_with_the_person(ask: Any, reports: Path) -> None:
    context = ask.device.context
    assert context.plan() == {"person": PERSON, "entries": [], "problem": ""}
    assert ask("set_plan", json.dumps(ENTRY)).success
    (entry,) = context.plan()["entries"]
    assert entry["due"] is True
    assert entry["week"] == {"done": 0, "partly": 0, "planned": 3}
    assert (entry["start"], entry["weeks"], entry["kept"]) == (TODAY, 6, None)
    assert context.people() == [PERSON]
    assert "<svg" in context.pages("")
    assert ask("remove_plan", json.dumps({"programme": "knee", "start": TODAY})).success
    assert context.plan()["entries"] == []
    assert ask("set_plan", json.dumps(ENTRY)).success
    assert ask("delete_person", PERSON).success
    assert list(reports.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "value", "code", "sentence"),
    [
        ("set_plan", {**ENTRY, "programme": "kne"}, RequestErrorCode.UNKNOWN_PROGRAMME,
         "no programme 'kne'; did you mean knee? Expected one of"),
        ("set_plan", {**ENTRY, "weeks": 0}, RequestErrorCode.UNSPECIFIED,
         "the plan: weeks is 0; expected a whole number from 1 to 104"),
        ("set_plan", [1], RequestErrorCode.UNSPECIFIED, "expected a mapping"),
        ("remove_plan", {"programme": "knee", "start": TODAY}, RequestErrorCode.UNSPECIFIED,
         "the plan has no programme 'knee' from"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused_in_one_sentence(
    ask: Any, reports: Path, command: str, value: object, code: RequestErrorCode, sentence: str
) -> None:
    refused = ask(command, json.dumps(value))
    assert (refused.success, refused.code) == (False, code)
    assert sentence in refused.message
    assert list(reports.iterdir()) == []


def test_a_file_with_a_mistake_is_not_overwritten(ask: Any, reports: Path) -> None:
    plan_path(reports, PERSON).write_text("programmes: 3\n")
    refused = ask("set_plan", json.dumps(ENTRY))
    assert f"{PERSON}_plan.yaml:1: programmes is 3; expected a list" in refused.message
    assert refused.message in ask.device.context.plan()["problem"]
    assert plan_path(reports, PERSON).read_text() == "programmes: 3\n"


def test_without_a_folder_there_is_no_plan(stage: Callable[..., Any]) -> None:
    scene = stage()
    device = scene.start()
    assert device.context.plan is None
    device.context.commands["set_plan"](json.dumps(ENTRY))
    scene.spin_until(lambda: bool(device.answers))
    assert "needs a person and a folder for reports" in device.answers[0].message
