"""A second way to draw a person: tapered limbs between the joints, without a mesh.

Networks are not trained on it: it shows whether what was learned depends on how people are drawn.
"""

import cv2
import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.appearance import Appearance, Colour
from apsa_training.camera.drawing import Canvas, Picture, Scene
from apsa_training.camera.viewpoint import Viewpoint

_SHIFT = 4  # sub-pixel bits
_ROUND = 16  # corners of a half circle
_LIMBS_M = {
    "UPPER_ARM": ("SHOULDER", "ELBOW", 0.055, 0.042),
    "FOREARM": ("ELBOW", "WRIST", 0.042, 0.03),
    "PALM": ("WRIST", "HAND", 0.032, 0.035),
    "THIGH": ("HIP", "KNEE", 0.085, 0.058),
    "SHANK": ("KNEE", "ANKLE", 0.056, 0.04),
    "SOLE": ("ANKLE", "FOOT", 0.042, 0.032),
}
"""Joints at both ends and radii there in metres."""
_HEAD_M = 0.1
_FACE = ((0.035, 0.03, 0.011), (-0.035, 0.03, 0.011), (0.0, -0.01, 0.016), (0.0, -0.045, 0.02))
"""Eyes, nose and mouth: to the left, up from the middle of the head, radius, in metres."""


class LimbPainter:
    """Draws the frames of one recording from its joints.

    Args:
        viewpoint: the camera.
        scene: the surroundings.
        appearance: colours of skin and clothes.
        random: source of the sensor noise.
    """

    def __init__(
        self,
        viewpoint: Viewpoint,
        scene: Scene,
        appearance: Appearance,
        random: np.random.Generator,
    ) -> None:
        self._viewpoint = viewpoint
        self._appearance = appearance
        self._canvas = Canvas(viewpoint, scene, random)

    def draw(self, joints: FloatArray) -> Picture:
        """Return the picture ``(height, width, 3)`` RGB of joints ``(20, 3)``, laboratory axes."""
        picture = self._canvas.blank()
        look = self._appearance
        parts: list[tuple[float, list[FloatArray], list[float], Colour]] = []

        def add(points: list[FloatArray], radii: list[float], colour: Colour) -> None:
            optical = self._viewpoint.optical(np.array(points))
            parts.append((float(optical[:, 2].mean()), list(optical), radii, colour))

        colours = {
            "UPPER_ARM": look.shirt, "FOREARM": look.shirt if look.sleeve > 0.75 else look.skin,
            "PALM": look.skin, "THIGH": look.trousers,
            "SHANK": look.trousers if look.leg > 0.75 else look.skin, "SOLE": look.shoes,
        }  # fmt: skip
        for side in ("LEFT", "RIGHT"):
            for name, (start, end, wide, narrow) in _LIMBS_M.items():
                ends = [joints[Joint[f"{side}_{each}"]] for each in (start, end)]
                add(ends, [wide, narrow], colours[name])
        corners = (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP, Joint.LEFT_HIP)
        add([joints[each] for each in corners], [0.06, 0.06, 0.09, 0.09], look.shirt)
        add([joints[Joint.NECK], joints[Joint.HEAD]], [0.05, 0.05], look.skin)
        for _, points, radii, colour in sorted(parts, key=lambda part: -part[0]):
            self._hull(picture, points, radii, colour)
        self._head(picture, joints)
        return self._canvas.expose(picture)

    def _head(self, picture: Picture, joints: FloatArray) -> None:
        up = joints[Joint.HEAD] - joints[Joint.NECK]
        up = up / max(float(np.linalg.norm(up)), 1e-6)
        left = joints[Joint.LEFT_SHOULDER] - joints[Joint.RIGHT_SHOULDER]
        left = left - (left @ up) * up
        left = left / max(float(np.linalg.norm(left)), 1e-6)
        forward = np.cross(left, up)
        middle = joints[Joint.HEAD] + 0.06 * up
        for centre, radius, colour in (
            (middle - 0.02 * forward + 0.02 * up, _HEAD_M, self._appearance.hair),
            (middle, 0.92 * _HEAD_M, self._appearance.skin),
        ):
            self._hull(picture, [self._viewpoint.optical(centre)], [radius], colour)
        if forward @ (self._viewpoint.position - middle) < 0.0:
            back = [self._viewpoint.optical(middle)]
            self._hull(picture, back, [_HEAD_M], self._appearance.hair)
            return
        for to_left, upwards, radius in _FACE:
            at = middle + to_left * left + upwards * up + 0.09 * forward
            self._hull(picture, [self._viewpoint.optical(at)], [radius], (60.0, 40.0, 40.0))

    def _hull(
        self, picture: Picture, points: list[FloatArray], radii: list[float], colour: Colour
    ) -> None:
        """Fill the convex hull of discs about optical points."""
        turn = np.linspace(0.0, 2.0 * np.pi, 2 * _ROUND, endpoint=False)
        circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        outline = np.concatenate(
            [
                self._viewpoint.pixels(point)
                + circle * radius * self._viewpoint.focal_px / max(float(point[2]), 0.1)
                for point, radius in zip(points, radii, strict=True)
            ]
        )
        hull = cv2.convexHull(np.round(outline * (1 << _SHIFT)).astype(np.int32))
        cv2.fillConvexPoly(picture, hull, colour, cv2.LINE_AA, _SHIFT)
