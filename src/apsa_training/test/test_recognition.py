"""What the recogniser is trained on: camera skeletons are refined, others are not."""

from dataclasses import replace

import numpy as np

from apsa_perception.apsa.refinement import INPUTS, SkeletonRefinement
from apsa_perception.exercises.figure_file import load_figures
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_training.fitting.recognition_set import constructed_set
from apsa_training.recognition import Fold, refined_by_strangers
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
