"""A therapist changes limits of errors on real nodes: judged by, kept, refused, deleted."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from support.history_cases import PERSON

pytest.importorskip("rclpy", reason="rclpy is not installed")

from apsa_msgs.msg import ExerciseErrorArray, SkeletonArray

from apsa_feedback.coaching.translation import translated
from apsa_feedback.outputs.base import Answer
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.assessment.personal_ranges import limits_path
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.qos import RESULTS
from support.bench import Bench
from support.feedback_cases import book
from support.figures import repeat, squat
from support.stage import Stage

DEPTH = "insufficient_depth:peak"
CHANGE = {"exercise": "squat", "error": DEPTH, "limit": 122.0}


class Coach:
    """The feedback node beside a real assessment node, to which skeletons are played."""

    def __init__(self, stage: Callable[..., Stage], folder: Path) -> None:
        self.ranges, self.reports = folder / "ranges", folder / "reports"
        self.scene = stage(**{"report.dir": str(self.reports), "report.person": PERSON})
        self.node = self.scene.bench.start(
            AssessmentNode, model="none", person=PERSON, ranges_dir=str(self.ranges)
        )
        self.verdicts: list[ExerciseErrorArray] = []
        peer = self.scene.peer
        peer.create_subscription(ExerciseErrorArray, "errors", self._on_errors, RESULTS)
        self.publisher = peer.create_publisher(SkeletonArray, "skeletons", RESULTS)
        self.device = self.scene.start()
        self.scene.spin_until(lambda: self.publisher.get_subscription_count() == 2)
        self.scene.spin_for(0.5)
        self._later_ns, self._frames = 0, 0

    def _on_errors(self, message: ExerciseErrorArray) -> None:
        self._frames += message.scope == ExerciseErrorArray.LIVE
        if message.scope == ExerciseErrorArray.REPETITION:
            self.verdicts.append(message)

    def squat(self) -> list[float]:
        """Do a squat that is not deep enough; return the limits of its errors."""
        known, frames = (
            len(self.verdicts),
            list(repeat(lambda stamp, way: [squat(stamp, way, depth_deg=118.0)], 1)),
        )
        for stamp_ns, people in frames:
            later = stamp_ns + self._later_ns
            shifted = [replace(one, stamp_ns=later) for one in people]
            done = self._frames
            message = skeletons_to_msg(shifted, header(later, "camera"), (960, 540), "test")
            self.publisher.publish(message)
            self.scene.spin_until(lambda done=done: self._frames > done)
        self._later_ns += frames[-1][0] + 40_000_000
        self.scene.spin_until(lambda: len(self.verdicts) > known)
        return [error.limit for error in self.verdicts[-1].errors]

    def ask(self, command: str, value: str) -> Answer:
        """Ask for something; return the answer to it."""
        known = len(self.device.answers)
        self.device.context.commands[command](value)
        self.scene.spin_until(lambda: len(self.device.answers) > known)
        answer: Answer = self.device.answers[known]
        assert answer.command == command
        return answer

    def shows(self, limits: PersonalLimits) -> bool:
        """Whether the newest limits that outputs got are these."""
        return bool(self.device.limits) and self.device.limits[-1] == limits


@pytest.fixture
def coach(stage: Callable[..., Stage], tmp_path: Path) -> Coach:
    return Coach(stage, tmp_path)


def test_a_limit_is_changed_kept_reported_and_reset(coach: Coach) -> None:
    assert coach.squat() == [pytest.approx(110.0)]
    assert coach.ask("set_limit", json.dumps({**CHANGE, "limit": 100})).success
    stricter = PersonalLimits({("squat", DEPTH): 100.0})
    coach.scene.spin_until(lambda: coach.shows(stricter))
    assert coach.squat() == [pytest.approx(100.0)]
    assert PersonalLimits.load(limits_path(coach.ranges, PERSON)) == stricter
    assert coach.ask("set_limit", json.dumps(CHANGE)).success
    assert coach.squat() == []
    coach.device.context.commands["stop"]()
    coach.scene.spin_until(lambda: any(coach.reports.glob("*.html")))
    (report,) = coach.reports.glob("*.json")
    (noted,) = json.loads(report.read_text())["limits"]
    assert (noted["error"], noted["limit"], noted["usual"]) == ("insufficient_depth", 122.0, 110.0)
    assert "error above 122° (Exercise: 110°)" in report.with_suffix(".html").read_text()
    assert coach.ask("set_limit", json.dumps({**CHANGE, "limit": None})).success
    coach.scene.spin_until(lambda: coach.shows(PersonalLimits()))
    assert not limits_path(coach.ranges, PERSON).exists()


def test_limits_are_those_of_the_person_of_now(coach: Coach) -> None:
    own = PersonalLimits({("squat", DEPTH): 122.0})
    own.save(limits_path(coach.ranges, "P-018"))
    coach.device.context.commands["stop"]()
    coach.scene.spin_for(0.3)
    coach.device.answers.clear()
    assert coach.ask("choose_person", "P-018").success
    coach.scene.spin_until(lambda: coach.shows(own))
    assert PersonalLimits.of_text(coach.node.settings.own_limits) == own
    coach.scene.spin_for(0.2)
    assert coach.ask("delete_person", "P-018").success
    coach.scene.spin_for(0.5)
    assert coach.node.settings.own_limits == ""
    assert not limits_path(coach.ranges, "P-018").exists()
    assert coach.ask("choose_person", "").success  # nobody
    refused = coach.ask("set_limit", json.dumps(CHANGE))
    assert "no person is chosen" in refused.message
    assert translated(refused.message, book("de")).locale == "de"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({**CHANGE, "limit": 85}, "expected more than the target, 90"),
        ({**CHANGE, "limit": 500}, "is 500; expected -180 to 180 deg"),
        ({**CHANGE, "error": "depth"}, "squat has no error 'depth'"),
        ({**CHANGE, "exercise": "squash"}, "no exercise 'squash'"),
        ({**CHANGE, "limit": "5"}, "expected a JSON object such as"),
        ({**CHANGE, "limit": True}, "expected a JSON object such as"),
        ({"exercise": "squat"}, "expected a JSON object such as"),
        ([], "expected a JSON object such as"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_in_one_sentence(
    coach: Coach, change: object, sentence: str
) -> None:
    refused = coach.ask("set_limit", json.dumps(change))
    assert not refused.success
    assert sentence in refused.message
    assert coach.node.settings.own_limits == ""
    assert not coach.ranges.exists()
    # The page asks for nothing but an object with an exercise, an error and a number.
    shown = translated(refused.message, book("de"))
    assert (shown.locale == "de") == ("JSON" not in sentence)


def test_a_folder_that_cannot_be_written_refuses_the_change(coach: Coach) -> None:
    coach.ranges.write_text("a file")
    refused = coach.ask("set_limit", json.dumps(CHANGE))
    assert "cannot be written" in refused.message
    assert coach.node.settings.own_limits == ""
    assert coach.squat() == [pytest.approx(110.0)]


def test_limits_are_not_set_before_the_start_and_are_read_at_it(
    bench: Bench, tmp_path: Path
) -> None:
    own = PersonalLimits({("squat", DEPTH): 122.0})
    own.save(limits_path(tmp_path, PERSON))
    given = {"model": "none", "person": PERSON, "ranges_dir": str(tmp_path)}
    node = bench.start(AssessmentNode, **given)
    assert PersonalLimits.of_text(node.settings.own_limits) == own
    node.trigger_deactivate()
    node.trigger_cleanup()
    assert node.settings.own_limits == ""
    assert PersonalLimits.load(limits_path(tmp_path, PERSON)) == own
    node.start()
    assert PersonalLimits.of_text(node.settings.own_limits) == own
    with pytest.raises(ParameterError, match="own_limits is set before the start"):
        bench.start(AssessmentNode, own_limits=own.text, **given)
