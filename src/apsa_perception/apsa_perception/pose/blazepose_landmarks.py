"""Landmark model of BlazePose: 33 landmarks of the person in a region of the picture.

The graphs are ``pose_landmark_by_roi_cpu.pbtxt``, ``tensors_to_pose_landmarks_and_segmentation``
and ``pose_landmarks_and_segmentation_inverse_projection`` of MediaPipe 0.10.21; formulas are from
``tensors_to_landmarks_calculator.cc``, ``refine_landmarks_from_heatmap_calculator.cc`` and
``world_landmark_projection_calculator.cc``.
"""

from typing import NamedTuple

import cv2
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.pose.blazepose import BLAZEPOSE_LANDMARKS
from apsa_perception.pose.region import Region, crop, rotated
from apsa_perception.pose.single_precision import SingleArray, running_sum, sigmoid
from apsa_perception.pose.tflite_model import TfliteModel

INPUT_PX = 256
MIN_PRESENCE = 0.5
MIN_CONFIDENCE = 0.5
"""Least peak of a heatmap that moves a landmark."""

_KERNEL = 7
_CENTRE, _TOP = 33, 34
_USED = 35
_OUTPUTS = (0, 1, 3, 4)
"""Landmarks, presence, heatmap and world landmarks; 2 is the person's outline."""


class Landmarks(NamedTuple):
    """What the model finds in a region.

    Attributes:
        picture: ``(33, 2)`` shares of the picture's width and height.
        visibility: ``(33,)`` 0..1.
        world: ``(33, 3)`` metres about the middle of the hips, in the picture's axes.
        alignment: ``(2, 2)`` shares; centre and top of the person, for the next region.
    """

    picture: SingleArray
    visibility: SingleArray
    world: SingleArray
    alignment: SingleArray


def refine(points: SingleArray, heatmap: SingleArray) -> SingleArray:
    """Return the points, moved to the centre of mass of the heatmap about each.

    Args:
        points: ``(N, 2)`` x and y in the crop, 0..1; those outside stay.
        heatmap: ``(H, W, M)`` logits, with M not less than N.
    """
    height, width, _ = heatmap.shape
    size = np.array((width, height))
    cells = (points * size).astype(np.int64)
    inside = ((cells >= 0) & (cells < size)).all(axis=1)
    offsets = np.arange(_KERNEL) - _KERNEL // 2
    columns = cells[:, 0, None] + offsets
    rows = cells[:, 1, None] + offsets
    exists = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[
        :, None
    ]
    logits = heatmap[
        rows.clip(0, height - 1)[:, :, None],
        columns.clip(0, width - 1)[:, None],
        np.arange(len(points))[:, None, None],
    ]
    weights = np.where(exists, sigmoid(logits), np.float32(0.0)).reshape(len(points), -1)
    moved = inside & (weights.max(axis=1) >= MIN_CONFIDENCE)
    places = np.stack(np.broadcast_arrays(columns[:, None], rows[:, :, None]), axis=-1)
    weighted = weights[:, :, None] * places.reshape(len(points), -1, 2).astype(np.float32)
    total = np.where(moved, running_sum(weights.T), np.float32(1.0))
    centres = running_sum(weighted.swapaxes(0, 1)) / size.astype(np.float32) / total[:, None]
    return np.where(moved[:, None], centres, points)


class BlazePoseLandmarker:
    """Finds the landmarks of the person in a region.

    Args:
        model: lite, full or heavy.
    """

    def __init__(self, model: str) -> None:
        name = f"pose_landmark_{model}.tflite"
        self._model = TfliteModel(name, low=0.0, high=1.0, outputs=_OUTPUTS)

    def find(self, rgb: RgbImage, region: Region) -> Landmarks | None:
        """Return the landmarks; None if the region shows nobody."""
        seen = crop(rgb, region, INPUT_PX, border=cv2.BORDER_REPLICATE)
        landmarks, presence, heatmap, world = self._model.run(seen.rgb)
        if not presence[0] > MIN_PRESENCE:
            return None
        values = landmarks.reshape(-1, 5)[:_USED]
        refined = refine(values[:, :2] / np.float32(INPUT_PX), heatmap)
        points = region.to_picture(seen.to_region(refined))
        metres = world.reshape(-1, 3)[:BLAZEPOSE_LANDMARKS]
        return Landmarks(
            picture=points[:BLAZEPOSE_LANDMARKS],
            visibility=sigmoid(values[:BLAZEPOSE_LANDMARKS, 3]),
            world=np.column_stack((rotated(metres[:, :2], region.rotation), metres[:, 2])),
            alignment=points[[_CENTRE, _TOP]],
        )
