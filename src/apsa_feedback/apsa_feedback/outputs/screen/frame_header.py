"""Header of a frame message: the people in the picture, their measures and errors."""

import math
from typing import Any

import numpy as np

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.translation import translated
from apsa_feedback.stream.views import View
from apsa_perception.model.results import ErrorResult
from apsa_perception.model.skeleton import FloatArray, Skeleton

_PICTURELESS_SIZE = (640, 480)
_PICTURELESS_PX_PER_M = 200.0


def frame(view: View, book: CueBook) -> dict[str, Any]:
    """Return the header of a frame message."""
    errors = view.live.errors if view.live else ()
    width, height = view.image_size if min(view.image_size) > 0 else _PICTURELESS_SIZE
    return {
        "stamp": view.stamp_ns,
        "size": [width, height],
        "ids": [skeleton.body_id for skeleton in view.skeletons],
        "exerciser": view.live.body_id if view.live else 0,
        "people": [_joints(skeleton, width, height) for skeleton in view.skeletons],
        "phase": view.live.phase.name.lower() if view.live else "unknown",
        "errors": [
            {**error_words(error, book), "joints": [int(joint) for joint in error.joints]}
            for error in errors
        ],
        "measures": [
            {
                "name": measure.name,
                "side": measure.side.name.lower(),
                "value": number(measure.value) if measure.judged else None,
                "unit": measure.unit,
                "reason": translated(measure.reason, book).text,
            }
            for measure in (view.live.measures if view.live else ())
        ],
    }


def _joints(skeleton: Skeleton, width: int, height: int) -> list[list[float]]:
    """Pixel x, pixel y and observed (1 or 0) of each joint."""
    pixels = skeleton.pixels
    if not np.isfinite(pixels).all():
        pixels = _flat(skeleton.positions, width, height)
    return [
        [round(float(x), 1), round(float(y), 1), int(seen)]
        for (x, y), seen in zip(pixels, skeleton.observed, strict=True)
    ]


def _flat(positions: FloatArray, width: int, height: int) -> FloatArray:
    """Pixels of a skeleton without a picture: orthographic view, pelvis in the centre."""
    flat: FloatArray = positions[:, :2] * _PICTURELESS_PX_PER_M
    return flat + np.array([width / 2.0, height / 2.0])


def error_words(error: ErrorResult, book: CueBook) -> dict[str, Any]:
    """Return an error as the page shows it."""
    return {
        "word": book.words[error.name],
        "severity": int(error.severity),
        "side": error.side.name.lower(),
    }


def number(value: float) -> float | None:
    """Return a value as JSON has it: NaN and infinity are none."""
    return round(value, 3) if math.isfinite(value) else None
