"""Cross-validation folds by subject: no person is in both training and test data."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IRDS_FOLDS: tuple[tuple[str, ...], ...] = (
    ("103", "104", "205", "206", "207", "214", "306"),
    ("101", "106", "107", "204"),
    ("203", "209", "211", "215", "302", "305", "307"),
    ("105", "201", "210", "303", "304"),
    ("102", "202", "212", "213", "216", "217", "301"),
)
"""Test subjects of the five stratified folds published with the reference figures of IRDS."""


IRDS_PUBLISHED, RANDOM_SUBJECTS = "irds_published", "random_subjects"


@dataclass(frozen=True)
class FoldConfig:
    """How subjects are assigned to folds.

    Attributes:
        kind: ``irds_published``, or ``random_subjects``.
        subjects: test subjects per fold of ``random_subjects``.
        seed: of ``random_subjects``.
    """

    kind: str
    subjects: int = 0
    seed: int = 0


def folds_of(subjects: npt.NDArray[np.str_], config: FoldConfig) -> npt.NDArray[np.intp]:
    """Fold of each sequence.

    Raises:
        ValueError: unknown kind of folds, or a subject in no published fold.
    """
    if config.kind == IRDS_PUBLISHED:
        return irds_fold(subjects)
    if config.kind == RANDOM_SUBJECTS and config.subjects > 0:
        count = len(np.unique(subjects)) // config.subjects
        return subject_folds(subjects, count, config.seed)
    raise ValueError(
        f"folds are {config}; expected kind {IRDS_PUBLISHED}, or {RANDOM_SUBJECTS} with subjects"
    )


def irds_fold(subjects: npt.NDArray[np.str_]) -> npt.NDArray[np.intp]:
    """Fold of each sequence; ``ValueError`` if a subject is in no published fold."""
    of_subject = {subject: k for k, fold in enumerate(IRDS_FOLDS) for subject in fold}
    unknown = sorted(set(subjects.tolist()) - of_subject.keys())
    if unknown:
        raise ValueError(f"subjects {', '.join(unknown)} are in none of the five IRDS folds")
    return np.array([of_subject[subject] for subject in subjects.tolist()])


def subject_folds(subjects: npt.NDArray[np.str_], count: int, seed: int) -> npt.NDArray[np.intp]:
    """Assign the subjects to ``count`` folds of nearly equal size at random."""
    people = np.unique(subjects)
    order = np.random.default_rng(seed).permutation(len(people))
    of_subject = {str(people[person]): k % count for k, person in enumerate(order)}
    return np.array([of_subject[subject] for subject in subjects.tolist()])


def stratified_folds(
    subjects: npt.NDArray[np.str_], groups: npt.NDArray[np.str_], count: int, seed: int
) -> npt.NDArray[np.intp]:
    """Assign the subjects of each group to ``count`` folds of nearly equal size at random."""
    generator = np.random.default_rng(seed)
    of_subject: dict[str, int] = {}
    for group in np.unique(groups):
        people = np.unique(subjects[groups == group])
        for person in generator.permutation(len(people)):
            of_subject[str(people[person])] = len(of_subject) % count
    return np.array([of_subject[subject] for subject in subjects.tolist()])
