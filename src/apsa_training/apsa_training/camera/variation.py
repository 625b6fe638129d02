"""What differs from drawing to drawing: person, clothes, camera, surroundings, frame rate."""

import zlib
from dataclasses import dataclass

import numpy as np

from apsa_training.camera.appearance import Appearance, Colour
from apsa_training.camera.body import Phenotype
from apsa_training.camera.drawing import Scene
from apsa_training.camera.viewpoint import Viewpoint

FRAME_RATES_HZ = (5.0, 10.0, 15.0, 20.0, 30.0)
_RATE_SHARES = (0.1, 0.35, 0.4, 0.1, 0.05)
_CUT = 0.1  # share of drawings in which the person does not fit into the picture
_SKINS: tuple[Colour, ...] = (
    (240.0, 205.0, 180.0), (220.0, 175.0, 145.0), (190.0, 140.0, 105.0),
    (145.0, 100.0, 70.0), (95.0, 65.0, 45.0),
)  # fmt: skip
_HAIRS: tuple[Colour, ...] = (
    (35.0, 28.0, 25.0), (80.0, 55.0, 35.0), (170.0, 135.0, 85.0), (185.0, 185.0, 185.0),
)  # fmt: skip


@dataclass(frozen=True)
class Variation:
    """One way to draw a recording.

    Attributes:
        phenotype: who is drawn.
        appearance: what they wear.
        viewpoint: the camera; ``fit_viewpoint`` moves it so that the motion is in the picture.
        scene: the surroundings.
        frame_rate_hz: pictures a second, at most those of the recording.
        missing: share of pictures that never arrive.
        framing: height of the person as a share of the picture's height.
        noise_seed: of the sensor noise and of the missing pictures.
        wheelchair: whether those who sit do so in a wheelchair.
        limbs: drawn as tapered limbs instead of a mesh.
    """

    phenotype: Phenotype
    appearance: Appearance
    viewpoint: Viewpoint
    scene: Scene
    frame_rate_hz: float
    missing: float
    framing: float
    noise_seed: int
    wheelchair: bool = False
    limbs: bool = False


def random_of(*parts: str | int) -> np.random.Generator:
    """A generator that depends on the parts alone, the same on every machine."""
    return np.random.default_rng([zlib.crc32(str(part).encode()) for part in parts])


def draw_variation(
    seed: int, subject: str, recording: str, drawing: int, yaw_limit_deg: float = 90.0
) -> Variation:
    """Draw how a recording is drawn.

    The person is the same in all recordings of a subject in one drawing; the rest differs from
    recording to recording.

    Args:
        seed: of the whole set.
        subject: who was recorded, unique over all data sets.
        recording: name of the recording.
        drawing: number of the drawing of the same recording, from 0.
        yaw_limit_deg: greatest turn of the camera to either side.
    """
    person = random_of(seed, subject, drawing)
    phenotype = Phenotype(
        gender=_uniform(person, 0.0, 1.0),
        age=_uniform(person, 0.5, 1.0),
        muscle=_uniform(person, 0.3, 0.8),
        weight=_uniform(person, 0.3, 0.85),
        height=_uniform(person, 0.25, 0.75),
        proportions=_uniform(person, 0.3, 0.9),
    )
    clothes = Appearance(
        skin=_SKINS[person.integers(len(_SKINS))],
        hair=_HAIRS[person.integers(len(_HAIRS))],
        shirt=_colour(person),
        trousers=_colour(person),
        shoes=_colour(person),
        sleeve=_uniform(person, 0.0, 1.1),
        leg=_uniform(person, 0.3, 1.1),
        looseness_m=_uniform(person, 0.0, 0.03),
        stripe_m=_uniform(person, 0.04, 0.15) if person.random() < 0.3 else 0.0,
    )
    random = random_of(seed, subject, recording, drawing)
    viewpoint = Viewpoint(
        yaw_deg=_uniform(random, -yaw_limit_deg, yaw_limit_deg),
        pitch_deg=_uniform(random, -3.0, 20.0),
        fov_deg=_uniform(random, 45.0, 80.0),
    )
    scene = Scene(
        wall=_colour(random),
        floor=_colour(random),
        furniture=_colour(random),
        light=(
            _uniform(random, -0.5, 1.5),
            _uniform(random, -1.0, 1.0),
            _uniform(random, 0.3, 2.0),
        ),
        ambient=_uniform(random, 0.3, 0.75),
        clutter=tuple(_rectangle(random) for _ in range(random.integers(0, 7))),
        noise=_uniform(random, 0.0, 9.0),
        blur=_uniform(random, 0.0, 0.35),
        jpeg_quality=int(random.integers(35, 96)),
    )
    return Variation(
        phenotype=phenotype,
        appearance=clothes,
        viewpoint=viewpoint,
        scene=scene,
        frame_rate_hz=float(random.choice(FRAME_RATES_HZ, p=_RATE_SHARES)),
        missing=_uniform(random, 0.0, 0.1) if random.random() < 0.3 else 0.0,
        framing=_uniform(random, *((0.95, 1.2) if random.random() < _CUT else (0.55, 0.9))),
        noise_seed=int(random.integers(1 << 31)),
        wheelchair=bool(random.random() < 0.3),
    )


def _uniform(random: np.random.Generator, low: float, high: float) -> float:
    """A number with two digits, so that bodies of a subject are stored under one name."""
    return round(float(random.uniform(low, high)), 2)


def _colour(random: np.random.Generator) -> Colour:
    red, green, blue = (float(each) for each in random.integers(20, 236, 3))
    return red, green, blue


def _rectangle(random: np.random.Generator) -> tuple[float, ...]:
    x, y = random.uniform(0.0, 0.9), random.uniform(0.0, 0.6)
    width, height = random.uniform(0.03, 0.3), random.uniform(0.05, 0.5)
    return (x, y, width, height, *_colour(random))
