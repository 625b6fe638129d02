"""Folds by subject."""

import numpy as np
import pytest

from apsa_training.data.folds import (
    IRDS_FOLDS,
    FoldConfig,
    folds_of,
    irds_fold,
    stratified_folds,
    subject_folds,
)


def test_folds_are_by_subject() -> None:
    subjects = [subject for fold in IRDS_FOLDS for subject in fold]
    assert len(subjects) == len(set(subjects))
    fold = irds_fold(np.array(["204", "101", "201"]))
    assert fold.tolist() == [1, 1, 3]
    with pytest.raises(ValueError, match="999"):
        irds_fold(np.array(["999"]))
    people = np.array(list("aabbccddee"))
    dealt = subject_folds(people, 5, seed=0)
    assert all(len(set(dealt[people == person])) == 1 for person in people)
    assert sorted(set(dealt.tolist())) == [0, 1, 2, 3, 4]


def test_stratified_folds_are_balanced_and_by_subject() -> None:
    subjects = np.array([f"{group}_{n}" for group in "AB" for n in range(10) for _ in range(2)])
    groups = np.array([subject[0] for subject in subjects])
    fold = stratified_folds(subjects, groups, 5, seed=0)
    for k in range(5):
        here = np.unique(subjects[fold == k])
        assert sorted(name[0] for name in here) == ["A", "A", "B", "B"]


def test_folds_follow_their_configuration() -> None:
    subjects = np.array(["204", "101", "201"])
    assert folds_of(subjects, FoldConfig("irds_published")).tolist() == [1, 1, 3]
    pairs = folds_of(np.array(list("aabbccdd")), FoldConfig("random_subjects", subjects=2))
    assert np.bincount(pairs).tolist() == [4, 4]
    with pytest.raises(ValueError, match="expected kind irds_published"):
        folds_of(subjects, FoldConfig("by hand"))
