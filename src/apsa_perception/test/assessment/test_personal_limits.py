"""Limits of errors that were changed for one person."""

import stat
from pathlib import Path

import pytest

from apsa_perception.assessment import offline
from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.personal_limits import PersonalLimits, rules_by_key
from apsa_perception.assessment.personal_ranges import PersonalRanges, limits_path
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.codes import (
    ErrorCode,
    ErrorScope,
    RequestError,
    RequestErrorCode,
    Severity,
    Side,
)
from apsa_perception.model.results import AssessmentResult, ErrorResult, ErrorSet
from apsa_perception.programmes.definition import with_target
from support.figures import SECOND_NS, Frames, repeat, squat
from support.poses import STANDING, WALL_SIT, through
from support.runs import EXERCISES

SQUAT = EXERCISES.get("squat")
DEPTH = "insufficient_depth:peak"
LEAN = "trunk_lean_forward:trunk_lean_forward"
DEEP = ErrorCode.INSUFFICIENT_DEPTH


def own(**limits: float) -> PersonalLimits:
    """Limits of the squat by key, ``__`` for its colon."""
    return PersonalLimits({("squat", k.replace("__", ":")): v for k, v in limits.items()})


def squats(count: int, depth_deg: float) -> Frames:
    return repeat(lambda stamp, way: [squat(stamp, way, depth_deg=depth_deg)], count)


def run(frames: Frames, limits: PersonalLimits, excursion: float | None = None) -> Run:
    excursions = {} if excursion is None else {("squat", Side.BOTH): excursion}
    ranges = PersonalRanges(excursions, limits)
    return offline.assess(frames, "squat", EXERCISES, ranges=ranges)


def depth_errors(found: Run) -> list[ErrorResult]:
    return [error for one in found.verdicts for error in one.errors if error.code is DEEP]


def test_a_changed_limit_is_used_and_reported_and_the_severities_move_with_it() -> None:
    assert run(squats(1, 118.0), PersonalLimits()).codes == [{DEEP}]
    assert run(squats(1, 118.0), own(insufficient_depth__peak=122.0)).codes == [set()]
    (error,) = depth_errors(run(squats(1, 118.0), own(insufficient_depth__peak=95.0)))
    assert (error.limit, error.severity) == (95.0, Severity.SEVERE)


def test_a_limit_that_was_set_counts_more_than_the_persons_range() -> None:
    assert run(squats(1, 118.0), PersonalLimits(), excursion=50.0).codes == [set()]
    strict = run(squats(1, 118.0), own(insufficient_depth__peak=100.0), excursion=50.0)
    assert strict.codes == [{DEEP}]


def changing(frames: Frames, changes: dict[int, PersonalLimits], exercise: str = "squat") -> Run:
    """A session during which limits change at stamps."""
    assessor = Assessor(EXERCISES, AssessmentSettings(), None)
    assessor.start(exercise)
    results: list[AssessmentResult] = []
    for stamp_ns, people in frames:
        if stamp_ns in changes:
            assessor.use_limits(changes[stamp_ns])
        results += assessor.update(stamp_ns, people)
    return Run(results)


def test_a_change_holds_from_the_next_repetition_on() -> None:
    frames = list(squats(3, 118.0))
    second = run(frames, PersonalLimits()).repetitions[1]
    within = [s for s, _ in frames if second.start_ns + 500_000_000 < s < second.end_ns]
    for stamp_ns in (within[0], second.peak_ns, within[-1]):
        found = changing(frames, {stamp_ns: own(insufficient_depth__peak=122.0)})
        assert found.codes == [{DEEP}, {DEEP}, set()]


def test_a_limit_of_every_frame_is_changed_and_reset_while_the_session_runs() -> None:
    frames = list(squats(3, 85.0))
    first, second, _ = run(frames, PersonalLimits()).repetitions
    wide = own(knee_valgus__knee_separation_ratio=3.0)
    found = changing(frames, {first.peak_ns: wide, second.peak_ns: PersonalLimits()})
    valgus = [ErrorCode.KNEE_VALGUS in codes for codes in found.codes]
    assert valgus == [False, True, False]
    limits = {e.limit for one in found.verdicts for e in one.errors}
    assert limits == {3.0}


def test_in_a_hold_a_change_holds_from_the_next_hold_on() -> None:
    frames = through(
        (0.0, STANDING), (2.0, STANDING), (3.0, WALL_SIT), (8.0, WALL_SIT), (9.0, STANDING),
        (11.0, STANDING), (12.0, WALL_SIT), (17.0, WALL_SIT), (18.0, STANDING), (20.0, STANDING),
    )  # fmt: skip
    deeper = PersonalLimits({("wall_sit", "insufficient_depth:depth"): 100.0})
    halfway = next(stamp for stamp, _ in frames if stamp > 5 * SECOND_NS)
    found = changing(frames, {halfway: deeper}, "wall_sit")
    sets = [one for one in found.results if isinstance(one, ErrorSet)]
    holds = [one for one in sets if one.scope is ErrorScope.HOLD]
    assert [{error.code for error in one.errors} for one in holds] == [set(), {DEEP}]
    assert [error.limit for error in holds[1].errors] == [100.0]


def test_every_error_of_every_exercise_has_a_key_of_its_own_and_can_keep_its_limit() -> None:
    for exercise in EXERCISES:
        rules = rules_by_key(exercise)
        assert len(rules) == len(exercise.live_rules) + len(exercise.repetition_rules)
        same = PersonalLimits({(exercise.name, k): r.limits.first for k, r in rules.items()})
        same.check(EXERCISES, PersonalLimits())
        limits = [rule.limits for rule in rules_by_key(same.applied(exercise)).values()]
        assert limits == [rule.limits for rule in rules.values()]
    assert {"knee_valgus:knee_separation_ratio", "knee_valgus:knee_separation_ratio:2"} <= set(
        rules_by_key(SQUAT)
    )


@pytest.mark.parametrize(
    ("key", "limit", "sentence"),
    [
        (LEAN, 500.0, f"the limit of {LEAN} in squat is 500; expected -180 to 180 deg"),
        (DEPTH, 85.0, "expected more than the target, 90: else every repetition would be an error"),
        ("too_fast:duration", -1.0, "is -1; expected 0 to 60 s"),
        ("trunk_lean_lateral:trunk_lean_lateral", -5.0, "is -5; expected 0 to 180 deg"),
        ("nothing:peak", 1.0, "squat has no error 'nothing:peak'; expected one of knee_valgus:"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_in_one_sentence(
    key: str, limit: float, sentence: str
) -> None:
    limits = PersonalLimits({("squat", key): limit})
    with pytest.raises(ValueError, match=r".") as refused:
        limits.check(EXERCISES, PersonalLimits())
    assert sentence in str(refused.value)
    limits.check(EXERCISES, limits)  # it was there before; the file may have been edited
    assert limits.applied(SQUAT) == SQUAT


def test_a_changed_limit_of_both_signs_says_so() -> None:
    limits = own(trunk_lean_lateral__trunk_lean_lateral=18.0, insufficient_depth__peak=95.0)
    found = {each.error: each.bidirectional for each in limits.changed(SQUAT)}
    assert found == {"trunk_lean_lateral": True, "insufficient_depth": False}


def test_in_a_set_with_another_target_no_limit_lies_beyond_it() -> None:
    limits = own(insufficient_depth__peak=95.0)
    (changed,) = limits.changed(SQUAT)
    assert (changed.error, changed.limit, changed.usual) == ("insufficient_depth", 95.0, 110.0)
    easier = with_target(SQUAT, 100.0)
    assert limits.applied(easier) == easier


@pytest.mark.parametrize("text", ["[1]", "{", '{"squat": 3}', '{"squat": {"a": true}}',
                                  '{"squat": {"a": NaN}}', '{"squat": {"a": "5"}}'])  # fmt: skip
def test_a_text_that_has_no_limits_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected a JSON object such as"):
        PersonalLimits.of_text(text)
    limits_path(tmp_path, "P-1").write_text(text)
    with pytest.raises(RequestError, match=r"P-1_limits\.json cannot be read") as refused:
        PersonalRanges.load(tmp_path, "P-1")
    assert refused.value.code is RequestErrorCode.NOT_READ


def test_limits_are_kept_beside_the_ranges_and_deleted_with_them(tmp_path: Path) -> None:
    limits = own(insufficient_depth__peak=95.0)
    path = limits_path(tmp_path / "people", "P-017")
    limits.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ranges = PersonalRanges({("squat", Side.BOTH): 61.5})
    ranges.save(tmp_path / "people", "P-017")
    known = PersonalRanges.load(tmp_path / "people", "P-017")
    assert (known.excursions, known.own) == (ranges.excursions, limits)
    assert PersonalLimits.of_text(limits.text) == limits
    limits.with_limit("squat", DEPTH, None).save(path)
    assert not path.exists()
    limits.save(path)
    PersonalRanges.delete(tmp_path / "people", "P-017")
    assert list((tmp_path / "people").iterdir()) == []
