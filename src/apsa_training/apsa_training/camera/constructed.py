"""Errors by construction: a correct recording changed by a known amount.

The change grows and fades with the movement, so that rest stays rest. Kind, side, size and onset
are known exactly; no data set has such labels.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from apsa_perception.model.codes import ErrorCode, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.camera.axes import to_laboratory, to_optical, unit
from apsa_training.data.sequences import MotionSequence

_REST_FRAMES = 3
_ARM = ("SHOULDER", "ELBOW", "WRIST", "HAND")
_LEG = ("HIP", "KNEE", "ANKLE", "FOOT")
_JERKS_HZ = 2.5


@dataclass(frozen=True)
class ConstructedError:
    """What is wrong by how much.

    Attributes:
        code: kind of error, one of ``SIZES``.
        side: where it is; BOTH where sides do not apply or both err.
        size: see ``SIZES``.
    """

    code: ErrorCode
    side: Side
    size: float


SIZES: dict[ErrorCode, str] = {
    ErrorCode.KNEE_VALGUS: "degrees by which the knee turns inwards about the line hip-ankle",
    ErrorCode.TRUNK_LEAN_FORWARD: "degrees added to the forward lean",
    ErrorCode.TRUNK_LEAN_LATERAL: "degrees of lean towards the side",
    ErrorCode.PELVIS_DROP: "degrees by which the hip of the side is lower",
    ErrorCode.SHOULDER_HIKE: "metres by which the shoulder of the side is higher",
    ErrorCode.INSUFFICIENT_DEPTH: "share of the movement that is missing",
    ErrorCode.ASYMMETRY: "share of the arm's movement that is missing on the side",
    ErrorCode.TOO_FAST: "factor by which it is faster",
    ErrorCode.JERKY: "share of the speed that comes and goes",
}
"""What the size of each kind of error means."""

_RANGES: dict[ErrorCode, tuple[float, float]] = {
    ErrorCode.KNEE_VALGUS: (5.0, 35.0),
    ErrorCode.TRUNK_LEAN_FORWARD: (5.0, 35.0),
    ErrorCode.TRUNK_LEAN_LATERAL: (5.0, 25.0),
    ErrorCode.PELVIS_DROP: (3.0, 15.0),
    ErrorCode.SHOULDER_HIKE: (0.02, 0.1),
    ErrorCode.INSUFFICIENT_DEPTH: (0.15, 0.6),
    ErrorCode.ASYMMETRY: (0.15, 0.6),
    ErrorCode.TOO_FAST: (1.5, 3.0),
    ErrorCode.JERKY: (0.3, 0.9),
}
_ANY = (ErrorCode.TRUNK_LEAN_LATERAL, ErrorCode.TOO_FAST, ErrorCode.JERKY)
_LEGS = (ErrorCode.TRUNK_LEAN_FORWARD, ErrorCode.KNEE_VALGUS, ErrorCode.INSUFFICIENT_DEPTH)
_LEG_EXERCISES = frozenset({"deep_squat", "squat", "inline_lunge", "side_lunge", "sit_to_stand"})
_SIDED = frozenset(
    {
        ErrorCode.KNEE_VALGUS,
        ErrorCode.TRUNK_LEAN_LATERAL,
        ErrorCode.PELVIS_DROP,
        ErrorCode.SHOULDER_HIKE,
        ErrorCode.ASYMMETRY,
    }
)


def draw_error(random: np.random.Generator, family: str) -> ConstructedError:
    """Draw an error that the exercise can have, of any size from hardly visible to severe."""
    kinds: tuple[ErrorCode, ...] = (*_ANY, ErrorCode.SHOULDER_HIKE)
    if family in _LEG_EXERCISES:
        kinds = (*_ANY, *_LEGS)
    elif family == "hurdle_step":
        kinds = (*_ANY, ErrorCode.PELVIS_DROP)
    elif family == "shoulder_forward_elevation":
        kinds = (*_ANY, ErrorCode.SHOULDER_HIKE, ErrorCode.ASYMMETRY)
    code = kinds[random.integers(len(kinds))]
    side = (Side.LEFT, Side.RIGHT)[random.integers(2)] if code in _SIDED else Side.BOTH
    return ConstructedError(code, side, round(float(random.uniform(*_RANGES[code])), 3))


def with_error(recording: MotionSequence, error: ConstructedError) -> tuple[MotionSequence, float]:
    """Return the recording with the error in it, labelled incorrect, and the error's onset.

    The onset is the second at which half of the size is reached.

    Args:
        recording: a correct repetition that begins at rest.
        error: what is to be wrong.

    Raises:
        ValueError: the kind cannot be constructed.
    """
    if error.code not in SIZES:
        names = ", ".join(code.name.lower() for code in SIZES)
        raise ValueError(
            f"{error.code.name.lower()} cannot be constructed; expected one of {names}"
        )
    joints, stamps = to_laboratory(recording.positions), recording.stamps_s
    course = excursion(joints)
    if error.code in _OF_TIME:
        stamps = _OF_TIME[error.code](stamps, error)
    else:
        joints = _OF_POSTURE[error.code](joints, course, error)
    onset = float(stamps[int((course >= 0.5).argmax())])
    faulty = replace(
        recording,
        positions=to_optical(joints - joints[:, :1]),
        stamps_s=stamps,
        correct=0,
        faults={error.code.name.lower(): True},
    )
    return faulty, onset


def excursion(joints: FloatArray) -> FloatArray:
    """How far ``(T,)`` the posture is from rest, 0..1 of the furthest."""
    rest = joints[:_REST_FRAMES].mean(axis=0)
    away = np.linalg.norm(joints - rest, axis=2).mean(axis=1)
    share = away / max(float(away.max()), 1e-9)
    return np.asarray(share * share * (3.0 - 2.0 * share))


def _sides(side: Side) -> tuple[str, ...]:
    return ("LEFT", "RIGHT") if side is Side.BOTH else (side.name,)


def _joints(sides: tuple[str, ...], names: tuple[str, ...]) -> list[Joint]:
    return [Joint[f"{side}_{name}"] for side in sides for name in names]


_UPPER_BODY = [Joint.SPINE, Joint.NECK, Joint.HEAD, *_joints(("LEFT", "RIGHT"), _ARM)]


def _turned(
    joints: FloatArray, moved: list[Joint], pivot: FloatArray, axis: FloatArray, angle: FloatArray
) -> FloatArray:
    """Turn joints about axes ``(T, 3)`` through pivots ``(T, 3)`` by angles ``(T,)`` in radians."""
    turn = Rotation.from_rotvec(axis * angle[:, None])
    changed = joints.copy()
    for joint in moved:
        changed[:, joint] = pivot + turn.apply(joints[:, joint] - pivot)
    return changed


def _left(joints: FloatArray) -> FloatArray:
    return unit(joints[:, Joint.LEFT_HIP] - joints[:, Joint.RIGHT_HIP])


def _forward(joints: FloatArray) -> FloatArray:
    return unit(np.cross(_left(joints), [0.0, 0.0, 1.0]))


def _lean_forward(joints: FloatArray, course: FloatArray, error: ConstructedError) -> FloatArray:
    angle = np.radians(error.size) * course
    return _turned(joints, _UPPER_BODY, joints[:, Joint.PELVIS], _left(joints), angle)


def _lean_sideways(joints: FloatArray, course: FloatArray, error: ConstructedError) -> FloatArray:
    angle = np.radians(error.size) * course * (-1.0 if error.side is Side.LEFT else 1.0)
    return _turned(joints, _UPPER_BODY, joints[:, Joint.PELVIS], _forward(joints), angle)


def _knees_in(joints: FloatArray, course: FloatArray, error: ConstructedError) -> FloatArray:
    for side in _sides(error.side):
        hip, ankle = joints[:, Joint[f"{side}_HIP"]], joints[:, Joint[f"{side}_ANKLE"]]
        inwards = 1.0 if side == "LEFT" else -1.0  # about the line from the ankle up to the hip
        angle = -inwards * np.radians(error.size) * course
        joints = _turned(joints, [Joint[f"{side}_KNEE"]], hip, unit(hip - ankle), angle)
    return joints


def _pelvis_drop(joints: FloatArray, course: FloatArray, error: ConstructedError) -> FloatArray:
    angle = np.radians(error.size) * course * (-1.0 if error.side is Side.LEFT else 1.0)
    turn = Rotation.from_rotvec(_forward(joints) * angle[:, None])
    changed = joints.copy()
    for side in ("LEFT", "RIGHT"):
        hip = joints[:, Joint[f"{side}_HIP"]]
        moved = turn.apply(hip - joints[:, Joint.PELVIS]) + joints[:, Joint.PELVIS] - hip
        for joint in _joints((side,), _LEG):
            changed[:, joint] += moved
    return changed


def _shoulder_up(joints: FloatArray, course: FloatArray, error: ConstructedError) -> FloatArray:
    changed = joints.copy()
    for joint in _joints(_sides(error.side), _ARM):
        changed[:, joint, 2] += error.size * course
    return changed


def _reduced(joints: FloatArray, course: FloatArray, error: ConstructedError) -> FloatArray:
    """Less of the whole movement."""
    return _towards_rest(joints, list(Joint), error.size)


def _one_sided(joints: FloatArray, course: FloatArray, error: ConstructedError) -> FloatArray:
    """Less of one arm's movement."""
    return _towards_rest(joints, _joints(_sides(error.side), _ARM), error.size)


_PARENTS: dict[Joint, Joint] = {
    Joint.SPINE: Joint.PELVIS, Joint.NECK: Joint.SPINE, Joint.HEAD: Joint.NECK,
    **{Joint[f"{side}_{end}"]: Joint[f"{side}_{start}"] if start not in ("NECK", "PELVIS")
       else Joint[start]
       for side in ("LEFT", "RIGHT")
       for start, end in (("NECK", "SHOULDER"), ("SHOULDER", "ELBOW"), ("ELBOW", "WRIST"),
                          ("WRIST", "HAND"), ("PELVIS", "HIP"), ("HIP", "KNEE"),
                          ("KNEE", "ANKLE"), ("ANKLE", "FOOT"))},
}  # fmt: skip


def _towards_rest(joints: FloatArray, moved: list[Joint], share: float) -> FloatArray:
    """Turn the bones to some joints back towards rest; their lengths stay."""
    rest = joints[:_REST_FRAMES].mean(axis=0)
    changed = joints.copy()
    for joint, parent in _PARENTS.items():  # parents come first
        bone = joints[:, joint] - joints[:, parent]
        if joint in moved:
            length = np.linalg.norm(bone, axis=1, keepdims=True)
            bone = (1.0 - share) * unit(bone) + share * unit(rest[joint] - rest[parent])
            bone = unit(bone) * length
        changed[:, joint] = changed[:, parent] + bone
    return changed


def _faster(stamps: FloatArray, error: ConstructedError) -> FloatArray:
    return stamps / error.size


def _jerky(stamps: FloatArray, error: ConstructedError) -> FloatArray:
    """Time runs unevenly: its rate swings by the size about 1."""
    pulse = 2.0 * np.pi * _JERKS_HZ
    return np.asarray(stamps + error.size / pulse * np.sin(pulse * stamps))


_OF_POSTURE: dict[ErrorCode, Callable[[FloatArray, FloatArray, ConstructedError], FloatArray]] = {
    ErrorCode.KNEE_VALGUS: _knees_in,
    ErrorCode.TRUNK_LEAN_FORWARD: _lean_forward,
    ErrorCode.TRUNK_LEAN_LATERAL: _lean_sideways,
    ErrorCode.PELVIS_DROP: _pelvis_drop,
    ErrorCode.SHOULDER_HIKE: _shoulder_up,
    ErrorCode.INSUFFICIENT_DEPTH: _reduced,
    ErrorCode.ASYMMETRY: _one_sided,
}
_OF_TIME: dict[ErrorCode, Callable[[FloatArray, ConstructedError], FloatArray]] = {
    ErrorCode.TOO_FAST: _faster,
    ErrorCode.JERKY: _jerky,
}
