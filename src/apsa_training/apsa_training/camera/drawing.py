"""Pictures of a body: painter's algorithm with flat shading, no GPU."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.viewpoint import Viewpoint

Picture = npt.NDArray[np.uint8]

_SHIFT = 4  # sub-pixel bits of the corners


@dataclass(frozen=True)
class Scene:
    """Everything but the person.

    Attributes:
        wall: RGB of the wall.
        floor: RGB of the floor.
        furniture: RGB of a chair, if there is one.
        light: direction that the light comes from, laboratory axes.
        ambient: share of light that comes from everywhere, 0..1.
        clutter: rectangles on the wall as shares of the picture (x, y, width, height) and RGB.
        noise: standard deviation of the sensor noise, grey levels.
        blur: share of the picture before that stays, 0..1: motion blur.
        jpeg_quality: 1..100; 0: not compressed.
    """

    wall: tuple[float, float, float] = (190.0, 190.0, 185.0)
    floor: tuple[float, float, float] = (130.0, 110.0, 90.0)
    furniture: tuple[float, float, float] = (120.0, 85.0, 55.0)
    light: tuple[float, float, float] = (1.0, 0.5, 1.5)
    ambient: float = 0.5
    clutter: tuple[tuple[float, ...], ...] = ()
    noise: float = 3.0
    blur: float = 0.0
    jpeg_quality: int = 85


class Canvas:
    """Background of a recording's pictures, and what sensor and compression make of a picture.

    Args:
        viewpoint: the camera.
        scene: the surroundings.
        random: source of the sensor noise.
    """

    def __init__(self, viewpoint: Viewpoint, scene: Scene, random: np.random.Generator) -> None:
        self._viewpoint = viewpoint
        self._scene = scene
        self._random = random
        self._background = self._draw_background()
        self._before: Picture | None = None
        # Drawn once and shifted from picture to picture: normal numbers cost more than the person.
        grain = random.standard_normal(self._background.shape, dtype=np.float32)
        self._noise = np.round(scene.noise * grain).astype(np.int16)

    def blank(self) -> Picture:
        """A picture ``(height, width, 3)`` RGB without a person."""
        return self._background.copy()

    def expose(self, picture: Picture) -> Picture:
        """What the sensor and the compression make of it."""
        exposed = picture
        if self._before is not None and self._scene.blur:
            exposed = cv2.addWeighted(
                picture, 1.0 - self._scene.blur, self._before, self._scene.blur, 0.0
            )
        self._before = picture
        if self._scene.noise:
            shift = self._random.integers(0, picture.shape[:2])
            noise = np.roll(self._noise, shift, axis=(0, 1))
            exposed = np.asarray(cv2.add(exposed, noise, dtype=cv2.CV_8U))
        if not self._scene.jpeg_quality:
            return exposed
        quality = [cv2.IMWRITE_JPEG_QUALITY, self._scene.jpeg_quality]
        packed = cv2.imencode(".jpg", exposed[:, :, ::-1], quality)[1]
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))[:, :, ::-1]

    def _draw_background(self) -> Picture:
        view = self._viewpoint
        rows = np.arange(view.height)[:, None, None]
        base = np.where(
            rows < max(view.horizon_px, 0.55 * view.height), self._scene.wall, self._scene.floor
        )
        fade = 0.85 + 0.3 * np.linspace(0.0, 1.0, view.width)[None, :, None]
        picture = np.ascontiguousarray(np.clip(base * fade, 0, 255).astype(np.uint8))
        for x, y, width, height, *colour in self._scene.clutter:
            start = (round(x * view.width), round(y * view.height))
            end = (start[0] + round(width * view.width), start[1] + round(height * view.height))
            cv2.rectangle(picture, start, end, colour, cv2.FILLED)
        return picture


class Painter:
    """Draws the frames of one recording.

    Args:
        viewpoint: the camera.
        scene: the surroundings.
        quads: ``(Q, 4)`` faces of everything that is drawn.
        colours: ``(Q, 3)`` RGB of each face.
        random: source of the sensor noise.
    """

    def __init__(
        self,
        viewpoint: Viewpoint,
        scene: Scene,
        quads: npt.NDArray[np.intp],
        colours: FloatArray,
        random: np.random.Generator,
    ) -> None:
        self._viewpoint = viewpoint
        self._scene = scene
        self._quads = quads
        self._colours = colours
        self._canvas = Canvas(viewpoint, scene, random)

    def draw(self, vertices: FloatArray) -> Picture:
        """Return the picture ``(height, width, 3)`` RGB of the vertices ``(V, 3)``."""
        picture = self._canvas.blank()
        optical = self._viewpoint.optical(vertices)
        corners = self._viewpoint.pixels(optical)[self._quads]
        depth = optical[self._quads, 2]
        across, down = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
        faces_camera = across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0] < 0.0
        visible = np.flatnonzero(faces_camera & (depth.min(axis=1) > 0.1))
        order = visible[np.argsort(-depth[visible].mean(axis=1))]
        shades = self._shade(vertices, order)
        points = np.round(corners[order] * (1 << _SHIFT)).astype(np.int32)
        for polygon, shade in zip(points, shades.tolist(), strict=True):
            cv2.fillConvexPoly(picture, polygon, shade, cv2.LINE_8, _SHIFT)
        return self._canvas.expose(picture)

    def _shade(self, vertices: FloatArray, faces: npt.NDArray[np.intp]) -> FloatArray:
        corners = vertices[self._quads[faces]]
        normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        light = np.array(self._scene.light)
        direct = np.clip(normals @ (light / np.linalg.norm(light)), 0.0, 1.0)
        strength = self._scene.ambient + (1.0 - self._scene.ambient) * direct
        return np.asarray(np.clip(self._colours[faces] * strength[:, None], 0.0, 255.0))
