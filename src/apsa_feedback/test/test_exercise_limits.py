"""Which limits an exercise applies, and how a frame's measures stand to them."""

from dataclasses import replace

import pytest

from apsa_feedback.outputs.screen.exercise_limits import limits_of, states_of
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, Phase, Severity, Side
from apsa_perception.model.results import MeasureResult
from support.feedback_cases import book, error, live, repetition

LIBRARY = ExerciseLibrary.load()
SQUAT = LIBRARY.get("squat")
LEAN = "trunk_lean_forward"


def measure(name: str, value: float, side: Side = Side.BOTH, reason: str = "") -> MeasureResult:
    return MeasureResult(name, value, "deg", side, reason)


def test_the_limits_are_those_of_the_file() -> None:
    limits = limits_of(SQUAT, book())
    by_measure = {(one["measure"], one["relative"]): one for one in limits if not one["quantity"]}
    lean = by_measure[LEAN, False]
    assert (lean["low"], lean["high"], lean["unit"]) == ([], [45, 55, 65], "deg")
    assert lean["severities"] == ["mild", "moderate", "severe"]
    assert lean["word"] == "Leaning forward"
    sideways = by_measure["trunk_lean_lateral", True]  # both signs, from rest
    assert (sideways["low"], sideways["high"]) == ([-15, -20, -30], [15, 20, 30])
    knees = by_measure["knee_separation_ratio", False]
    assert (knees["low"], knees["high"], knees["unit"]) == ([0.75, 0.65, 0.55], [], "1")


def test_limits_of_repetitions_have_the_value_of_the_last_one() -> None:
    shallow = error(ErrorCode.INSUFFICIENT_DEPTH, Severity.MILD, measure="knee_angle")
    measures = (measure("knee_angle", 112.0), MeasureResult("duration", 1.5, "s"))
    *_, last = repetition(3.0, 1, shallow, measures=measures)
    for seen, expected in (
        (None, {"peak": (None, "unjudged"), "duration": (None, "unjudged")}),
        (last, {"peak": (112.0, "mild"), "duration": (1.5, "inside")}),
    ):
        found = {one["quantity"]: one for one in limits_of(SQUAT, book(), seen)}  # type: ignore[arg-type]
        assert {name: (found[name]["value"], found[name]["state"]) for name in expected} == expected
        assert (found["peak"]["unit"], found["duration"]["unit"]) == ("deg", "s")
        assert found["side_difference"]["value"] is None  # it was not measured


def test_a_position_shows_its_bounds_and_whether_it_is_kept() -> None:
    sit = LIBRARY.get("wall_sit")
    assert sit.hold is not None
    bound = sit.hold.position[0]
    shown = [one for one in limits_of(sit, book()) if one["measure"] == bound.measure]
    assert (shown[0]["low"], shown[0]["high"]) == ([bound.low], [bound.high])
    middle = (bound.low + bound.high) / 2
    for value, state in ((middle, "inside"), (bound.high + 1, "beyond"), (bound.low - 1, "beyond")):
        assert states_of(live(0.0, measures=(measure(bound.measure, value),)), sit) == [state]


@pytest.mark.parametrize(
    ("value", "phase", "state"),
    [
        (44.0, Phase.PEAK, "inside"),
        (46.0, Phase.PEAK, "beyond"),
        (46.0, Phase.REST, "off"),  # the limit does not hold at rest
    ],
)
def test_a_value_beyond_a_limit_is_shown_before_the_error(
    value: float, phase: Phase, state: str
) -> None:
    frame = replace(live(0.0, measures=(measure(LEAN, value),)), phase=phase)
    assert states_of(frame, SQUAT) == [state]


def test_a_value_beyond_a_limit_is_never_called_within_it() -> None:
    narrow = (measure("knee_separation_ratio", 0.62),)  # the limit is 0.75, from halfway down
    for phase in (Phase.REST, Phase.OUTWARD, Phase.PEAK):
        frame = replace(live(0.0, measures=narrow), phase=phase)
        assert states_of(frame, SQUAT) == ["off"]
    assert states_of(live(0.0, measures=(measure("knee_separation_ratio", 0.9),)), SQUAT) == [
        "inside"
    ]


def test_a_raised_error_marks_the_measure_and_the_side_that_show_it() -> None:
    sides = tuple(measure("knee_valgus", 20.0, side) for side in (Side.LEFT, Side.RIGHT))
    frame = live(0.0, error(severity=Severity.SEVERE, side=Side.LEFT), measures=sides)
    assert states_of(frame, SQUAT) == ["severe", "off"]  # both are beyond 18 degrees
    both = live(0.0, error(), measures=sides)
    assert states_of(both, SQUAT) == ["moderate", "moderate"]


def test_what_is_not_measured_or_has_no_limit_is_not_called_good() -> None:
    measures = (measure(LEAN, float("nan"), reason="not visible"), measure("knee_angle", 90.0))
    assert states_of(live(0.0, measures=measures), SQUAT) == ["unjudged", "free"]


def test_limits_from_rest_count_once_their_error_is_raised() -> None:
    measures = (measure("trunk_lean_lateral", 16.0),)
    assert states_of(live(0.0, measures=measures), SQUAT) == ["inside"]
    raised = error(ErrorCode.TRUNK_LEAN_LATERAL, Severity.MILD, measure="trunk_lean_lateral")
    assert states_of(live(0.0, raised, measures=measures), SQUAT) == ["mild"]


@pytest.mark.parametrize("name", LIBRARY.names)
def test_every_exercise_has_words_and_units_for_its_limits(name: str) -> None:
    for limit in limits_of(LIBRARY.get(name), book()):
        assert limit["low"] or limit["high"]
        assert (
            limit["measure"]
            or f"therapist_{limit['quantity']}" in book().words
            or (limit["quantity"] in ("range", "side_difference", "duration"))
        )
