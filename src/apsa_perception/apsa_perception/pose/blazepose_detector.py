"""Person detector of BlazePose: where people are in the whole picture.

The graph is ``pose_detection_cpu.pbtxt`` of MediaPipe 0.10.21, whose options are the constants
below; formulas are from ``ssd_anchors_calculator.cc``, ``tensors_to_detections_calculator.cc`` and
``non_max_suppression_calculator.cc``.
"""

import cv2
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.pose.region import WHOLE_PICTURE, Region, crop, region_of
from apsa_perception.pose.single_precision import SingleArray, running_sum, sigmoid
from apsa_perception.pose.tflite_model import TfliteModel

INPUT_PX = 224
MIN_SCORE = 0.5
MIN_OVERLAP = 0.3
"""Boxes overlapping the best one by more, as intersection over union, are the same person."""

_STRIDES = (8, 16, 32, 32, 32)


def anchors() -> SingleArray:
    """Centres of the detector's boxes, ``(2254, 2)``, x and y as a share of the input's side.

    Layers with the same stride are merged: each cell of the grid has two anchors for each of them.
    """
    layers = []
    for stride in sorted(set(_STRIDES)):
        cells = INPUT_PX // stride
        centres = (np.arange(cells, dtype=np.float32) + np.float32(0.5)) / np.float32(cells)
        grid = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
        layers.append(grid.repeat(2 * _STRIDES.count(stride), axis=0))
    return np.concatenate(layers)


def people(
    raw: SingleArray, scores: SingleArray, centres: SingleArray, limit: int
) -> list[SingleArray]:
    """Return the four key points of each person, highest score first.

    The key points of all boxes of the same person are averaged, weighted by their scores
    (MediaPipe's weighted non-maximum suppression, of which its graph uses the first result only).

    Args:
        raw: ``(N, 12)`` output of the detector: centre and size of the box, then x and y of the key
            points, in pixels of the input.
        scores: ``(N,)`` logits.
        centres: ``(N, 2)`` centres of the anchors.
        limit: largest number of people.

    Returns:
        ``(4, 2)`` of each person, as a share of the input's side.
    """
    probabilities = sigmoid(np.clip(scores, -100.0, 100.0))
    chosen = np.flatnonzero((probabilities >= MIN_SCORE) & (raw[:, 2:4] >= 0.0).all(axis=1))
    chosen = chosen[np.argsort(-probabilities[chosen], kind="stable")]
    points = raw[chosen].reshape(-1, 6, 2) / np.float32(INPUT_PX)
    points[:, [0, 2, 3, 4, 5]] += centres[chosen, None]
    weights = probabilities[chosen]
    found: list[SingleArray] = []
    while len(weights) and len(found) < limit:
        same = _overlap_with_first(points[:, 0], points[:, 1]) > MIN_OVERLAP
        same[0] = True
        weighted = points[same, 2:] * weights[same][:, None, None]
        found.append(running_sum(weighted) / running_sum(weights[same]))
        points, weights = points[~same], weights[~same]
    return found


def _overlap_with_first(centres: SingleArray, sizes: SingleArray) -> SingleArray:
    """Intersection over union of each box with the first."""
    low, high = centres - sizes / 2, centres + sizes / 2
    common = np.minimum(high, high[0]) - np.maximum(low, low[0])
    intersection = np.maximum(common, 0.0).prod(axis=1)
    areas = sizes.prod(axis=1)
    union = areas + areas[0] - intersection
    return np.divide(intersection, union, out=np.zeros_like(union), where=union > 0.0)


class BlazePoseDetector:
    """Finds the regions of people in a picture."""

    def __init__(self) -> None:
        self._model = TfliteModel("pose_detection.tflite", low=-1.0, high=1.0, outputs=(0, 1))
        self._anchors = anchors()

    def detect(self, rgb: RgbImage, limit: int = 1) -> list[Region]:
        """Return the regions of at most ``limit`` people, the most prominent first."""
        seen = crop(rgb, WHOLE_PICTURE, INPUT_PX, border=cv2.BORDER_CONSTANT)
        boxes, scores = self._model.run(seen.rgb)
        size = (rgb.shape[1], rgb.shape[0])
        found = (
            region_of(seen.to_region(points[:2]), size)
            for points in people(boxes, scores[:, 0], self._anchors, limit)
        )
        return [region for region in found if region is not None]
