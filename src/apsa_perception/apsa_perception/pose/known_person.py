"""What is remembered of a person with a number, and whether a later track is theirs."""

from dataclasses import dataclass

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.model.time import to_nanoseconds
from apsa_perception.pose.appearance import Appearance
from apsa_perception.pose.bone_lengths import BoneLengths
from apsa_perception.pose.track import MAX_SIZE_CHANGE, Track, is_reachable

OCCLUSION_S = 2.5
"""How long somebody is expected back near the place where they were hidden."""

SAME_LOOKS = 0.9
"""Least similarity of the clothes of somebody who comes back later, from anywhere.

Of two women in black sports clothes in the same light it is 0.78 to 0.89, of each of them alone in
two pictures 0.96 to 1.0 (``squat_pulses_two_people``).
"""

HIDDEN_LOOKS = 0.7
"""The same within ``OCCLUSION_S``: the light differs from place to place."""

FAR_PER_M = 0.1
"""How much less a metre of distance makes somebody resemble whoever was hidden just now."""

PATIENCE_S = 1.0
"""How long a number is withheld from somebody who may be known but stands behind another."""

RETURN_SIZE_CHANGE = 2.5
"""Largest ratio of the sizes of somebody who comes back nearer or farther after ``OCCLUSION_S``."""


@dataclass
class KnownPerson:
    """Somebody with a number.

    Attributes:
        looks: what they wear; None if unknown.
        centre: ``(2,)`` pixels of the middle of the trunk, when last seen.
        metres_per_pixel: size of a pixel at their distance.
        seen_ns: stamp of that.
        lengths: of their bones.
    """

    looks: Appearance | None
    centre: FloatArray
    metres_per_pixel: float
    seen_ns: int
    lengths: BoneLengths


def place_after(person: KnownPerson, track: Track) -> tuple[CanonicalPose, int]:
    """First pose of a track, and its stamp, after a person was last seen.

    A track may begin earlier, as a second one of the same person.
    """
    return track.first if track.first[1] > person.seen_ns else (track.pose, track.last_ns)


def can_be(person: KnownPerson, pose: CanonicalPose, stamp_ns: int) -> bool:
    """Whether somebody can have come to the place of a pose."""
    change = MAX_SIZE_CHANGE if _is_soon(person, stamp_ns) else RETURN_SIZE_CHANGE
    place = (person.centre, person.metres_per_pixel, person.seen_ns)
    return is_reachable(*place, pose, stamp_ns, change)


def farness(person: KnownPerson, pose: CanonicalPose, stamp_ns: int) -> float:
    """What to take off a likeness: whoever was hidden just now comes back near that place."""
    if not _is_soon(person, stamp_ns):
        return 0.0
    pixels = float(np.hypot(*(pose.pixels[Joint.SPINE] - person.centre)))
    return FAR_PER_M * pixels * person.metres_per_pixel


def _is_soon(person: KnownPerson, stamp_ns: int) -> bool:
    return stamp_ns - person.seen_ns < to_nanoseconds(OCCLUSION_S)


def recognised(
    track: Track, person: KnownPerson, pose: CanonicalPose, stamp_ns: int
) -> float | None:
    """How sure it is that a person came back as a track, in which they had a pose; None if not."""
    if not can_be(person, pose, stamp_ns):
        return None
    soon = _is_soon(person, stamp_ns)
    if person.looks is None or track.looks is None:
        patient = track.looks is not None or track.age_s >= PATIENCE_S
        return 0.0 if soon and patient else None
    alike = person.looks.similarity(track.looks)
    return alike if alike >= (HIDDEN_LOOKS if soon else SAME_LOOKS) else None
