"""Sections of the report on named errors; every figure is by subject or by clip."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.config.configurations import CrossValidationConfig, NamedErrorsConfig
from apsa_training.config.reader import load_config
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequence_builders import IRDS_EXERCISES, UI_PRMD_EXERCISES
from apsa_training.data.sequences import MotionData
from apsa_training.evaluation.named_errors.counting import (
    alarms,
    counted,
    counting,
    personal_ranges,
)
from apsa_training.evaluation.named_errors.derived_clips import derived_clips
from apsa_training.evaluation.named_errors.frame_tables import (
    gym_frames,
    load_table,
    squat_features,
    squat_frames,
)
from apsa_training.evaluation.named_errors.fusion import combined_errors
from apsa_training.evaluation.named_errors.squats import (
    kimore_faults,
    ui_prmd_squats,
    ui_prmd_squats_by_network,
)

Report = dict[str, object]
_UI_PRMD = {name: name for name in UI_PRMD_EXERCISES} | {"deep_squat": "squat"}


@dataclass(frozen=True)
class Sources:
    """What the sections are computed from.

    Attributes:
        config: data files and configurations.
        data: folder of the data sets.
        media: folder of the clips.
        work: cache folder of the cross-validation.
        library: exercise definitions.
    """

    config: NamedErrorsConfig
    data: Path
    media: Path
    work: Path
    library: ExerciseLibrary

    def load(self, file: str) -> MotionData:
        """Load a packed data set of the data folder."""
        return load_packed(self.data / file)

    def cross_validated(self, config: str) -> tuple[MotionData, CrossValidationConfig]:
        """Load a data set and the configuration of its cross-validation."""
        settings = load_config(CrossValidationConfig, config)
        return self.load(settings.data), settings


def _irds(of: Sources) -> Report:
    sequences = of.cross_validated(of.config.irds)[0].sequences
    names = {name: name for name in IRDS_EXERCISES}
    correct = [one for one in sequences if one.correct == 1]
    controls = counted([one for one in correct if not one.is_patient], of.library, names)
    patients = counted([one for one in correct if one.is_patient], of.library, names)
    ranges = personal_ranges([one for one in sequences if one.is_patient], of.library)
    return {
        "counting_controls": counting(controls),
        "counting_patients_correct": counting(patients),
        "counting_correct": counting({**controls, **patients}),
        "false_alarms_controls": alarms(controls),
        "alarms_patients_correct": alarms(patients),
        "personal_ranges": ranges,
    }


def _combined_errors(of: Sources) -> Report:
    data, config = of.cross_validated(of.config.irds)
    return combined_errors(data, of.library, config, of.work)


def _ui_prmd(of: Sources) -> Report:
    sequences = of.cross_validated(of.config.ui_prmd)[0].sequences
    known = {one.exercise: _UI_PRMD[one.family] for one in sequences}
    correct = counted([one for one in sequences if one.correct == 1], of.library, known)
    by_exercise = {
        ours: counting({key: run for key, run in correct.items() if known[key[1]] == ours})
        for ours in _UI_PRMD.values()
    }
    return {
        "counting_correct": counting(correct),
        "counting_by_exercise": by_exercise,
        "alarms_correct": alarms(correct),
        "deep_squat": ui_prmd_squats(sequences, of.library),
    }


def _ui_prmd_squats_by_network(of: Sources) -> Report:
    data, config = of.cross_validated(of.config.ui_prmd)
    return ui_prmd_squats_by_network(data, config, of.work)


def _kimore(of: Sources) -> Report:
    return kimore_faults(of.load(of.config.kimore).sequences, of.library)


SECTIONS: dict[str, Callable[[Sources], Report]] = {
    "irds": _irds,
    "combined_errors": _combined_errors,
    "ui_prmd": _ui_prmd,
    "ui_prmd_squats_by_network": _ui_prmd_squats_by_network,
    "kimore_squat_faults": _kimore,
    "squat_landmark_errors": lambda of: squat_frames(
        load_table(of.data / of.config.squat_landmark_errors)
    ),
    "squat_form_features": lambda of: squat_features(
        load_table(of.data / of.config.squat_form_features)
    ),
    "exercise_correction": lambda of: gym_frames(
        load_table(of.data / of.config.exercise_correction)
    ),
    "derived_clips": lambda of: derived_clips(of.media, of.library),
}
"""Functions that compute a section of the report; ``ValueError`` or ``OSError`` without data."""
