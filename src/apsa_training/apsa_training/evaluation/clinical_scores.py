"""Clinical scores and squat faults of KIMORE for subjects outside the training data.

KIMORE is used for evaluation only; no model trained on it is shipped.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.skeleton import FloatArray
from apsa_training.config.configurations import ClinicalConfig
from apsa_training.data.cache import cached
from apsa_training.data.folds import stratified_folds
from apsa_training.data.packed_files import load_packed
from apsa_training.data.segmented_recordings import SegmentedRecordings, segment
from apsa_training.data.sequences import MotionData
from apsa_training.data.window_set import Rows
from apsa_training.evaluation.clinical_figures import fault_figures, score_figures
from apsa_training.evaluation.cross_predictions import NETWORK
from apsa_training.models.multi_task import HEADS
from apsa_training.models.recording_features import squat_measures, summary, whole_body
from apsa_training.models.recording_heads import FAULTS, predict_recordings, score_of
from apsa_training.models.session_kernels import (
    SessionData,
    predict_scores,
    smoothed_over_session,
)

MEDIAN = "median of the exercise"
KERNELS_SESSION = "kernels, session"
SQUAT_MEASURES = "squat measures"
_MAX_SCORE = 50.0


def load_kimore(path: Path) -> MotionData:
    """Load the packed KIMORE file; ``ValueError`` if it is another data set."""
    data = load_packed(path)
    if data.source != "kimore":
        raise ValueError(f"{path} is {data.source}; expected kimore, which has clinical scores")
    return data


class Clinic:
    """Recordings of KIMORE with their features, labels and folds.

    Args:
        data: recordings.
        library: exercise definitions.
        config: settings.
        work: cache folder for the repetitions.
    """

    def __init__(
        self, data: MotionData, library: ExerciseLibrary, config: ClinicalConfig, work: Path
    ) -> None:
        self.config = config
        self.recordings: SegmentedRecordings = segment(data, library, work)
        sequences = self.recordings.sequences
        names = self.recordings.windows.families
        bodies = [whole_body(sequence) for sequence in sequences]
        self.session = SessionData(
            features=np.stack([summary(body) for body in bodies]),
            subject=np.array([s.subject for s in sequences]),
            exercise=np.array([names.index(s.family) for s in sequences]),
            is_patient=np.array([s.is_patient for s in sequences]),
            score=np.array([score_of(s) for s in sequences]),
        )
        self.squat = np.array([s.family == "squat" for s in sequences])
        measures = {i: squat_measures(bodies[i]) for i in np.flatnonzero(self.squat).tolist()}
        self.squat_measures = [measures.get(i) for i in range(len(sequences))]
        self.faults = np.array(
            [[s.faults.get(fault, np.nan) for fault in FAULTS] for s in sequences], dtype=float
        )
        group = np.array([s.subject.split("_")[0] for s in sequences])
        self.fold = stratified_folds(self.session.subject, group, config.folds, config.fold_seed)


Predict = Callable[[Clinic, Rows, Rows], FloatArray]


def median_score(clinic: Clinic, learn: Rows, test: Rows) -> FloatArray:
    """The median training score of the exercise."""
    score, exercise = clinic.session.score, clinic.session.exercise
    return np.array([np.nanmedian(score[learn][exercise[learn] == e]) for e in exercise[test]])


def forest_score(clinic: Clinic, learn: Rows, test: Rows) -> FloatArray:
    """Extra trees on the features of the recording, one forest per exercise."""
    data, config, found = clinic.session, clinic.config, np.full(len(test), np.nan)
    for index in np.unique(data.exercise[test]):
        own = learn[(data.exercise[learn] == index) & np.isfinite(data.score[learn])]
        forest = ExtraTreesRegressor(**config.score_forest, random_state=config.forest_seed)
        forest.fit(data.features[own], data.score[own])
        selected = data.exercise[test] == index
        found[selected] = forest.predict(data.features[test[selected]])
    return found


def _kernel_score(clinic: Clinic, learn: Rows, test: Rows, session: bool) -> FloatArray:
    kernels = clinic.config.kernels
    weight = kernels.session_weight if session else 0.0
    return predict_scores(clinic.session, learn, test, kernels, weight)


SCORE_MODELS: dict[str, Predict] = {
    MEDIAN: median_score,
    "extra trees": forest_score,
    "kernels, this recording": partial(_kernel_score, session=False),
    KERNELS_SESSION: partial(_kernel_score, session=True),
}


def _predict_faults(
    clinic: Clinic, learn: Rows, test: Rows, build: Callable[[ClinicalConfig], Any], summaries: bool
) -> FloatArray:
    """``(len(test), F)`` P(fault) of the squats, NaN for other exercises."""
    found = np.full((len(test), len(FAULTS)), np.nan)
    selected = np.flatnonzero(clinic.squat[test])
    for column, fault in enumerate(FAULTS):
        truth = clinic.faults[:, column]
        own = learn[np.isfinite(truth[learn])]

        def features(rows: Rows, fault: str = fault) -> FloatArray:
            if summaries:
                return clinic.session.features[rows]
            measures = [clinic.squat_measures[i] for i in rows]
            return np.stack([of[fault] for of in measures if of is not None])

        model = build(clinic.config)
        model.fit(features(own), truth[own].astype(int))
        found[selected, column] = model.predict_proba(features(test[selected]))[:, 1]
    return found


def _gaussian_process(config: ClinicalConfig) -> object:
    variance = ConstantKernel(config.process_variance, "fixed")
    kernel = variance * RBF(config.process_length, "fixed")
    return make_pipeline(StandardScaler(), GaussianProcessClassifier(kernel, optimizer=None))


def _fault_forest(config: ClinicalConfig) -> ExtraTreesClassifier:
    return ExtraTreesClassifier(**config.fault_forest, random_state=config.forest_seed)


FAULT_MODELS: dict[str, Predict] = {
    "extra trees": partial(_predict_faults, build=_fault_forest, summaries=True),
    SQUAT_MEASURES: partial(_predict_faults, build=_gaussian_process, summaries=False),
}


def network_predictions(
    clinic: Clinic, learn: Rows, test: Rows, heads: tuple[str, ...] = HEADS
) -> FloatArray:
    """``(len(test), 2 + F)``: score, index of the exercise, P(fault)."""
    config = clinic.config.heads
    found = predict_recordings(
        clinic.recordings, learn, test, config.network, config.training, config.seed, heads
    )
    return np.column_stack([found.score, found.exercise, found.faults])


def evaluate_clinic(clinic: Clinic, folder: Path) -> dict[str, object]:
    """Predict every fold with every model and return the figures.

    Args:
        clinic: the recordings.
        folder: cache folder for predictions with the settings of ``clinic.config``.
    """
    count, faults = len(clinic.fold), len(FAULTS)
    scores = {name: np.full(count, np.nan) for name in SCORE_MODELS}
    chances = {name: np.full((count, faults), np.nan) for name in FAULT_MODELS}
    network, network_session = np.full((count, 2 + faults), np.nan), np.full(count, np.nan)
    for k in tqdm(range(clinic.config.folds), unit="fold"):
        learn, test = np.flatnonzero(clinic.fold != k), np.flatnonzero(clinic.fold == k)

        def predicted(
            name: str, predict: Predict, k: int = k, learn: Rows = learn, test: Rows = test
        ) -> FloatArray:
            path = folder / f"{name.replace(' ', '_')}-{k}.npy"
            return cached(path, partial(predict, clinic, learn, test))

        for name, model in SCORE_MODELS.items():
            scores[name][test] = predicted(f"score {name}", model)
        for name, model in FAULT_MODELS.items():
            chances[name][test] = predicted(f"fault {name}", model)
        network[test] = predicted("network", network_predictions)
        network_session[test] = smoothed_over_session(clinic.session, network[test, 0], test, learn)
    share = clinic.config.network_weight
    scores[f"{NETWORK}, this recording"] = network[:, 0]
    scores[f"{NETWORK}, session"] = network_session
    scores[f"{NETWORK} and kernels, session"] = (
        share * network_session + (1 - share) * scores[KERNELS_SESSION]
    )
    chances[NETWORK] = network[:, 2:]
    chances[f"{NETWORK} and squat measures"] = (
        share * network[:, 2:] + (1 - share) * chances[SQUAT_MEASURES]
    )
    data, names = clinic.session, np.array(clinic.recordings.windows.families)
    bounded = {name: score.clip(0.0, _MAX_SCORE) for name, score in scores.items()}
    draws = clinic.config.bootstrap_draws
    return {
        "scores": score_figures(data.score, bounded, names[data.exercise], data.subject, draws),
        "faults": fault_figures(clinic.faults, chances, FAULTS, data.subject, draws),
        "exercise_accuracy": {NETWORK: float((network[:, 1] == data.exercise).mean())},
    }
