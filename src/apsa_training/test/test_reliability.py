"""What a network judges follows from what it said of strangers, exercise by exercise and view."""

from dataclasses import replace

import numpy as np
import pytest

from apsa_perception.apsa.domain import Domain
from apsa_perception.biomechanics.view import ALL_VIEWS, View
from apsa_training.data.window_set import WindowSet, prepare, rows_of
from apsa_training.evaluation.reliability import Reliability, judged_views
from support.samples import sample

REQUIRED = Reliability(least_auc=0.75, most_wrong=0.3, uncertain_band=0.1)
TOLD, GUESSED = (0.9, 0.1), (0.9, 0.9)


@pytest.fixture(scope="module")
def windows() -> WindowSet:
    """Of one exercise before a depth sensor, each seen by a camera from two views, 60 of each."""
    data = prepare(sample())
    own = rows_of(data, np.resize(np.flatnonzero(data.family == 0), 180))
    return replace(
        own,
        correct=np.tile([1, 0], 90),
        subject=np.repeat(["irds-1"], 180),
        from_camera=np.arange(180) >= 60,
    )


VIEW = np.repeat([View.UNKNOWN, View.FRONTAL, View.SIDE], 60)


def scores(*parts: tuple[float, float]) -> np.ndarray:
    return np.concatenate([np.tile(part, 30) for part in parts])


def test_a_view_from_which_strangers_are_not_told_is_left_to_the_rules(windows: WindowSet) -> None:
    every, strict = np.arange(180), replace(REQUIRED, least_auc=0.8)
    score = scores(TOLD, GUESSED, TOLD)
    found = judged_views(windows, VIEW, score, every, strict)
    (name,) = found[Domain.DEPTH_SENSOR]
    assert found == {Domain.DEPTH_SENSOR: {name: ALL_VIEWS}, Domain.CAMERA: {name: {View.SIDE}}}
    few = np.flatnonzero((VIEW != View.SIDE) | (np.arange(180) < 158))
    assert judged_views(windows, VIEW, score, few, strict)[Domain.CAMERA] == {}
    nothing = judged_views(windows, VIEW, scores(GUESSED, GUESSED, GUESSED), every, REQUIRED)
    assert nothing == {Domain.DEPTH_SENSOR: {}, Domain.CAMERA: {}}


def test_what_is_told_as_a_whole_is_judged_from_all_views(windows: WindowSet) -> None:
    score, every = scores(TOLD, GUESSED, TOLD), np.arange(180)
    found = judged_views(windows, VIEW, score, every, replace(REQUIRED, least_auc=0.7))
    assert list(found[Domain.CAMERA].values()) == [ALL_VIEWS]


def test_only_the_given_rows_decide(windows: WindowSet) -> None:
    score = scores(GUESSED, TOLD, GUESSED)
    frontal = np.flatnonzero(VIEW == View.FRONTAL)
    found = judged_views(windows, VIEW, score, frontal, REQUIRED)
    assert list(found[Domain.CAMERA].values()) == [ALL_VIEWS]
    assert found[Domain.DEPTH_SENSOR] == {}


def test_too_many_correct_ones_called_incorrect_are_not_reliable() -> None:
    correct, source = np.tile([1, 0], 10), np.repeat("irds", 20)
    score = np.where(correct == 1, 0.9, 0.05)
    assert REQUIRED.is_met(score, correct, source)
    assert not REQUIRED.is_met(np.where(score > 0.5, 0.3, 0.05), correct, source)


def test_data_sets_are_not_compared_with_each_other() -> None:
    correct, source = np.tile([1, 0], 20), np.repeat(["irds", "ui_prmd"], 20)
    score = np.where(source == "irds", 0.8, 0.6) - np.where(correct == 1, 0.0, 0.1)
    strict = replace(REQUIRED, least_auc=0.9)
    assert strict.is_met(score, correct, source)
    assert not strict.is_met(score, correct, np.repeat("irds", 40))
