"""Clinical scores and squat faults of KIMORE, by people the models never saw.

``python -m apsa_training.clinical --data kimore.npz --json OUT``. Resumable: what is
finished in a fold is kept in the work folder. KIMORE is for measuring only: nothing learned here
is shipped.
"""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import torch
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from apsa_perception.apsa.sides import family
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.skeleton import FloatArray
from apsa_training.cache import kept, work_folder
from apsa_training.clinical_figures import fault_figures, score_figures, table
from apsa_training.clinical_heads import FAULTS, answer_recordings, score_of
from apsa_training.cross_predictions import NETWORK
from apsa_training.fit import Rows
from apsa_training.folds import stratified_folds
from apsa_training.packed import load_packed
from apsa_training.progress import ProgressLine
from apsa_training.recipe import SEED
from apsa_training.recordings import Recordings, cut
from apsa_training.results import evaluation_parser, provenance, write_json
from apsa_training.sequences import MotionData
from apsa_training.session_kernels import Session, predict_scores, with_session
from apsa_training.tasks import HEADS, TaskConfig
from apsa_training.whole_recording import squat_measures, summary, whole_body

MODULE = "apsa_training.clinical"
FOLDS = 5
HALF = 0.5
"""Weight of the session where it counts, and of the network in the mean with the kernels."""
HIGHEST_SCORE = 50.0
_TREES = 300
_LENGTH = 1.5  # of the Gaussian process, in standard deviations a feature


class Clinic:
    """The recordings, their features and the fixed folds."""

    def __init__(self, data: MotionData, library: ExerciseLibrary, work: Path) -> None:
        self.recordings: Recordings = cut(data, library, work)
        sequences = self.recordings.sequences
        names = self.recordings.windows.families
        bodies = [whole_body(sequence) for sequence in sequences]
        self.session = Session(
            features=np.stack([summary(body) for body in bodies]),
            person=np.array([s.subject for s in sequences]),
            exercise=np.array([names.index(family(s.exercise)) for s in sequences]),
            is_patient=np.array([s.is_patient for s in sequences]),
            score=np.array([score_of(s) for s in sequences]),
        )
        self.squat = np.array([s.exercise == "squat" for s in sequences])
        measures = {i: squat_measures(bodies[i]) for i in np.flatnonzero(self.squat)}
        self.squat_measures = [measures.get(i) for i in range(len(sequences))]
        self.faults = np.array(
            [[s.faults.get(fault, np.nan) for fault in FAULTS] for s in sequences], dtype=float
        )
        group = np.array([s.subject.split("_")[0] for s in sequences])
        self.fold = stratified_folds(self.session.person, group, FOLDS, seed=0)


Answer = Callable[[Clinic, Rows, Rows], FloatArray]


def median_score(clinic: Clinic, learn: Rows, test: Rows) -> FloatArray:
    """The median score of the exercise."""
    score, exercise = clinic.session.score, clinic.session.exercise
    return np.array([np.nanmedian(score[learn][exercise[learn] == e]) for e in exercise[test]])


def trees_score(clinic: Clinic, learn: Rows, test: Rows) -> FloatArray:
    """Extra trees on the summary of the recording, one forest an exercise."""
    data, found = clinic.session, np.full(len(test), np.nan)
    for index in np.unique(data.exercise[test]):
        own = learn[(data.exercise[learn] == index) & np.isfinite(data.score[learn])]
        forest = ExtraTreesRegressor(
            _TREES, min_samples_leaf=2, max_features=0.3, random_state=SEED, n_jobs=1
        )
        forest.fit(data.features[own], data.score[own])
        asked = data.exercise[test] == index
        found[asked] = forest.predict(data.features[test[asked]])
    return found


SCORES: dict[str, Answer] = {
    "median of the exercise": median_score,
    "extra trees": trees_score,
    "kernels, this recording": lambda c, a, b: predict_scores(c.session, a, b, session=0.0),
    "kernels, session": lambda c, a, b: predict_scores(c.session, a, b, session=HALF),
}


def _fault_by(model: Callable[[], object], summaries: bool) -> Answer:
    def answer(clinic: Clinic, learn: Rows, test: Rows) -> FloatArray:
        found = np.full((len(test), len(FAULTS)), np.nan)
        asked = np.flatnonzero(clinic.squat[test])
        for column, fault in enumerate(FAULTS):
            truth = clinic.faults[:, column]
            own = learn[np.isfinite(truth[learn])]

            def features(rows: Rows, fault: str = fault) -> FloatArray:
                if summaries:
                    return clinic.session.features[rows]
                measures = [clinic.squat_measures[i] for i in rows]
                return np.stack([of[fault] for of in measures if of is not None])

            fitted = model()
            fitted.fit(features(own), truth[own].astype(int))  # type: ignore[attr-defined]
            chance = fitted.predict_proba(features(test[asked]))  # type: ignore[attr-defined]
            found[asked, column] = chance[:, 1]
        return found

    return answer


def _process() -> object:
    kernel = ConstantKernel(4.0, "fixed") * RBF(_LENGTH * 2.0, "fixed")
    return make_pipeline(StandardScaler(), GaussianProcessClassifier(kernel, optimizer=None))


def _forest() -> object:
    return ExtraTreesClassifier(
        _TREES, min_samples_leaf=2, max_features=0.2, class_weight="balanced", random_state=SEED
    )


FAULT_MODELS: dict[str, Answer] = {
    "extra trees": _fault_by(_forest, summaries=True),
    "squat measures": _fault_by(_process, summaries=False),
}


def network_answers(
    clinic: Clinic,
    learn: Rows,
    test: Rows,
    heads: tuple[str, ...] = HEADS,
    config: TaskConfig | None = None,
) -> FloatArray:
    """``(len(test), 2 + F)``: score, index of the exercise, P(fault)."""
    found = answer_recordings(clinic.recordings, learn, test, heads, config)
    return np.column_stack([found.score, found.exercise, found.faults])


def evaluate(clinic: Clinic, folder: Path) -> dict[str, object]:
    """Every model on every fold, and the figures."""
    count, faults = len(clinic.fold), len(FAULTS)
    scores = {name: np.full(count, np.nan) for name in SCORES}
    chances = {name: np.full((count, faults), np.nan) for name in FAULT_MODELS}
    network, network_session = np.full((count, 2 + faults), np.nan), np.full(count, np.nan)
    progress = ProgressLine(FOLDS)

    def file(name: str, k: int) -> Path:
        return folder / f"{name.replace(' ', '_')}-{k}.npy"

    for k in range(FOLDS):
        progress.stage(f"fold {k + 1} of {FOLDS}")
        learn, test = np.flatnonzero(clinic.fold != k), np.flatnonzero(clinic.fold == k)

        for name, answer in SCORES.items():
            scores[name][test] = kept(
                file("score " + name, k), partial(answer, clinic, learn, test)
            )
        for name, answer in FAULT_MODELS.items():
            chances[name][test] = kept(
                file("fault " + name, k), partial(answer, clinic, learn, test)
            )
        network[test] = kept(
            file("network", k),
            partial(network_answers, clinic, learn, test),
        )
        network_session[test] = with_session(clinic.session, network[test, 0], test, learn)
    progress.close()
    scores[f"{NETWORK}, this recording"] = network[:, 0]
    scores[f"{NETWORK}, session"] = network_session
    scores[f"{NETWORK} and kernels, session"] = (
        HALF * network_session + (1 - HALF) * scores["kernels, session"]
    )
    chances[NETWORK] = network[:, 2:]
    chances[f"{NETWORK} and squat measures"] = (
        HALF * network[:, 2:] + (1 - HALF) * chances["squat measures"]
    )
    data, names = clinic.session, np.array(clinic.recordings.windows.families)
    bounded = {name: answer.clip(0.0, HIGHEST_SCORE) for name, answer in scores.items()}
    exercise = names[data.exercise]
    return {
        "scores": score_figures(data.score, bounded, exercise, data.person),
        "faults": fault_figures(clinic.faults, chances, FAULTS, data.person),
        "exercise_accuracy": {NETWORK: float((network[:, 1] == data.exercise).mean())},
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = evaluation_parser(MODULE, "kimore.npz")
    parser.add_argument("--exercises", type=Path, default=Path("config/exercises"))
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    started = time.monotonic()
    report = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    try:
        data = load_packed(options.data)
        if data.source != "kimore":
            raise ValueError(f"{options.data} is {data.source}; clinical scores are in kimore")
        clinic = Clinic(data, ExerciseLibrary.load(options.exercises), options.work)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    folder = work_folder(options.work, clinic.recordings.windows, MODULE)
    report |= {"source": data.source, "recordings": len(clinic.fold)}
    people = clinic.session.person.tolist()
    report |= {"fold_of_subject": dict(zip(people, clinic.fold.tolist(), strict=True))}
    report |= evaluate(clinic, folder)
    report["seconds"] = time.monotonic() - started
    write_json(options.json, report)
    for part, figure in (("scores", "mean_absolute_error"), ("faults", "auc")):
        values = report[part]
        assert isinstance(values, dict)
        print(table(values, figure))
    print("which exercise it is:", report["exercise_accuracy"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
