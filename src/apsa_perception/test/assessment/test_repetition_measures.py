"""What is measured of a repetition as a whole, and rules that use it."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, Phase
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import MeasureResult
from apsa_perception.model.skeleton import Skeleton
from support.figures import Frames, figure, repeat, squat
from support.paths import ROOT
from support.runs import assess

SQUAT = ROOT / "config" / "exercises" / "squat.yaml"
LEFT_FOOT = (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT)
FEET = (*LEFT_FOOT, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_FOOT)


def measured(run: Run, name: str) -> list[MeasureResult]:
    """A quantity of each repetition."""
    sets = run.verdicts
    return [measure for one in sets for measure in one.measures if measure.name == name]


def squats(**looks: Any) -> Frames:
    return repeat(lambda stamp, way: [squat(stamp, way, **looks)], 2)


def swaying(stamp_ns: int, way: float, joints: tuple[Joint, ...], size_m: float) -> Skeleton:
    """A squat whose feet go to and fro against the pelvis, once in 0.5 s."""
    one = squat(stamp_ns, way)
    shift = size_m * math.sin(2.0 * math.pi * stamp_ns * 1e-9 / 0.5)
    one.positions[list(joints), 0] += shift
    return one


def test_range_and_tempo_follow_from_the_repetition() -> None:
    def of(quantity: str, movement_s: float) -> MeasureResult:
        frames = repeat(lambda stamp, way: [squat(stamp, way)], 1, movement_s=movement_s)
        return measured(assess(frames, "squat"), quantity)[0]

    assert of("range", 2.0).value == pytest.approx(85.0, abs=4.0)
    for quantity in ("duration", "outward_duration", "return_duration"):
        assert of(quantity, 6.0).value == pytest.approx(2.0 * of(quantity, 3.0).value, rel=0.15)
    ways = of("outward_duration", 3.0).value + of("return_duration", 3.0).value
    assert of("duration", 3.0).value == pytest.approx(ways)
    # What one view of one person always adds is not in a difference of two of its values.
    assert of("range", 2.0).uncertainty < 0.7 * of("knee_angle", 2.0).uncertainty


def test_a_smooth_repetition_is_smoother_than_one_with_stops() -> None:
    def in_steps(stamp_ns: int, way: float) -> list[Skeleton]:
        return [squat(stamp_ns, way + math.sin(way * 8.0 * math.pi) / (8.0 * math.pi))]

    smooth, stopping = (
        measured(assess(repeat(make, 2, movement_s=3.0), "squat"), "smoothness")
        for make in (lambda stamp, way: [squat(stamp, way)], in_steps)
    )
    assert min(one.value for one in smooth) > -1.8
    assert max(one.value for one in stopping) < min(one.value for one in smooth) - 0.4


def test_smoothness_is_not_judged_of_few_pictures_or_of_a_small_movement() -> None:
    slow = assess(squats()[::4], "squat")
    assert {one.reason for one in measured(slow, "smoothness")} == {
        "not judged: the frame rate is below 15 frames a second"
    }
    doubtful = []
    for stamp, people in repeat(lambda stamp, way: [squat(stamp, way, depth_deg=125.0)], 2):
        people[0].confidence[:] = 0.55
        doubtful.append((stamp, people))
    reasons = {one.reason for one in measured(assess(doubtful, "squat"), "smoothness")}
    assert reasons == {
        "not judged: the movement is too small compared with the error of its measure"
    }


@pytest.mark.parametrize("size_m", [0.02, 0.06])
def test_sway_is_the_spread_of_the_pelvis_over_the_feet(size_m: float) -> None:
    run = assess(repeat(lambda stamp, way: [swaying(stamp, way, FEET, size_m)], 2), "squat")
    for one in measured(run, "sway"):
        assert one.value == pytest.approx(size_m / math.sqrt(2), rel=0.1)
        assert one.unit == "m"


def test_a_lifted_foot_that_moves_is_no_sway() -> None:
    run = assess(repeat(lambda stamp, way: [swaying(stamp, way, LEFT_FOOT, 0.06)], 2), "squat")
    assert max(one.value for one in measured(run, "sway")) < 0.005


def test_sway_is_trusted_less_the_more_the_body_is_turned_and_not_from_the_side() -> None:
    facing, turned = (measured(assess(squats(turn_deg=t), "squat"), "sway")[0] for t in (0, 25))
    assert turned.uncertainty > 1.05 * facing.uncertainty
    side = measured(assess(squats(turn_deg=90), "squat"), "sway")[0]
    assert (side.judged, side.reason) == (False, "not judged: it needs a frontal view")


def test_sway_needs_a_foot_to_stand_on() -> None:
    feet = (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)

    def raised(stamp: int, way: float) -> list[Skeleton]:
        arm = 10.0 + 120.0 * way
        return [figure(stamp, arms_deg=(arm, arm), hidden=feet)]

    (sway,) = measured(assess(repeat(raised, 1), "arm_raise"), "sway")
    assert sway.reason == "not judged: the supporting foot was not visible"


@pytest.mark.parametrize(
    ("rule", "make", "phase"),
    [
        (
            {"code": "unsteady", "quantity": "sway", "above": {"mild": 0.02, "severe": 0.1}},
            lambda stamp, way: [swaying(stamp, way, FEET, 0.06)],
            Phase.UNKNOWN,
        ),
        (
            {"code": "jerky", "quantity": "smoothness", "below": {"mild": -1.8}},
            lambda stamp, way: [squat(stamp, way + math.sin(way * 25.0) / 25.0)],
            Phase.UNKNOWN,
        ),
        (
            {"code": "too_fast", "quantity": "return_duration", "below": {"mild": 1.5}},
            lambda stamp, way: [squat(stamp, way)],
            Phase.RETURN,
        ),
        (
            {"code": "insufficient_range", "quantity": "range", "below": {"mild": 100}},
            lambda stamp, way: [squat(stamp, way)],
            Phase.PEAK,
        ),
    ],
)
def test_a_rule_of_an_exercise_may_use_each_quantity(
    tmp_path: Path, rule: dict[str, Any], make: Any, phase: Phase
) -> None:
    values = yaml.safe_load(SQUAT.read_text())
    values["live_errors"] = []
    values["repetition_errors"] = [{**rule, "joints": ["pelvis"]}]
    (tmp_path / "squat.yaml").write_text(yaml.safe_dump(values))
    one = Assessor(ExerciseLibrary.load(tmp_path), AssessmentSettings(), None)
    one.start("squat")
    run = Run()
    for stamp, people in repeat(make, 1):
        run.add(one.update(stamp, people))
    (error,) = run.verdicts[0].errors
    assert error.code is ErrorCode[rule["code"].upper()]
    assert (error.measure, error.phase) == (rule["quantity"], phase)
    assert 0.5 < error.probability <= 1.0
    assert np.isfinite(error.value)
