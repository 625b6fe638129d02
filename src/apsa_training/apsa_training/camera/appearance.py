"""What people wear: a colour for each face of the body, and cloth that stands off the skin."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.body import Body, Segment

Colour = tuple[float, float, float]

_ARMS = (
    Segment.LEFT_UPPER_ARM,
    Segment.RIGHT_UPPER_ARM,
    Segment.LEFT_FOREARM,
    Segment.RIGHT_FOREARM,
)
_TRUNK = (Segment.PELVIS, Segment.CHEST, Segment.LEFT_CLAVICLE, Segment.RIGHT_CLAVICLE)
_LEGS = (Segment.LEFT_THIGH, Segment.RIGHT_THIGH, Segment.LEFT_SHANK, Segment.RIGHT_SHANK)
_DARK_STRIPE = 0.55
_FEET = (Segment.LEFT_FOOT, Segment.RIGHT_FOOT)


@dataclass(frozen=True)
class Appearance:
    """Colours in 0..255 RGB and the cut of the clothes.

    Attributes:
        skin: of the skin.
        hair: of the hair.
        shirt: of the shirt.
        trousers: of the trousers.
        shoes: of the shoes.
        sleeve: length of the sleeves, 0 none, 0.5 to the elbow, 1 to the wrist.
        leg: length of the trouser legs, 0 short, 0.5 to the knee, 1 to the ankle.
        looseness_m: how far the cloth stands off the skin.
        stripe_m: height of the stripes of the shirt; 0: none.
    """

    skin: Colour = (205.0, 160.0, 130.0)
    hair: Colour = (60.0, 40.0, 30.0)
    shirt: Colour = (90.0, 120.0, 170.0)
    trousers: Colour = (50.0, 50.0, 60.0)
    shoes: Colour = (220.0, 220.0, 220.0)
    sleeve: float = 0.4
    leg: float = 1.0
    looseness_m: float = 0.0
    stripe_m: float = 0.0


def dress(body: Body, appearance: Appearance) -> tuple[Body, FloatArray]:
    """Return the body with its clothes on and the colour ``(Q, 3)`` of each face."""
    segment = body.weights.argmax(axis=1)
    along = _along_limb(body, segment)
    shirt = np.isin(segment, _TRUNK) | (np.isin(segment, _ARMS) & (along < appearance.sleeve))
    waist = 0.03 + body.joints[:3, 2].min()
    trousers = (np.isin(segment, _LEGS) & (along < appearance.leg)) | (
        np.isin(segment, _TRUNK) & (body.vertices[:, 2] < waist)
    )
    head = segment == Segment.HEAD
    low, high = body.vertices[head, 2].min(), body.vertices[head, 2].max()
    tall = (body.vertices[:, 2] - low) / (high - low)
    front = body.vertices[:, 0] - np.median(body.vertices[head, 0])
    hair = head & ((tall > 0.85) | ((tall > 0.45) & (front < -0.01)))
    colours = np.tile(np.array(appearance.skin), (len(body.vertices), 1))
    for part, colour in (
        (hair, appearance.hair),
        (shirt, appearance.shirt),
        (trousers, appearance.trousers),
        (np.isin(segment, _FEET), appearance.shoes),
    ):
        colours[part] = colour
    if appearance.stripe_m:
        dark = (body.vertices[:, 2] // appearance.stripe_m) % 2 > 0
        colours[shirt & dark] *= _DARK_STRIPE
    cloth = (shirt | trousers)[:, None] * appearance.looseness_m * _normals(body)
    dressed = Body(body.vertices + cloth, body.quads, body.weights, body.joints)
    return dressed, colours[body.quads[:, 0]]


def _along_limb(body: Body, segment: npt.NDArray[np.intp]) -> FloatArray:
    """How far down its arm or leg a vertex is, 0 at shoulder or hip, 1 at wrist or ankle."""
    along = np.zeros(len(segment))
    for side in ("LEFT_", "RIGHT_"):
        for upper, lower, names in (
            ("UPPER_ARM", "FOREARM", ("SHOULDER", "ELBOW", "WRIST")),
            ("THIGH", "SHANK", ("HIP", "KNEE", "ANKLE")),
        ):
            for share, part, (start, end) in (
                (0.0, upper, names[:2]),
                (0.5, lower, names[1:]),
            ):
                rows = segment == Segment[side + part]
                a, b = body.joints[Joint[side + start]], body.joints[Joint[side + end]]
                reach = (body.vertices[rows] - a) @ (b - a) / ((b - a) @ (b - a))
                along[rows] = share + 0.5 * np.clip(reach, 0.0, 1.2)
    return along


def _normals(body: Body) -> FloatArray:
    corners = body.vertices[body.quads]
    across = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    normals = np.zeros_like(body.vertices)
    for corner in range(4):
        np.add.at(normals, body.quads[:, corner], across)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9))
