"""Fixed folds by subject: no person is ever on both sides."""

import numpy as np
import numpy.typing as npt

IRDS_FOLDS: tuple[tuple[str, ...], ...] = (
    ("103", "104", "205", "206", "207", "214", "306"),
    ("101", "106", "107", "204"),
    ("203", "209", "211", "215", "302", "305", "307"),
    ("105", "201", "210", "303", "304"),
    ("102", "202", "212", "213", "216", "217", "301"),
)
"""Test subjects of the five stratified folds published with the data's reference figures."""


def irds_fold(subjects: npt.NDArray[np.str_]) -> npt.NDArray[np.intp]:
    """Fold of each sequence; a subject that is in no published fold raises ``ValueError``."""
    of_subject = {subject: k for k, fold in enumerate(IRDS_FOLDS) for subject in fold}
    unknown = sorted(set(subjects.tolist()) - of_subject.keys())
    if unknown:
        raise ValueError(f"subjects {', '.join(unknown)} are in none of the five IRDS folds")
    return np.array([of_subject[subject] for subject in subjects.tolist()])


def subject_folds(subjects: npt.NDArray[np.str_], count: int, seed: int) -> npt.NDArray[np.intp]:
    """Deal the subjects into ``count`` folds at random, sizes as even as can be."""
    people = np.unique(subjects)
    order = np.random.default_rng(seed).permutation(len(people))
    of_subject = {str(people[person]): k % count for k, person in enumerate(order)}
    return np.array([of_subject[subject] for subject in subjects.tolist()])


def stratified_folds(
    subjects: npt.NDArray[np.str_], groups: npt.NDArray[np.str_], count: int, seed: int
) -> npt.NDArray[np.intp]:
    """Deal the subjects of each group into ``count`` folds at random, sizes as even as can be."""
    generator = np.random.default_rng(seed)
    of_subject: dict[str, int] = {}
    for group in np.unique(groups):
        people = np.unique(subjects[groups == group])
        for person in generator.permutation(len(people)):
            of_subject[str(people[person])] = len(of_subject) % count
    return np.array([of_subject[subject] for subject in subjects.tolist()])
