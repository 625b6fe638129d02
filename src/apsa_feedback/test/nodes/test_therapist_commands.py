"""What a therapist asks for reaches a real session, and the outcome comes back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.history_cases import PERSON, write_weeks

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_feedback.coaching.translation import translated
from apsa_feedback.outputs.base import Answer
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.model.codes import RequestErrorCode, Side
from apsa_perception.nodes.assessment_node import AssessmentNode
from support.feedback_cases import book
from support.stage import Stage


class Coach:
    """The feedback node beside a real assessment node."""

    def __init__(self, stage: Callable[..., Stage], folder: Path) -> None:
        self.reports = folder / "reports"
        self.reports.mkdir()
        write_weeks(self.reports)
        ranges = folder / "ranges"
        self.scene = stage(
            **{
                "report.dir": str(self.reports),
                "report.person": PERSON,
                "ranges_dir": str(ranges),
            }
        )
        self.assessment = self.scene.bench.start(
            AssessmentNode,
            model="none",
            start_session=False,
            person=PERSON,
            ranges_dir=str(ranges),
            own_exercises_dir=str(folder / "exercises"),
        )
        self.device = self.scene.start()
        self.scene.spin_for(0.5)

    def ask(self, command: str, *value: str) -> Answer:
        """Ask for something; return the answer to it."""
        known = len(self.device.answers)
        self.device.context.commands[command](*value)
        self.scene.spin_until(lambda: len(self.device.answers) > known)
        answer: Answer = self.device.answers[known]
        assert answer.command == command
        return answer


@pytest.fixture
def coach(stage: Callable[..., Stage], tmp_path: Path) -> Coach:
    return Coach(stage, tmp_path)


def test_people_who_have_only_a_measured_range_are_listed(coach: Coach, tmp_path: Path) -> None:
    ranges = PersonalRanges({("squat", Side.BOTH): 80.0})
    ranges.save(tmp_path / "ranges", "P-099")
    (tmp_path / "ranges" / "notes.json").write_text("{}")
    assert coach.device.context.people() == [PERSON, "P-099"]
    assert coach.ask("choose_person", "P-099").success


def test_another_person_is_chosen_for_session_and_reports(coach: Coach) -> None:
    device = coach.device
    assert device.context.people() == [PERSON]
    assert "<svg" in device.context.pages("")
    assert coach.ask("choose_person", "P-018").success
    assert coach.assessment.settings.person == "P-018"
    assert coach.scene.node.settings.report.person == "P-018"
    assert device.people == ["P-018"]
    assert device.context.people() == [PERSON, "P-018"]
    assert "<svg" not in device.context.pages("")
    assert coach.ask("choose_person", "").success  # nobody
    assert (coach.assessment.settings.person, device.people[-1]) == ("", "")
    assert device.context.pages("") is None


def test_a_name_and_a_change_during_a_session_are_refused_on_both_sides(coach: Coach) -> None:
    refused = coach.ask("choose_person", "Anna")
    assert (refused.success, refused.code) == (False, RequestErrorCode.INVALID_PERSON)
    assert coach.ask("start").success
    refused = coach.ask("choose_person", "P-018")
    assert not refused.success
    assert "cannot choose another person: the session is running" in refused.message
    assert translated(refused.message, book("de")).locale == "de"
    assert coach.assessment.settings.person == PERSON
    assert coach.scene.node.settings.report.person == PERSON
    assert coach.device.people == []


def test_targets_are_read_changed_and_refused_with_the_values_that_hold(coach: Coach) -> None:
    before = coach.ask("targets").values
    assert before["target_repetitions"] == 0
    assert coach.ask("set_target", json.dumps({"target_repetitions": 8})).success
    coach.scene.spin_until(lambda: coach.device.answers[-1].command == "targets")
    assert coach.device.answers[-1].values == {**before, "target_repetitions": 8}
    coach.scene.spin_until(
        lambda: any(getattr(e, "target_repetitions", 0) == 8 for e in coach.device.events)
    )
    refusals = ('{"target_repetitions": -1}', '{"exercise": "lunge"}', "[1]", "{")
    for value in (*refusals, '{"pain_limit": true}', '{"target_repetitions": 1e99}'):
        refused = coach.ask("set_target", value)
        assert not refused.success
        assert refused.message
        coach.scene.spin_for(0.2)
    assert coach.assessment.settings.target_repetitions == 8


@pytest.mark.parametrize(
    ("command", "value", "code"),
    [
        ("assess_range", (), RequestErrorCode.TOO_FEW_REPETITIONS),
        ("record_reference", ('{"name": "my_squat", "repetitions": 3}',), None),
        ("record_reference", ('{"name": "Squat!"}',), RequestErrorCode.INVALID_NAME),
        ("record_reference", ('{"name": "squat"}',), RequestErrorCode.EXERCISE_EXISTS),
        ("record_reference", ('{"name": "a", "repetitions": 2.5}',), RequestErrorCode.UNSPECIFIED),
        ("record_reference", ("null",), RequestErrorCode.UNSPECIFIED),
        ("exercise", ("nothing",), RequestErrorCode.UNKNOWN_EXERCISE),
    ],
)
def test_each_request_is_answered_with_its_reason(
    coach: Coach, command: str, value: tuple[str, ...], code: RequestErrorCode | None
) -> None:
    assert coach.ask("start").success
    answer = coach.ask(command, *value)
    assert answer.success is (code is None)
    assert answer.code is (code or RequestErrorCode.NONE)
    assert answer.message


def test_a_deletion_is_answered_and_the_person_is_gone(coach: Coach) -> None:
    refused = coach.ask("delete_person", "P-018")
    assert not refused.success
    assert coach.ask("delete_person", PERSON).success
    assert list(coach.reports.iterdir()) == []


def test_without_an_assessment_node_the_request_is_refused(stage: Callable[..., Any]) -> None:
    scene = stage()
    device = scene.start()
    for command, value in (("pause", ()), ("choose_person", ("P-018",)), ("set_target", ("{}",))):
        device.answers.clear()
        device.context.commands[command](*value)
        scene.spin_until(lambda: bool(device.answers))
        assert not device.answers[0].success
        assert "is not available" in device.answers[0].message
    assert device.people == []


def test_the_chosen_person_is_kept_after_a_crash_and_forgotten_after_an_end(
    stage: Callable[..., Stage], tmp_path: Path
) -> None:
    state = {"state_dir": str(tmp_path / "state")}
    scene = stage(**state)
    assessment = scene.bench.start(AssessmentNode, model="none", start_session=False, **state)
    device = scene.start()
    scene.spin_for(0.5)
    device.context.commands["choose_person"]("P-018")
    scene.spin_until(lambda: device.people == ["P-018"])
    kept = sorted((tmp_path / "state").glob("*.person"))
    texts = [file.read_text() for file in kept]
    assert texts == ["P-018", "P-018"]
    for node in (scene.node, assessment):
        node.trigger_deactivate()
        node.trigger_cleanup()
    assert not any(file.exists() for file in kept)
    for file, text in zip(kept, texts, strict=True):  # as a crash leaves it
        file.write_text(text)
    again = stage(**state)
    judge = scene.bench.start(AssessmentNode, model="none", start_session=False, **state)
    assert again.start().context.person == "P-018"
    assert judge.settings.person == "P-018"
