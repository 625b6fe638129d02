"""The figures of the exercises: the coach counts their movement as it counts that of a person."""

from pathlib import Path

import numpy as np
import pytest

from apsa_perception.exercises.figure import Figure
from apsa_perception.exercises.figure_file import load_figures
from apsa_perception.exercises.figure_pose import FigurePose
from apsa_perception.model.codes import ExerciseSide, HoldState
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton
from support.figures import PERIOD_NS, SIZE, Frames
from support.paths import ROOT
from support.runs import EXERCISES, assess

FIGURES = load_figures(ROOT / "config" / "figures.yaml")
PIXELS_PER_METRE = 150.0
SECONDS = 3.0


def skeleton(figure: Figure[FigurePose], body: FloatArray, stamp_ns: int) -> Skeleton:
    """The figure before a camera; the picture is no mirror."""
    turn = np.radians(figure.turned_deg)
    axes = [(-np.sin(turn), 0, -np.cos(turn)), (np.cos(turn), 0, -np.sin(turn)), (0, -1, 0)]
    positions = (body - body[Joint.PELVIS]) @ np.array(axes)
    pixels = np.array(SIZE) / 2 + PIXELS_PER_METRE * positions[:, :2]
    seen = np.ones(JOINT_COUNT, dtype=np.bool_)
    return Skeleton(stamp_ns, 1, positions, pixels, np.full(JOINT_COUNT, 0.9), seen, SIZE)


def frames(figure: Figure[FigurePose], shares: FloatArray) -> Frames:
    """The figure at shares of the way from start to turning point."""
    bodies = figure.bodies(101)
    stamps = range(PERIOD_NS, PERIOD_NS * (len(shares) + 1), PERIOD_NS)
    return [
        (stamp, [skeleton(figure, bodies[round(100 * share)], stamp)])
        for stamp, share in zip(stamps, shares.tolist(), strict=True)
    ]


def test_every_exercise_has_a_figure() -> None:
    assert set(FIGURES) == set(EXERCISES.names)


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_the_coach_counts_what_the_figure_shows_and_finds_no_error(name: str) -> None:
    figure, exercise = FIGURES[name], EXERCISES.get(name)
    still = np.zeros(50)
    way = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, round(SECONDS / 2 * 25)))
    if exercise.hold is not None:
        run = assess(frames(figure, np.concatenate([still, way, np.ones(75)])), name)
        assert any(one.state is HoldState.HELD and one.held_s > 1.5 for one in run.holds)
        return
    repetition = np.concatenate([way, way[::-1], still])
    run = assess(frames(figure, np.concatenate([still, repetition, repetition])), name)
    assert len(run.repetitions) == 2
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
