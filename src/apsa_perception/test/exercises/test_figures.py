"""The figures of the exercises: the coach counts their movement as it counts that of a person."""

from pathlib import Path

import numpy as np
import pytest

from apsa_perception.exercises.figure_file import load_figures
from apsa_perception.model.codes import ExerciseSide, HoldState, NotJudgedReason
from apsa_perception.model.joints import Joint
from support.moving_figures import STILL, figure_frames, repetitions, way
from support.paths import ROOT
from support.runs import EXERCISES, assess

FIGURES = load_figures(ROOT / "config" / "figures.yaml")


def test_every_exercise_has_a_figure() -> None:
    assert set(FIGURES) == set(EXERCISES.names)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_the_coach_counts_what_the_figure_shows_and_finds_no_error(name: str) -> None:
    figure, exercise = FIGURES[name], EXERCISES.get(name)
    if exercise.hold is not None:
        run = assess(figure_frames(figure, np.concatenate([STILL, way(1.5), np.ones(75)])), name)
        assert any(one.state is HoldState.HELD and one.held_s > 1.5 for one in run.holds)
        return
    run = assess(figure_frames(figure, repetitions(2)), name)
    assert len(run.repetitions) == 2
    reasons = {one.not_judged_reason for one in run.qualities}
    assert NotJudgedReason.ANOTHER_EXERCISE not in reasons
    assert run.codes == [set(), set()]
    if exercise.side is ExerciseSide.LEFT:
        assert run.repetitions[0].side.name == "LEFT"


def test_a_figure_stands_on_the_floor_and_is_seen_as_in_a_mirror() -> None:
    figure = FIGURES["shoulder_abduction_left"]
    bodies = figure.bodies(5)
    assert np.allclose(bodies[..., 2].min(axis=1), 0.0)
    seen = figure.seen(bodies[-1])
    assert seen[Joint.LEFT_HAND, 0] < seen[Joint.RIGHT_HAND, 0]
    assert seen[Joint.LEFT_HAND, 1] < seen[Joint.HEAD, 1]
    other = figure.mirrored().bodies(5)[-1]
    assert other[Joint.RIGHT_HAND, 2] > other[Joint.HEAD, 2]


def test_a_mistake_in_the_file_has_its_line_and_what_is_expected(tmp_path: Path) -> None:
    file = tmp_path / "figures.yaml"
    file.write_text("squat:\n  turned_deg: 40\n  turn:\n    thigh: [80]\n")
    with pytest.raises(ValueError, match=r"figures.yaml:4: squat.turn.thigh is .*two for left and"):
        load_figures(file)
