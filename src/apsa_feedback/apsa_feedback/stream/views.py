"""Combines picture, skeletons and live errors of a frame into one view for the outputs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_feedback.stream.events import SkeletonFrame
from apsa_perception.model.results import ErrorSet
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.model.time import NS_PER_S

_HELD_FRAMES = 8
_PICTURE_TIMEOUT_NS = NS_PER_S

Decode = Callable[[], npt.NDArray[np.uint8]]


@dataclass(frozen=True)
class View:
    """What the outputs show of one frame.

    Attributes:
        stamp_ns: stamp of the frame in nanoseconds.
        skeletons: all people detected in it.
        image_size: width and height of the frame in pixels, ``(0, 0)`` without a picture.
        picture: ``(height, width, 3)`` RGB, or None without a picture.
        live: the live errors and measures of the frame, or None if they are not known yet.
    """

    stamp_ns: int
    skeletons: tuple[Skeleton, ...] = ()
    image_size: tuple[int, int] = (0, 0)
    picture: npt.NDArray[np.uint8] | None = None
    live: ErrorSet | None = None


class ViewAssembler:
    """Returns a view as soon as the live errors of a frame have arrived, which come last.

    Pictures may be lost. While they arrive, a frame without its picture is skipped, so that the
    picture does not flicker; skeletons are never drawn over the picture of another frame.
    """

    def __init__(self) -> None:
        self._pictures: dict[int, Decode] = {}
        self._frames: dict[int, SkeletonFrame] = {}
        self._last_picture_ns: int | None = None

    def add_picture(self, stamp_ns: int, decode: Decode) -> None:
        """Take a picture, which is decoded only if it is shown."""
        self._pictures[stamp_ns] = decode
        self._last_picture_ns = stamp_ns
        _keep_newest(self._pictures)

    def add_frame(self, frame: SkeletonFrame) -> None:
        """Take the skeletons of a frame."""
        self._frames[frame.stamp_ns] = frame
        _keep_newest(self._frames)

    def view(self, live: ErrorSet) -> View | None:
        """Return the view of the frame to which the live errors belong.

        Raises:
            ValueError: its picture cannot be decoded.
        """
        frame = self._frames.get(live.stamp_ns)
        decode = self._pictures.get(live.stamp_ns)
        if frame is None or (decode is None and self._pictures_arrive(live.stamp_ns)):
            return None
        return View(
            stamp_ns=live.stamp_ns,
            skeletons=frame.skeletons,
            image_size=frame.image_size,
            picture=decode() if decode else None,
            live=live,
        )

    def _pictures_arrive(self, stamp_ns: int) -> bool:
        last = self._last_picture_ns
        return last is not None and abs(stamp_ns - last) < _PICTURE_TIMEOUT_NS


def _keep_newest(held: dict[int, Any]) -> None:
    """Drop the oldest entries beyond the number held."""
    while len(held) > _HELD_FRAMES:
        del held[next(iter(held))]
