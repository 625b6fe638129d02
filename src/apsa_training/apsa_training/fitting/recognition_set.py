"""Repetitions to learn the recognition of exercises from: recorded, drawn and constructed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.refinement import SkeletonRefinement
from apsa_perception.apsa.window import canonical_body, resample
from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.figure import Figure
from apsa_perception.exercises.figure_pose import FigurePose
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import BoolArray, FloatArray
from apsa_perception.recognition.features import WINDOW_PHASES
from apsa_perception.recognition.model import NONE, Reading
from apsa_perception.recognition.watch import RecognitionWatch
from apsa_training.augmentation.figure_movements import MOVEMENTS, exercise, frames_of
from apsa_training.data.assessment_frames import Frames
from apsa_training.data.coached_repetitions import coached_family
from apsa_training.data.sequences import MotionData

NO_FOLD = -1
"""Fold of what nobody is tested on."""

_SAME_DEG = 1.0


@dataclass(frozen=True)
class RecognitionSet:
    """Repetitions to learn from.

    Attributes:
        windows: ``(N, WINDOW_PHASES, 20, 3)`` body frame, torso lengths.
        family: ``(N,)`` as the coach's exercises call it.
        side: ``(N,)`` value of ``Side``.
        fold: ``(N,)`` in which the person is tested.
        from_camera: ``(N,)``.
    """

    windows: FloatArray
    family: npt.NDArray[np.str_]
    side: npt.NDArray[np.intp]
    fold: npt.NDArray[np.intp]
    from_camera: npt.NDArray[np.bool_]

    def rows(self, chosen: npt.NDArray[np.bool_]) -> "RecognitionSet":
        """Return the chosen repetitions."""
        return RecognitionSet(*(getattr(self, one.name)[chosen] for one in fields(self)))


def recognition_set(sets: Sequence[tuple[MotionData, npt.NDArray[np.intp]]]) -> RecognitionSet:
    """Return the repetitions of data sets, each with the folds of its sequences."""
    rows = []
    for data, folds in sets:
        for one, fold in zip(data.sequences, folds.tolist(), strict=True):
            try:
                body, _ = canonical_body(one.positions, one.stamps_s, one.observed, one.up)
            except ValueError:
                continue
            window = resample(body, one.stamps_s, WINDOW_PHASES)
            rows.append((window, coached_family(one), int(one.side), fold, bool(one.seen_by)))
    return RecognitionSet(*(np.array(column) for column in zip(*rows, strict=True)))


def joined(parts: Sequence[RecognitionSet]) -> RecognitionSet:
    """Return several sets as one."""
    names = [one.name for one in fields(RecognitionSet)]
    return RecognitionSet(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))


class _Cutter:
    """Keeps the windows that a ``RecognitionWatch`` would have classified, and these refined."""

    def __init__(self, families: Iterable[str], refinement: SkeletonRefinement) -> None:
        self.families = tuple(families)
        self.windows: list[tuple[FloatArray, FloatArray]] = []
        self._refinement = refinement

    def read(
        self,
        positions: FloatArray,
        stamps_s: FloatArray,
        observed: BoolArray,
        up: FloatArray,
        domain: str,
    ) -> Reading | None:
        """Keep the window of a repetition."""
        both = []
        for seen in (positions, self._refinement.refine(positions, up)):
            try:
                body, _ = canonical_body(seen, stamps_s, observed, up)
            except ValueError:
                return None
            both.append(resample(body, stamps_s, WINDOW_PHASES))
        self.windows.append((both[0], both[1]))
        return None


def constructed_set(
    library: Iterable[ExerciseDefinition],
    figures: Mapping[str, Figure[FigurePose]],
    families: Sequence[str],
    seeds: Iterable[int],
    refinement: SkeletonRefinement,
) -> RecognitionSet:
    """Return movements of a constructed figure as the coach counts them, for each kind of source.

    Everyday movements are no exercise. Exercises are constructed, too, so that a movement is not
    taken for none because it is a figure's.

    Args:
        library: all exercises.
        figures: key poses of the exercises by name.
        families: those that are recognised.
        seeds: of one take of each movement.
        refinement: of what a camera sees.
    """
    known = [each for each in library if each.family in families]
    windows: list[tuple[FloatArray, FloatArray]] = []
    labels: list[tuple[str, int]] = []
    for seed in seeds:
        takes = [(known, NONE, Side.BOTH, make) for make in MOVEMENTS.values()]
        takes += [
            ([each], each.family, _side_of(figures[each.name]), partial(exercise, figure=figure))
            for each in known
            if (figure := figures.get(each.name)) is not None
        ]
        for counted, family, side, make in takes:
            generator = np.random.default_rng(seed)
            cutter = _Cutter(families, refinement)
            cut = _cut(frames_of(make(generator), generator), counted, cutter)
            windows += cut
            labels += [(family, int(side))] * len(cut)
    count = 2 * len(windows)
    return RecognitionSet(
        np.stack([seen for domain in zip(*windows, strict=True) for seen in domain]),
        np.array([family for family, _ in labels] * 2),
        np.array([side for _, side in labels] * 2),
        np.full(count, NO_FOLD),
        np.arange(count) >= count // 2,
    )


def _cut(
    frames: Frames, exercises: Sequence[ExerciseDefinition], cutter: _Cutter
) -> list[tuple[FloatArray, FloatArray]]:
    settings = AssessmentSettings()
    watch = RecognitionWatch(exercises, cutter, settings.max_gap_s)
    postures = PostureTracker(settings)
    for _, (skeleton,) in frames:
        watch.update(skeleton, postures.posture(skeleton))
    return cutter.windows


def _side_of(figure: Figure[FigurePose]) -> Side:
    """Side whose limbs move further from the start to the turning point."""
    changed = {Side.LEFT: 0.0, Side.RIGHT: 0.0}
    for name, start in vars(figure.start).items():
        if isinstance(start, tuple):
            for index, side in enumerate(changed):
                changed[side] += abs(start[index] - getattr(figure.turn, name)[index])
    if abs(changed[Side.LEFT] - changed[Side.RIGHT]) < _SAME_DEG:
        return Side.BOTH
    return max(changed, key=lambda side: changed[side])
