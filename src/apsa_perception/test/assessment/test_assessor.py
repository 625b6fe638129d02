"""The assessment of made-up people: order, time, people, errors, evidence."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from apsa_perception.assessment.evidence import Evidence, not_judged_reason
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.view import View
from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    Grade,
    JudgedBy,
    NotJudgedReason,
    Phase,
    Severity,
    Side,
)
from apsa_perception.model.results import ErrorSet, QualityResult, RepetitionResult, SessionStatus
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.repetition.history import LEAD_IN_NS
from support.figures import LEGS, PERIOD_NS, SECOND_NS, Frames, figure, repeat, squat
from support.runs import EXERCISES, assess, assessor

KINDS = (SessionStatus, RepetitionResult, QualityResult, ErrorSet, ErrorSet)


def squats(count: int = 3, **looks: object) -> Frames:
    return repeat(lambda stamp, way: [squat(stamp, way, **looks)], count)


def test_good_squats_are_counted_without_errors() -> None:
    run = assess(squats(), "squat")
    assert [repetition.index for repetition in run.repetitions] == [1, 2, 3]
    assert run.live_codes == set()
    assert run.codes == [set()] * 3
    assert [quality.grade for quality in run.qualities] == [Grade.GOOD] * 3
    for repetition in run.repetitions:
        assert repetition.rest_value == pytest.approx(170, abs=5)
        assert repetition.peak_value == pytest.approx(85, abs=3)
        assert repetition.duration_s == pytest.approx(1.5, abs=0.4)


@pytest.mark.parametrize("rest_s", [0.0, 1.0])
def test_the_network_sees_rest_before_a_repetition_but_nothing_of_the_one_before(
    rest_s: float,
) -> None:
    frames = repeat(lambda stamp, way: [squat(stamp, way)], 3, movement_s=1.2, rest_s=rest_s)
    run = assess(frames, "squat")
    assert len(run.repetitions) == 3 if rest_s else len(run.repetitions) >= 2
    before_ns = 0
    for repetition, quality in zip(run.repetitions, run.qualities, strict=True):
        lead_ns = repetition.start_ns - quality.window_start_ns
        assert quality.window_start_ns >= before_ns
        assert lead_ns <= LEAD_IN_NS
        if rest_s:
            assert lead_ns > LEAD_IN_NS - 2 * PERIOD_NS
        before_ns = repetition.end_ns


def test_results_of_a_frame_come_in_order_with_its_stamp() -> None:
    one = assessor()
    one.start("squat")
    for stamp, skeletons in squats():
        results = one.update(stamp, skeletons)
        places = [KINDS.index(type(result)) for result in results]
        assert places == sorted(places)
        live = results[-1]
        assert isinstance(live, ErrorSet)
        assert (live.scope, live.stamp_ns, live.body_id) == (ErrorScope.LIVE, stamp, 1)
        assert sum(isinstance(r, ErrorSet) and r.scope is ErrorScope.LIVE for r in results) == 1
        if len(results) > 2:
            assert [type(result) for result in results] == list(KINDS)


def test_live_frames_tell_phase_and_repetition() -> None:
    run = assess(squats(2), "squat")
    at = {round(one.stamp_ns / SECOND_NS, 2): one for one in run.live}
    assert (at[0.8].phase, at[0.8].repetition) == (Phase.REST, 0)
    assert (at[2.04].phase, at[2.04].repetition) == (Phase.PEAK, 1)
    assert (at[3.6].phase, at[3.6].repetition) == (Phase.REST, 1)


@pytest.mark.parametrize("step", [0, -PERIOD_NS])
def test_a_stamp_that_does_not_rise_is_refused_and_leaves_the_state(step: int) -> None:
    frames = squats()
    one, run = assessor(), Run()
    one.start("squat")
    for stamp, skeletons in frames:
        run.add(one.update(stamp, skeletons))
        with pytest.raises(ValueError, match="is not later than the last one"):
            one.update(stamp + step, skeletons)
    assert repr(run.results) == repr(assess(frames, "squat").results)


def test_the_same_frames_give_the_same_results() -> None:
    frames = squats(knees_over_ankles=0.5)
    first, second = assess(frames, "squat"), assess(frames, "squat")
    assert repr(first.results) == repr(second.results)


def test_nobody_there_is_answered_and_ends_the_repetition_under_way() -> None:
    frames = squats(2)
    gone = [
        (stamp, [] if 2.0 < stamp / SECOND_NS < 3.5 else skeletons) for stamp, skeletons in frames
    ]
    run = assess(gone, "squat")
    assert len(run.live) == len(frames)
    assert {one.body_id for one in run.live} == {0, 1}
    assert all(not one.errors and not one.measures for one in run.live if not one.body_id)
    assert [repetition.start_ns > 3.5 * SECOND_NS for repetition in run.repetitions] == [True]


def test_another_persons_half_does_not_finish_the_repetition() -> None:
    changed = [
        (stamp, [squat(stamp, 1.0 if stamp < 2.0e9 else 0.0, body_id=1 + (stamp > 2.0e9))])
        for stamp, _ in squats(1)
    ]
    assert assess(changed, "squat").repetitions == []


def test_the_larger_central_person_is_assessed_and_kept() -> None:
    def people(stamp: int, way: float) -> list[Skeleton]:
        trainer = figure(stamp, body_id=7, size=0.7, offset_px=200)
        grown = figure(stamp, body_id=8, size=1.3) if stamp > 3 * SECOND_NS else trainer
        return [grown, squat(stamp, way, body_id=3)]

    run = assess(repeat(people, 3), "squat")
    assert {one.body_id for one in run.live} == {3}
    assert len(run.repetitions) == 3


@pytest.mark.parametrize("looks", [{"knees_over_ankles": 0.6}, {"knees_over_ankles": 0.4}])
def test_knees_falling_in_are_found_live_and_in_each_repetition(looks: dict[str, object]) -> None:
    run = assess(squats(3, **looks), "squat")
    assert run.live_codes == {ErrorCode.KNEE_VALGUS}
    assert run.codes == [{ErrorCode.KNEE_VALGUS}] * 3
    assert all(quality.grade in (Grade.FAIR, Grade.POOR) for quality in run.qualities)


def test_knees_near_together_while_standing_are_no_error() -> None:
    def wide_stance(stamp: int, way: float) -> list[Skeleton]:
        return [squat(stamp, way, knees_over_ankles=0.6 + 0.4 * min(1.0, 2.0 * way))]

    assert assess(repeat(wide_stance, 3), "squat").live_codes == set()


@pytest.mark.parametrize(("turn", "found"), [(90.0, True), (-90.0, True), (0.0, False)])
def test_forward_lean_is_found_where_the_view_bears_it(turn: float, found: bool) -> None:
    def leaning(stamp: int, way: float) -> list[Skeleton]:
        return [squat(stamp, way, lean_forward_deg=10 + 50 * way, turn_deg=turn)]

    run = assess(repeat(leaning, 2), "squat")
    assert (ErrorCode.TRUNK_LEAN_FORWARD in run.live_codes) is found
    assert all((ErrorCode.TRUNK_LEAN_FORWARD in codes) is found for codes in run.codes)
    assert len(run.repetitions) == 2


def test_a_sideways_lean_is_taken_relative_to_the_persons_rest() -> None:
    crooked = squats(2, lean_left_deg=17.0)
    assert assess(crooked, "squat").live_codes == set()

    def tipping(stamp: int, way: float) -> list[Skeleton]:
        return [squat(stamp, way, lean_left_deg=-25.0 * way)]

    run = assess(repeat(tipping, 2), "squat")
    assert run.codes == [{ErrorCode.TRUNK_LEAN_LATERAL}] * 2
    assert run.verdicts[0].errors[0].side is Side.RIGHT


@pytest.mark.parametrize(
    ("depth", "severity"), [(100, None), (114, Severity.MILD), (125, Severity.MODERATE)]
)
def test_shallow_squats_count_with_insufficient_depth(
    depth: float, severity: Severity | None
) -> None:
    run = assess(squats(2, depth_deg=depth), "squat")
    assert len(run.repetitions) == 2
    for errors in (one.errors for one in run.verdicts):
        found = [error.severity for error in errors if error.code is ErrorCode.INSUFFICIENT_DEPTH]
        assert found == ([severity] if severity else [])


def test_hasty_squats_are_too_fast() -> None:
    hasty = repeat(lambda stamp, way: [squat(stamp, way)], 2, movement_s=1.1)
    assert assess(hasty, "squat").codes == [{ErrorCode.TOO_FAST}] * 2


def arms(left_deg: float, right_deg: float) -> Callable[[int, float], list[Skeleton]]:
    def make(stamp: int, way: float) -> list[Skeleton]:
        return [figure(stamp, arms_deg=(15 + way * (left_deg - 15), 15 + way * (right_deg - 15)))]

    return make


@pytest.mark.parametrize(
    ("left", "right", "side", "codes"),
    [
        (100, 100, Side.BOTH, set()),
        (100, 15, Side.LEFT, set()),
        (15, 100, Side.RIGHT, set()),
        (60, 60, Side.BOTH, {ErrorCode.INSUFFICIENT_RANGE}),
        (130, 80, Side.BOTH, {ErrorCode.ASYMMETRY}),
    ],
)
def test_arm_raises_of_one_or_both_sides(
    left: float, right: float, side: Side, codes: set[ErrorCode]
) -> None:
    run = assess(repeat(arms(left, right), 2), "arm_raise")
    assert [repetition.side for repetition in run.repetitions] == [side] * 2
    assert run.codes == [codes] * 2


def test_the_side_that_moves_less_is_the_asymmetric_one() -> None:
    (error,) = assess(repeat(arms(80, 130), 1), "arm_raise").verdicts[0].errors
    assert (error.side, error.measure) == (Side.LEFT, "side_difference")
    assert error.value == pytest.approx(50, abs=5)


def test_legs_out_of_the_picture_give_no_repetition_no_error_and_a_reason() -> None:
    run = assess(squats(hidden=LEGS, knees_over_ankles=0.3), "squat")
    assert (run.repetitions, run.live_codes) == ([], set())
    reasons = {m.reason for one in run.live for m in one.measures if m.name.startswith("knee")}
    assert reasons
    assert all("not seen" in reason for reason in reasons)


def test_a_repetition_with_too_few_seen_frames_is_counted_but_not_judged() -> None:
    def flickering(stamp: int, way: float) -> list[Skeleton]:
        hidden = LEGS if (stamp // PERIOD_NS) % 2 and way > 0.1 else ()
        return [squat(stamp, way, hidden=hidden, depth_deg=115.0)]

    run = assess(repeat(flickering, 2), "squat")
    assert len(run.repetitions) == 2
    for quality in run.qualities:
        assert quality.grade is Grade.NOT_JUDGED
        assert quality.not_judged_reason is NotJudgedReason.JOINTS_HIDDEN
        assert np.isnan(quality.score)
        assert "needs at least 70%" in quality.reason
    assert run.codes == [set()] * 2
    assert run.statuses[-1].repetitions_judged == 0


def test_a_view_that_does_not_bear_the_exercise_is_not_judged() -> None:
    def from_the_side(stamp: int, way: float) -> list[Skeleton]:
        return [figure(stamp, arms_deg=(15 + 85 * way,) * 2, turn_deg=90)]

    run = assess(repeat(from_the_side, 2), "arm_raise")
    assert [q.not_judged_reason for q in run.qualities] == [NotJudgedReason.VIEW] * 2
    assert run.qualities[0].reason.endswith("judged from a frontal or oblique view")


def test_the_reason_of_a_view_is_a_proper_sentence() -> None:
    seen = Evidence(30, 1.0, 0.0, comparable_share=0.0, confidence=1.0, view=View.FRONTAL)
    _, why = not_judged_reason(seen, EXERCISES.get("shoulder_extension"), AssessmentSettings())
    assert why == "this exercise can only be judged from an oblique or side view"


def test_too_few_frames_are_not_judged() -> None:
    sparse = [frame for i, frame in enumerate(squats(1)) if i % 10 == 0]
    (quality,) = assess(sparse, "squat").qualities
    assert quality.not_judged_reason is NotJudgedReason.TOO_SHORT


def test_skeletons_without_a_picture_are_assessed_from_every_direction() -> None:
    looks = {"knees_over_ankles": 0.5, "turn_deg": 60.0, "picture": False}
    run = assess(squats(2, **looks), "squat")
    assert run.codes == [{ErrorCode.KNEE_VALGUS}] * 2


def test_a_picture_without_places_is_no_measured_depth() -> None:
    def unplaced(stamp: int, way: float) -> list[Skeleton]:
        seen = squat(stamp, way, knees_over_ankles=0.4)
        return [replace(seen, pixels=np.full_like(seen.pixels, np.nan))]

    run = assess(repeat(unplaced, 2), "squat")
    assert run.live_codes == set()
    assert len(run.repetitions) == 2


def test_rules_are_named_as_the_judge() -> None:
    quality = assess(squats(1), "squat").qualities[0]
    assert (quality.source, quality.model_name) == (JudgedBy.RULES, "rules")
    assert 0.8 < quality.confidence <= 1.0


@pytest.mark.parametrize(
    ("field", "value"),
    [("camera_pitch_deg", 61.0), ("min_seen_share", -0.1), ("side_limit_rad", 0.3)],
)
def test_settings_out_of_range_are_refused(field: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"is .*; expected"):
        AssessmentSettings(**{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("standing", "bent", "found"),
    [
        (0.6, 0.65, True),  # below the limit and hardly moved outwards
        (0.5, 0.7, False),  # feet wide apart, knees pushed outwards
        (1.15, 0.85, True),  # feet together, knees fall inwards above the limit
        (1.15, 1.3, False),
    ],
)
def test_knees_are_judged_by_where_they_are_in_standing(
    standing: float, bent: float, found: bool
) -> None:
    frames = repeat(
        lambda stamp, way: [
            squat(stamp, way, knees_over_ankles=standing + (bent - standing) * min(1.0, 2 * way))
        ],
        2,
    )
    told = [ErrorCode.KNEE_VALGUS in codes for codes in assess(frames, "squat").codes]
    assert told == [found, found]
