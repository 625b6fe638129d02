"""Training of the shipped weights: refinement, folds, limits, figures; on a few repetitions."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from apsa_perception.apsa.domain import CameraRecognition, Domain
from apsa_perception.apsa.predictor import QualityModel
from apsa_perception.apsa.refinement import SkeletonRefinement, normalised, refinement_input
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import MIRROR_INDEX, Joint
from apsa_perception.model.paths import share_dir
from apsa_training.camera.drawn_files import load_drawn
from apsa_training.config.configurations import ShippedWeightsConfig
from apsa_training.config.reader import load_config
from apsa_training.data.folds import FoldConfig
from apsa_training.data.sequence_builders import moving_side
from apsa_training.data.sequences import MotionData
from apsa_training.data.window_set import joined, prepare, rows_of, without_joints
from apsa_training.evaluation.fold_weights import cross_validate_weights
from apsa_training.evaluation.quality_figures import quality_figures, table
from apsa_training.fitting.refinement_fit import (
    drawn_frames,
    fit_refinement,
    refined,
    with_mirrored_input,
)
from apsa_training.fitting.shipped_model import fit_recognition, quality_data
from apsa_training.fitting.training_set import TrainingSet, combined_folds, training_set
from support.samples import DRAWN, sample

CONFIG = load_config(ShippedWeightsConfig, "shipped_weights")
QUICK = replace(CONFIG.refinement, epochs=30, batch=64, hidden=32)
FOLDS = {"irds": FoldConfig("random_subjects", subjects=2, seed=5)}


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    library = ExerciseLibrary.load(share_dir("apsa_perception") / "config" / "exercises")
    folder = tmp_path_factory.mktemp("training")
    ignored = {"side_tap": ("left_wrist", "right_wrist")}
    return training_set([sample()], [DRAWN], library, ignored, folder)


def test_refinement_brings_what_a_camera_saw_nearer_to_the_truth() -> None:
    frames = drawn_frames([DRAWN])
    rows = np.arange(len(frames.subject))
    seen = frames.seen.astype(np.float64)
    fitted = fit_refinement(frames, rows, QUICK, seed=0)

    def error(joints: np.ndarray) -> float:
        return float(np.linalg.norm(joints - frames.true, axis=-1).mean())

    found = fitted.joints_of(frames.given)
    assert error(found) < 0.6 * error(seen)
    again = fit_refinement(frames, rows, QUICK, seed=0)
    assert np.array_equal(again.joints_of(frames.given), found)
    untilted = frames.given.copy()
    untilted[:, -3:] = (0.0, -1.0, 0.0)
    level = fitted.joints_of(untilted)
    assert error(level) < 1.2 * error(found), "a camera whose tilt is not known"


def test_mirrored_frames_are_read_as_if_the_mirror_image_had_been_seen() -> None:
    drawn = next(iter(load_drawn(DRAWN).sequences))
    scaled, up = normalised(drawn.positions)[1], np.array([0.1, -0.9, -0.4])
    sign = np.array([-1.0, 1.0, 1.0])
    both = with_mirrored_input(refinement_input(scaled, up))
    seen, mirrored = np.split(both, 2)
    assert np.array_equal(seen, refinement_input(scaled, up))
    expected = refinement_input(scaled[:, MIRROR_INDEX] * sign, up * sign)
    assert np.allclose(mirrored, expected, atol=1e-6)


def test_only_recordings_of_a_camera_are_refined() -> None:
    frames = drawn_frames([DRAWN])
    fitted = fit_refinement(frames, np.arange(50), replace(QUICK, epochs=1), seed=0)
    sensor = sample()
    assert refined(sensor, fitted).sequences[0] is sensor.sequences[0]


def test_cameras_are_told_from_depth_sensors(training: TrainingSet) -> None:
    recognition, accuracy = fit_recognition(training)
    assert accuracy > 0.9
    assert isinstance(recognition, CameraRecognition)
    told = [recognition.is_camera(one.positions) for one in training.camera[0].sequences]
    assert np.mean(told) > 0.9


def test_the_side_is_that_of_the_limb_that_moves() -> None:
    still = np.zeros((40, 20, 3))
    moving = still.copy()
    moving[:, Joint.LEFT_WRIST, 1] = np.sin(np.linspace(0, 6, 40))
    assert moving_side(moving, "elbow_flexion", Side.RIGHT) is Side.LEFT
    assert moving_side(moving, "elbow_flexion", Side.LEFT) is Side.LEFT
    both = moving.copy()
    both[:, Joint.RIGHT_WRIST] = moving[:, Joint.LEFT_WRIST]
    assert moving_side(both, "elbow_flexion", Side.RIGHT) is Side.RIGHT
    assert moving_side(moving, "shoulder_forward_elevation", Side.BOTH) is Side.BOTH


def test_joined_sets_keep_rows_and_name_subjects_by_their_data_set() -> None:
    one = prepare(sample())
    whole = joined([one, replace(one, source="other")])
    assert len(whole) == 2 * len(one)
    assert whole.subject[0] == f"irds-{one.subject[0]}"
    assert whole.subject[-1] == f"other-{one.subject[-1]}"
    back = rows_of(whole, np.arange(len(one)))
    assert np.array_equal(back.windows, one.windows)
    with pytest.raises(ValueError, match="different families"):
        joined([one, replace(one, families=(*one.families, "more"))])


def test_ignored_joints_are_not_valid_in_their_families_only() -> None:
    data = prepare(sample())
    name = data.families[0]
    masked = without_joints(data, {name: ("left_wrist",), "unknown": ("left_knee",)})
    own = data.family == 0
    assert not masked.joint_valid[own, Joint.LEFT_WRIST].any()
    assert np.array_equal(masked.joint_valid[~own], data.joint_valid[~own])


def test_folds_of_several_data_sets_keep_people_together() -> None:
    subjects = np.array(["irds-101", "irds-102", "ui_prmd-1", "ui_prmd-2", "irds-101"])
    folds = {
        "irds": FoldConfig("irds_published"),
        "ui_prmd": FoldConfig("random_subjects", subjects=1, seed=0),
    }
    found = combined_folds(subjects, folds)
    assert found[0] == found[4] == 1
    assert found[1] == 4
    assert set(found[2:4].tolist()) == {0, 1}


def in_both_folds() -> MotionData:
    """Repetitions whose labels are changed so that both folds have correct ones of each family."""
    data = sample()
    families = ("elbow_flexion", "shoulder_abduction", "shoulder_flexion")
    incorrect = ("102_18_1", "204_18_3")
    return replace(
        data,
        sequences=tuple(
            replace(one, correct=int(not one.name.startswith(incorrect)))
            for one in data.sequences
            if one.family in families
        ),
    )


@pytest.mark.slow
def test_weights_of_folds_do_not_know_the_people_they_judge(tmp_path: Path) -> None:
    library = ExerciseLibrary.load(share_dir("apsa_perception") / "config" / "exercises")
    training = training_set([in_both_folds()], [DRAWN], library, {}, tmp_path)
    data = quality_data(training, FOLDS, QUICK, 0, tmp_path)
    camera, coached = data.windows.from_camera, data.windows.as_coached
    drawn = [one for one in training.camera[0].sequences if one.family in training.families]
    assert (camera & ~coached).sum() == len(drawn)
    assert 0 < (camera & coached).sum() <= len(drawn)
    assert (~camera & coached).sum() == training.sensor.as_coached.sum() > 0
    quick = replace(
        CONFIG, training=replace(CONFIG.training, epochs=2, batch=8, soft_target_share=0.0)
    )
    recognition, _ = fit_recognition(training)
    results = cross_validate_weights(data, recognition, quick, tmp_path)
    assert ((results.score >= 0.0) & (results.score <= 1.0)).all()
    for k, path in enumerate(results.files):
        model = QualityModel.load(path)
        known = model.header.training["subjects"]
        assert isinstance(known, list)
        assert not set(known) & set(data.windows.subject[data.fold == k].tolist())
        assert set(model.header.limits) == set(Domain)
    figures = quality_figures(data.windows, results.score, results.doubted)
    assert set(figures) == {
        "irds recorded", "irds recorded, as coached", "irds drawn", "irds drawn, as coached",
    }  # fmt: skip
    for own in figures.values():
        assert own["told_correct_of_correct"] <= own["judged"]
    assert "irds drawn" in table(figures)


def test_a_refinement_is_fitted_on_other_people_than_it_refines(
    training: TrainingSet, tmp_path: Path
) -> None:
    quick = replace(QUICK, epochs=1)
    data = quality_data(training, FOLDS, quick, 0, tmp_path)
    rows = np.flatnonzero(combined_folds(training.frames.subject, FOLDS) != 0)
    alone = fit_refinement(training.frames, rows, quick, 0)
    stored = SkeletonRefinement(load_file(tmp_path / "refinement-0.safetensors"))
    one = training.camera[0].sequences[0]
    refined_by = [each.refine(one.positions, one.up) for each in (alone, stored)]
    assert np.array_equal(*refined_by)
    here = data.windows.from_camera & (data.fold == 0)
    wanted = training.camera_windows(alone)
    rows_here = combined_folds(wanted.subject, FOLDS) == 0
    assert np.allclose(data.windows.windows[here], wanted.windows[rows_here])
    assert np.array_equal(data.windows.as_coached[here], wanted.as_coached[rows_here])
