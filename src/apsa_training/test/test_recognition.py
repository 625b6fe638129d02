"""What the recogniser is trained on: camera skeletons are refined, others are not."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from apsa_perception.apsa.refinement import INPUTS, SkeletonRefinement
from apsa_perception.exercises.figure_file import load_figures
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_training.augmentation.figure_movements import exercise, frames_of
from apsa_training.data.coached_repetitions import as_coached
from apsa_training.fitting.recognition_set import constructed_set
from apsa_training.recognition import Fold, cut_by_the_coach, refined_by_strangers
from support.figures import library
from support.samples import spread

HIDDEN = 2


def raising_the_head(size: float) -> SkeletonRefinement:
    """A refinement that moves the head up by this many sizes of the body, and nothing else."""
    wide = 3 * JOINT_COUNT
    shapes = {"first": (INPUTS, HIDDEN), "second": (HIDDEN, HIDDEN), "last": (HIDDEN, wide)}
    tensors = {f"{name}.weight": np.zeros(shape, np.float32) for name, shape in shapes.items()}
    tensors |= {f"{name}.bias": np.zeros(shape[1], np.float32) for name, shape in shapes.items()}
    tensors |= {"mean": np.zeros(INPUTS, np.float32), "spread": np.ones(INPUTS, np.float32)}
    tensors["last.bias"][3 * Joint.HEAD + 1] = -size
    return SkeletonRefinement(tensors)


def test_constructed_movements_are_refined_for_cameras_only() -> None:
    found = constructed_set(library(), load_figures(), ["squat"], [0], raising_the_head(0.5))
    sensor, camera = found.rows(~found.from_camera), found.rows(found.from_camera)
    assert len(sensor.windows) == len(camera.windows) > 0
    assert sensor.family.tolist() == camera.family.tolist()
    raised = camera.windows[..., Joint.HEAD, 2] - sensor.windows[..., Joint.HEAD, 2]
    assert raised.min() > 0.1
    others = np.delete(camera.windows - sensor.windows, Joint.HEAD, axis=-2)
    assert np.abs(others).max() < 1e-3


def test_a_drawing_is_refined_by_the_fold_that_did_not_know_the_person() -> None:
    data = spread()
    first, second, recorded = data.sequences[:3]
    seen = [replace(one, seen_by="mediapipe_pose_full") for one in (first, second)]
    given = replace(data, sequences=(*seen, recorded))
    known = [Fold(raising_the_head(size), frozenset()) for size in (0.1, 0.3)]
    result = refined_by_strangers(given, np.array([1, 0, 1]), known)
    for one, size in zip(result.sequences[:2], (0.3, 0.1), strict=True):
        before = next(each for each in seen if each.name == one.name)
        expected = raising_the_head(size).refine(before.positions, before.up)
        assert np.allclose(one.positions, expected)
    assert np.array_equal(result.sequences[2].positions, recorded.positions)


def test_recordings_are_cut_to_what_the_recogniser_reads(tmp_path: Path) -> None:
    data = spread()
    folds = np.array([int(one.subject[-1]) for one in data.sequences])
    cut, fold_of_cut = cut_by_the_coach(data, folds, library(), tmp_path / "counted.json")
    assert 0 < len(cut.sequences) == len(fold_of_cut)
    whole = {one.name: one for one in data.sequences}
    for one, fold in zip(cut.sequences, fold_of_cut.tolist(), strict=True):
        assert fold == int(one.subject[-1])
        lead_in_s = 0.3  # at least, at 30 frames a second
        assert one.stamps_s[0] == 0.0
        assert one.stamps_s[-1] < whole[one.name].stamps_s[-1] + 1.2 - lead_in_s
    kept = [one.stamps_s[-1] / whole[one.name].stamps_s[-1] for one in cut.sequences]
    assert np.mean(kept) < 0.95


def test_squats_are_learned_from_whole_recordings_only(tmp_path: Path) -> None:
    data, generator = spread(), np.random.default_rng(0)
    poses = exercise(generator, load_figures()["squat"])
    once = poses[: 1 + len(poses) // 3]
    skeletons = [skeleton for _, (skeleton,) in frames_of(once, generator)]
    start_ns = skeletons[0].stamp_ns
    squat = replace(
        data.sequences[0],
        name="squat",
        family="squat",
        side=Side.BOTH,
        positions=np.stack([one.positions for one in skeletons]),
        stamps_s=np.array([(one.stamp_ns - start_ns) * 1e-9 for one in skeletons]),
        confidence=np.stack([one.confidence for one in skeletons]),
        observed=np.stack([one.observed for one in skeletons]),
    )
    both = replace(data, sequences=(*data.sequences[:8], squat))
    kept = tmp_path / "counted.json"
    folds = np.zeros(len(both.sequences), dtype=np.intp)
    cut, _ = cut_by_the_coach(both, folds, library(), kept)
    counted = {one.family for one in as_coached(both, library(), kept).sequences}
    assert {one.family for one in cut.sequences} == counted - {"squat"} != counted
