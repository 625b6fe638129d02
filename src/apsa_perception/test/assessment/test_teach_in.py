"""A few good repetitions become an exercise that works at once."""

import resource
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.commands import assess_range, teach_in
from apsa_perception.commands.teach_in import record
from apsa_perception.exercises.definition import BodyPosture
from apsa_perception.exercises.file import write_exercise
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, ExerciseSide, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.results import ErrorSet, RepetitionResult
from support.figures import Frames, figure, repeat, squat
from support.fitness import FITNESS
from support.paths import ROOT


def counted(folder: Path, name: str, frames: Frames) -> tuple[int, set[ErrorCode]]:
    """Repetitions and errors by the exercise in the folder."""
    one = Assessor(ExerciseLibrary.load(folder), AssessmentSettings(), None)
    one.start(name)
    results = [result for stamp, people in frames for result in one.update(stamp, people)]
    repetitions = sum(isinstance(result, RepetitionResult) for result in results)
    errors = [e for result in results if isinstance(result, ErrorSet) for e in result.errors]
    return repetitions, {error.code for error in errors}


@pytest.mark.parametrize("turn", [0.0, 60.0])
def test_squats_are_taught_in(tmp_path: Path, turn: float) -> None:
    shown = repeat(lambda stamp, way: [squat(stamp, way, turn_deg=turn)], 3)
    record(shown, "my_squat", "My squat", tmp_path)
    motion = ExerciseLibrary.load(tmp_path).get("my_squat").primary
    assert motion.sides is ExerciseSide.BOTH
    assert counted(tmp_path, "my_squat", shown) == (3, set())
    short = repeat(lambda stamp, way: [squat(stamp, way, depth_deg=125.0, turn_deg=turn)], 2)
    assert counted(tmp_path, "my_squat", short) == (2, {ErrorCode.INSUFFICIENT_RANGE})


@pytest.mark.parametrize("turn", [0.0, 90.0])
def test_the_figure_of_a_taught_exercise_is_what_was_shown(tmp_path: Path, turn: float) -> None:
    shown = repeat(lambda stamp, way: [squat(stamp, way, turn_deg=turn)], 3)
    record(shown, "my_squat", "", tmp_path)
    figure = ExerciseLibrary.load(tmp_path).get("my_squat").figure
    assert figure is not None
    assert figure.turned_deg == turn
    start, middle, end = figure.bodies(3)
    heads = [body[Joint.HEAD, 2] for body in (start, middle, end)]
    assert heads == sorted(heads, reverse=True)
    assert heads[0] - heads[2] > 0.2
    thighs = [body[Joint.LEFT_KNEE] - body[Joint.LEFT_HIP] for body in (start, middle, end)]
    lengths = [float(np.linalg.norm(thigh)) for thigh in thighs]
    assert max(lengths) - min(lengths) < 0.02  # a bone turns and keeps its length
    assert start[Joint.LEFT_HIP, 1] > start[Joint.RIGHT_HIP, 1]
    assert figure.mirrored().bodies(2).shape == (2, 20, 3)


def test_a_figure_of_joints_must_be_complete(tmp_path: Path) -> None:
    record(repeat(lambda stamp, way: [squat(stamp, way)], 2), "my_squat", "", tmp_path)
    path = tmp_path / "my_squat.yaml"
    path.write_text(path.read_text().rpartition("  - [")[0])
    with pytest.raises(
        ValueError, match=r"my_squat.yaml:\d+: figure.turn is .*; expected 20 joints"
    ):
        ExerciseLibrary.load(tmp_path)


def test_who_leans_against_a_wall_is_taught_to_lean(tmp_path: Path) -> None:
    leaning = replace(FITNESS["wall_push_up"].rest, lean=35.0)
    pushed = replace(FITNESS["wall_push_up"].turn, lean=40.0)
    shown = replace(FITNESS["wall_push_up"], rest=leaning, turn=pushed).frames(3)
    record(shown, "at_wall", "", tmp_path)
    assert ExerciseLibrary.load(tmp_path).get("at_wall").posture is BodyPosture.LEANING
    assert counted(tmp_path, "at_wall", shown) == (3, set())


def test_one_arm_is_taught_in_by_its_side(tmp_path: Path) -> None:
    shown = repeat(lambda stamp, way: [figure(stamp, arms_deg=(10.0 + 130.0 * way, 10.0))], 3)
    record(shown, "my_arm", "My arm", tmp_path)
    motion = ExerciseLibrary.load(tmp_path).get("my_arm").primary
    assert (motion.measure, motion.sides) == ("shoulder_elevation", ExerciseSide.LEFT)
    assert counted(tmp_path, "my_arm", shown) == (3, set())
    fast = repeat(
        lambda stamp, way: [figure(stamp, arms_deg=(10.0 + 130.0 * way, 10.0))], 2, movement_s=0.7
    )
    assert ErrorCode.TOO_FAST in counted(tmp_path, "my_arm", fast)[1]


def test_who_squats_with_the_arms_lifted_forwards_is_taught_a_squat(tmp_path: Path) -> None:
    shown = repeat(lambda stamp, way: [squat(stamp, way, arms_deg=(10 + 140 * way,) * 2)], 3)
    record(shown, "my_squat", "", tmp_path)
    exercise = ExerciseLibrary.load(tmp_path).get("my_squat")
    assert exercise.primary.measure in ("knee_angle", "depth", "hip_angle")
    assert exercise.title == "My squat"


@pytest.mark.parametrize("hidden_frames", [3, 12])
def test_rest_is_where_the_limb_is_first_seen(tmp_path: Path, hidden_frames: int) -> None:
    shown = repeat(lambda stamp, way: [figure(stamp, arms_deg=(10.0 + 120.0 * way,) * 2)], 3)
    elbows = (Joint.LEFT_ELBOW, Joint.RIGHT_ELBOW)
    for number, (stamp, _) in enumerate(shown[:hidden_frames]):
        shown[number] = (stamp, [figure(stamp, hidden=elbows)])
    record(shown, "my_arms", "", tmp_path)
    motion = ExerciseLibrary.load(tmp_path).get("my_arms").primary
    assert motion.rest_limit == pytest.approx(10.0 + 0.4 * 120.0, abs=5.0)
    assert motion.target == pytest.approx(10.0 + 0.9 * 120.0, abs=5.0)


def test_lean_that_is_shown_is_allowed_where_the_trunk_is_first_hidden(tmp_path: Path) -> None:
    side = {"turn_deg": 90.0}
    shown = repeat(lambda stamp, way: [squat(stamp, way, lean_forward_deg=40 * way, **side)], 3)
    limits = []
    for number in (0, 12):
        for frame, (stamp, _) in enumerate(shown[:number]):
            shown[frame] = (
                stamp,
                [figure(stamp, knee_deg=(170, 170), hidden=[Joint.NECK], **side)],
            )
        path = record(shown, f"squat_{number}", "", tmp_path)
        rules = yaml.safe_load(path.read_text())["live_errors"]
        limits.append(next(r["above"] for r in rules if r["code"] == "trunk_lean_forward"))
    assert limits[0]["mild"] > 40.0
    assert limits[1]["mild"] == pytest.approx(limits[0]["mild"], abs=1.0)


def test_a_file_that_could_be_written_in_part_only_is_not_left(tmp_path: Path) -> None:
    text = (ROOT / "config/exercises/squat.yaml").read_text()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(text) // 2, before[1]))
    try:
        with pytest.raises(ValueError, match=r"squat\.yaml cannot be written: File too large"):
            write_exercise(tmp_path, "squat", text)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_what_shows_no_exercise_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    still = repeat(lambda stamp, way: [figure(stamp)], 3)
    with pytest.raises(ValueError, match="no movement larger than the measurement error was seen"):
        record(still, "still", "Still", tmp_path)
    once = repeat(lambda stamp, way: [squat(stamp, way)], 1)
    with pytest.raises(ValueError, match=r"1 repetitions of .* were found; at least 2 complete"):
        record(once, "once", "Once", tmp_path)
    with pytest.raises(ValueError, match="no movement larger than the measurement error was seen"):
        record([], "nobody", "Nobody", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["My squat", "../squat", ""])
def test_names_that_are_no_names_of_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="expected a small letter"):
        record([], name, "Title", tmp_path)


def test_an_exercise_is_not_overwritten(tmp_path: Path) -> None:
    shown = repeat(lambda stamp, way: [squat(stamp, way)], 2)
    record(shown, "my_squat", "My squat", tmp_path)
    with pytest.raises(ValueError, match="exists already"):
        record(shown, "my_squat", "My squat", tmp_path)


@pytest.mark.slow
def test_a_clip_is_taught_in_and_assessed_by_the_commands(
    clip: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = str(clip("squat_front.mp4"))
    folder = str(tmp_path / "exercises")
    taught = ["--source", source, "--name", "my_squat", "--folder", folder]
    assert teach_in.main(taught) == 0
    assessed = ["--source", source, "--exercise", "my_squat", "--exercises", folder]
    assert assess_range.main([*assessed, "--person", "P-1", "--folder", str(tmp_path)]) == 0
    ranges = PersonalRanges.load(tmp_path, "P-1").excursions
    assert ranges["my_squat", Side.BOTH] == pytest.approx(65.0, abs=10.0)
    assert assess_range.main([*assessed, "--person", "Anna", "--folder", str(tmp_path)]) == 2
    assert teach_in.main([*taught[2:], "--source", "no.mp4"]) == 2
    assert capsys.readouterr().err.count("\n") == 2
