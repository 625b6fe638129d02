"""Several drawn people in one room, with their true places in each picture."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.appearance import Appearance, dress
from apsa_training.camera.axes import to_laboratory
from apsa_training.camera.body import Body, simplified
from apsa_training.camera.drawing import Painter, Scene
from apsa_training.camera.posing import Motion, follow, skin
from apsa_training.camera.viewpoint import Viewpoint

CAMERA = Viewpoint(pitch_deg=4.0, height_m=1.2, distance_m=3.2, fov_deg=70.0, width=640, height=480)
RED = Appearance(shirt=(190.0, 45.0, 40.0), trousers=(60.0, 60.0, 70.0), sleeve=0.4, leg=1.0)
BLUE = Appearance(shirt=(40.0, 70.0, 180.0), trousers=(200.0, 190.0, 170.0), sleeve=0.9, leg=1.0)
_CELL_M = 0.02

Place = Callable[[float], tuple[float, float] | None]
"""Metres to the right in the picture and towards the camera at a time; None: not in the room."""


@dataclass(frozen=True)
class Drawn:
    """Somebody to draw.

    Attributes:
        appearance: what they wear.
        place: where they are.
        recorded: ``(T, 20, 3)`` joints that they repeat, camera optical axes, 30 a second.
    """

    appearance: Appearance
    place: Place
    recorded: FloatArray


class Shot(NamedTuple):
    """A picture, and where the pelvis of each person is in it; None if they are not in the room."""

    second: float
    picture: RgbImage
    pelvis_px: list[FloatArray | None]


def shots(body: Body, people: Sequence[Drawn], seconds: float, rate_hz: float) -> Iterator[Shot]:
    """Draw people; the nearer hide the farther."""
    body = simplified(body, _CELL_M)
    motions = [follow(body, to_laboratory(one.recorded)) for one in people]
    dressed = [dress(body, one.appearance) for one in people]
    first = np.cumsum([0, *(len(one.vertices) for one, _ in dressed)])
    quads = np.concatenate([one.quads + n for (one, _), n in zip(dressed, first, strict=False)])
    colours = np.concatenate([colour for _, colour in dressed])
    painter = Painter(CAMERA, Scene(noise=2.0), quads, colours, np.random.default_rng(3))
    for second in np.arange(0.0, seconds, 1.0 / rate_hz):
        shifts = [one.place(float(second)) for one in people]
        vertices, pelvises = [], []
        for (clothed, _), motion, shift in zip(dressed, motions, shifts, strict=True):
            frame = round(second * 30.0) % len(motion.joints)
            away = np.array([-1e3, 0.0, 0.0] if shift is None else [shift[1], shift[0], 0.0])
            vertices.append(skin(clothed, motion, frame) + away)
            pelvis = _pelvis_px(motion, frame, away)
            pelvises.append(None if shift is None else pelvis)
        yield Shot(float(second), painter.draw(np.concatenate(vertices)), pelvises)


def _pelvis_px(motion: Motion, frame: int, shift: FloatArray) -> FloatArray:
    return CAMERA.pixels(CAMERA.optical(motion.joints[frame, 0] + shift))
