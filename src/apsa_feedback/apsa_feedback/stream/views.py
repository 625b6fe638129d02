"""Puts the picture, the skeletons and the live errors of a frame together for the outputs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_feedback.stream.events import SkeletonFrame
from apsa_perception.model.results import ErrorSet
from apsa_perception.model.skeleton import Skeleton

_HELD_FRAMES = 8
_PICTURES_FLOW_NS = 1_000_000_000

Decode = Callable[[], npt.NDArray[np.uint8]]


@dataclass(frozen=True)
class View:
    """What is to be seen of one frame.

    Attributes:
        stamp_ns: stamp of the frame in nanoseconds.
        skeletons: everybody found in it.
        image_size: width and height of the frame in pixels, ``(0, 0)`` without a picture.
        picture: ``(height, width, 3)`` RGB, or None when no picture is at hand.
        live: the live errors and measures of the frame, or None when they are not known yet.
    """

    stamp_ns: int
    skeletons: tuple[Skeleton, ...] = ()
    image_size: tuple[int, int] = (0, 0)
    picture: npt.NDArray[np.uint8] | None = None
    live: ErrorSet | None = None


class ViewAssembler:
    """Makes a view as soon as the live errors of a frame are here, which come last.

    Pictures may be lost on the way. While they flow, a frame that lacks its picture is left out,
    so that the picture does not flicker; skeletons are never drawn over another frame's picture.
    """

    def __init__(self) -> None:
        self._pictures: dict[int, Decode] = {}
        self._frames: dict[int, SkeletonFrame] = {}
        self._last_picture_ns: int | None = None

    def add_picture(self, stamp_ns: int, decode: Decode) -> None:
        """Take a picture; it is decoded only if it is shown."""
        self._pictures[stamp_ns] = decode
        self._last_picture_ns = stamp_ns
        _keep_newest(self._pictures)

    def add_frame(self, frame: SkeletonFrame) -> None:
        """Take the skeletons of a frame."""
        self._frames[frame.stamp_ns] = frame
        _keep_newest(self._frames)

    def view(self, live: ErrorSet) -> View | None:
        """Return the view of the frame that the live errors are about.

        Raises:
            ValueError: its picture cannot be decoded.
        """
        frame = self._frames.get(live.stamp_ns)
        decode = self._pictures.get(live.stamp_ns)
        if frame is None or (decode is None and self._pictures_flow(live.stamp_ns)):
            return None
        return View(
            stamp_ns=live.stamp_ns,
            skeletons=frame.skeletons,
            image_size=frame.image_size,
            picture=decode() if decode else None,
            live=live,
        )

    def _pictures_flow(self, stamp_ns: int) -> bool:
        last = self._last_picture_ns
        return last is not None and abs(stamp_ns - last) < _PICTURES_FLOW_NS


def _keep_newest(held: dict[int, Any]) -> None:
    """Drop what came first beyond the number held."""
    while len(held) > _HELD_FRAMES:
        del held[next(iter(held))]
