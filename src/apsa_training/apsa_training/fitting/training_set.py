"""What the shipped weights are trained on: recorded and drawn repetitions, whole and as coached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.refinement import SkeletonRefinement
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.camera.drawn_files import load_drawn
from apsa_training.data.assessment_frames import main_view
from apsa_training.data.coached_repetitions import as_coached
from apsa_training.data.folds import FoldConfig, folds_of
from apsa_training.data.sequences import MotionData
from apsa_training.data.window_set import WindowSet, joined, prepare, without_joints
from apsa_training.fitting.refinement_fit import DrawnFrames, drawn_frames, refined


@dataclass(frozen=True)
class TrainingSet:
    """Recordings and drawings of some data sets.

    Attributes:
        recorded: recordings of depth sensors.
        sensor: their windows, whole recordings and as the coach cuts them.
        camera: drawings as recordings of a camera, not refined, without constructed errors, which
            may be too small to see.
        camera_cut: the same as the coach cuts them.
        frames: the frames of the drawings, for the refinement.
        view_of: view of the camera in each drawing, by the name of the recording.
        families: all families.
        ignored: joints that do not count, by family.
    """

    recorded: tuple[MotionData, ...]
    sensor: WindowSet
    camera: tuple[MotionData, ...]
    camera_cut: tuple[MotionData, ...]
    frames: DrawnFrames
    view_of: Mapping[str, View]
    families: tuple[str, ...]
    ignored: Mapping[str, tuple[str, ...]]

    def camera_windows(self, refinement: SkeletonRefinement) -> WindowSet:
        """Refined windows of all drawings, whole and as the coach cuts them."""
        windows = [
            prepare(refined(each, refinement), self.families)
            for each in (*self.camera, *self.camera_cut)
        ]
        return without_joints(joined(windows), self.ignored)


def training_set(
    recorded: Sequence[MotionData],
    drawn: Sequence[Path],
    library: ExerciseLibrary,
    ignored: Mapping[str, tuple[str, ...]],
    folder: Path,
) -> TrainingSet:
    """Build the training set.

    Args:
        recorded: data sets of a depth sensor.
        drawn: packed drawings of them.
        library: the exercises, by which the coach counts.
        ignored: joints that do not count, by family.
        folder: where the coach's counting is kept.
    """
    families = tuple(sorted({one.family for data in recorded for one in data.sequences}))
    whole = [prepare(data, families) for data in recorded]
    cut = [
        prepare(as_coached(data, library, folder / f"coached-{data.source}.json"), families)
        for data in recorded
    ]
    seen = [_as_recorded(load_drawn(path)) for path in drawn]
    return TrainingSet(
        recorded=tuple(recorded),
        sensor=without_joints(joined([*whole, *cut]), ignored),
        camera=tuple(seen),
        camera_cut=tuple(
            as_coached(data, library, folder / f"coached-{data.source}-drawn.json") for data in seen
        ),
        frames=drawn_frames(drawn),
        view_of={one.name: main_view(one) for data in seen for one in data.sequences},
        families=families,
        ignored=ignored,
    )


def _as_recorded(data: MotionData) -> MotionData:
    return replace(data, sequences=tuple(one for one in data.sequences if not one.faults))


def combined_folds(
    subjects: npt.NDArray[np.str_], folds: Mapping[str, FoldConfig]
) -> npt.NDArray[np.intp]:
    """Fold of each subject, whose name begins with that of the data set.

    Args:
        subjects: such as ``irds-101``.
        folds: by data set.
    """
    found = np.empty(len(subjects), dtype=np.intp)
    for source, config in folds.items():
        rows = np.char.startswith(subjects, f"{source}-")
        names = np.char.replace(subjects[rows], f"{source}-", "")
        found[rows] = folds_of(names, config)
    return found
