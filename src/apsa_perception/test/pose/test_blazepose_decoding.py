"""Decoding of the detector's boxes and the landmark model's heatmaps."""

import numpy as np
import pytest

from apsa_perception.pose.blazepose_detector import INPUT_PX, anchors, people
from apsa_perception.pose.blazepose_landmarks import refine
from apsa_perception.pose.single_precision import SingleArray

CENTRES = np.array([(0.25, 0.25), (0.3, 0.25), (0.75, 0.75)], np.float32)


def box(size: float, point: float) -> list[float]:
    """A box about its anchor, with all key points as far from it, as shares of the input."""
    return [0.0, 0.0, size * INPUT_PX, size * INPUT_PX, *(8 * [point * INPUT_PX])]


def key_points(raw: SingleArray, scores: SingleArray) -> SingleArray:
    """The key points of the most prominent person, where there is somebody."""
    return people(raw, scores, CENTRES, 1)[0]


def test_anchors_are_those_of_the_model() -> None:
    centres = anchors()
    assert centres.shape == (2254, 2)
    # 28x28 cells with 2 anchors, 14x14 with 2, 7x7 with 6 for three layers of the same stride.
    first = [(0.5 / 28, 0.5 / 28), (0.5 / 28, 0.5 / 28), (1.5 / 28, 0.5 / 28)]
    np.testing.assert_allclose(centres[:3], first, rtol=1e-6)
    np.testing.assert_allclose(centres[2 * 28 * 28], [0.5 / 14] * 2, rtol=1e-6)
    coarse = centres[2 * 28 * 28 + 2 * 14 * 14 :]
    np.testing.assert_allclose(coarse[:6], [[0.5 / 7] * 2] * 6, rtol=1e-6)
    np.testing.assert_allclose(centres[-1], [6.5 / 7] * 2, rtol=1e-6)


def test_boxes_of_one_person_are_averaged_by_their_scores() -> None:
    raw = np.array([box(0.5, 0.1), box(0.5, 0.0), box(0.25, 0.0)], np.float32)
    scores = np.array([2.0, 1.0, 1.5], np.float32)
    weights = 1.0 / (1.0 + np.exp(-scores[:2]))
    expected = weights @ np.array([(0.35, 0.35), (0.3, 0.25)]) / weights.sum()
    found = key_points(raw, scores)
    np.testing.assert_allclose(found, [expected] * 4, atol=1e-6)


def test_another_person_with_a_higher_score_is_chosen() -> None:
    raw = np.array([box(0.5, 0.0), box(0.5, 0.0), box(0.25, 0.1)], np.float32)
    found = key_points(raw, np.array([1.0, 1.0, 3.0], np.float32))
    np.testing.assert_allclose(found, [(0.85, 0.85)] * 4, atol=1e-6)


def test_each_person_is_found_once_and_the_most_prominent_first() -> None:
    raw = np.array([box(0.5, 0.0), box(0.5, 0.0), box(0.25, 0.1)], np.float32)
    scores = np.array([1.0, 1.0, 3.0], np.float32)
    first, second = people(raw, scores, CENTRES, 6)
    np.testing.assert_allclose(first, [(0.85, 0.85)] * 4, atol=1e-6)
    np.testing.assert_allclose(second, [(0.275, 0.25)] * 4, atol=1e-6)
    assert len(people(raw, scores, CENTRES, 1)) == 1


@pytest.mark.parametrize("scores", [(-1.0, -0.01, -1000.0), (-1e9, -1e9, -1e9)])
def test_low_scores_are_nobody(scores: tuple[float, ...]) -> None:
    raw = np.array([box(0.5, 0.0)] * 3, np.float32)
    assert people(raw, np.array(scores, np.float32), CENTRES, 6) == []


def test_boxes_of_negative_size_are_ignored() -> None:
    raw = np.array([box(-0.1, 0.0)] * 3, np.float32)
    assert people(raw, np.full(3, 5.0, np.float32), CENTRES, 6) == []
    raw[2] = box(0.0, 0.1)
    found = key_points(raw, np.full(3, 5.0, np.float32))
    np.testing.assert_allclose(found, [(0.85, 0.85)] * 4, atol=1e-6)


def heatmap(peaks: list[tuple[int, int, int, float]]) -> SingleArray:
    """64x64 cells with peaks: landmark, row, column and logit."""
    logits = np.full((64, 64, 3), -50.0, np.float32)
    for landmark, row, column, logit in peaks:
        logits[row, column, landmark] = logit
    return logits


def test_a_point_moves_to_the_centre_of_mass_near_it() -> None:
    points = np.array([(0.5, 0.5), (0.5, 0.5), (0.5, 0.5)], np.float32)
    peaks = [(0, 30, 33, 20.0), (1, 32, 32, 0.2), (1, 32, 34, 0.2), (2, 20, 20, 20.0)]
    found = refine(points, heatmap(peaks))
    # The third peak is outside the 7x7 cells about the point.
    np.testing.assert_allclose(found, [(33 / 64, 30 / 64), (33 / 64, 0.5), (0.5, 0.5)], atol=1e-6)


def test_a_weak_heatmap_moves_nothing() -> None:
    points = np.array([(0.5, 0.5)] * 3, np.float32)
    found = refine(points, heatmap([(0, 31, 31, -0.1), (1, 31, 31, -0.1), (2, 31, 31, -0.1)]))
    np.testing.assert_array_equal(found, points)


def test_points_outside_stay_and_those_at_the_border_see_part_of_the_kernel() -> None:
    points = np.array([(1.01, 0.5), (0.5, -0.02), (0.001, 0.999)], np.float32)
    found = refine(points, heatmap([(0, 32, 63, 20.0), (1, 0, 32, 20.0), (2, 62, 1, 20.0)]))
    np.testing.assert_allclose(found, [*points[:2], (1 / 64, 62 / 64)], atol=1e-6)
