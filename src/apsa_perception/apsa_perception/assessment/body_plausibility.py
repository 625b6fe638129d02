"""Whether the body of a repetition can be that of a person, and its picture is upright."""

from collections.abc import Sequence
from statistics import median

import numpy as np

from apsa_perception.assessment.evidence import Frame
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.sideways import turned_picture
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import NotJudgedReason, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray

# Median over the bones of a body of the spread of their lengths in a repetition, relative to the
# length. Highest of a real one: 0.09 in the clips (MediaPipe), 0.14 in the 2069 repetitions of
# IntelliRehabDS (Kinect).
MAX_LENGTH_SPREAD = 0.2

# Standard deviation of the noise of a joint along one axis, median over the joints, in metres.
# Highest of a real one: 0.01 in the clips, 0.02 in IntelliRehabDS.
MAX_JITTER_M = 0.05

# Slow noise passes as movement, but changes the lengths of bones, and those of left and right
# differently. Standard deviation of the lengths and half the difference of the sides, both relative
# and the median over the bones, as one root of squares. Highest of a real one, in every tenth
# recording: 0.15 in IntelliRehabDS, UI-PRMD and KIMORE (Kinect), 0.15 in their drawings
# (MediaPipe). Noise of 0.1 m that lasts 1 to 2 s has 0.25 in the median, and more over 10 s.
MAX_UNSTEADINESS = 0.18
STEADY_S = 10.0
"""So much of the time up to the end of a repetition is looked at."""

# Length of a segment over the one that fits the other segments of the body. Extremes of real ones,
# foreshortened limbs included: 0.57 and 1.34 in the clips, 0.56 and 1.69 in IntelliRehabDS.
PROPORTION_RANGE = (0.4, 2.5)

# Stature in metres that most segments fit; the tallest person measured had 2.72 m.
MAX_STATURE_M = 3.0

# Lengths of segments relative to the stature (Winter, Biomechanics and Motor Control of Human
# Movement; the trunk is neck to hips).
_SEGMENTS = {
    "trunk": (Joint.PELVIS, Joint.NECK, 0.288),
    "left upper arm": (Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, 0.186),
    "left forearm": (Joint.LEFT_ELBOW, Joint.LEFT_WRIST, 0.146),
    "left thigh": (Joint.LEFT_HIP, Joint.LEFT_KNEE, 0.245),
    "left shank": (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, 0.246),
    "right upper arm": (Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, 0.186),
    "right forearm": (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, 0.146),
    "right thigh": (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, 0.245),
    "right shank": (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, 0.246),
}
_NAMES = list(_SEGMENTS)
_SIDES = tuple(
    (index, _NAMES.index(name.replace("left", "right")))
    for index, name in enumerate(_NAMES)
    if name.startswith("left")
)
"""Indices of the same segment on the left and on the right."""
_STARTS = np.array([start for start, _, _ in _SEGMENTS.values()])
_ENDS = np.array([end for _, end, _ in _SEGMENTS.values()])
_NOT_PELVIS = [int(joint) for joint in Joint if joint is not Joint.PELVIS]
_SHARES = np.array([share for _, _, share in _SEGMENTS.values()])
SEGMENT_COUNT = len(_SEGMENTS)
_LEAST_BONES = 3
_LEAST_PAIRS = 3  # of two arms alone, raised to the side, a camera sees one 24 % longer
# A normal distribution: its standard deviation over its median absolute deviation, and the median
# length of the second difference of points with unit noise along three axes.
_MAD = 1.4826
_SECOND_DIFFERENCE = 1.538 * np.sqrt(6.0)
_LEAST_FRAMES = 3
_TINY_M = 1e-6


def implausible_reason(
    exercise: ExerciseDefinition,
    frames: Sequence[Frame],
    settings: AssessmentSettings,
    recent: Sequence[Frame] = (),
) -> tuple[NotJudgedReason, str]:
    """Return why the body of a repetition is not judged, with one sentence; NONE if it can be.

    Args:
        exercise: the exercise.
        frames: the repetition, not empty.
        settings: how much evidence is required.
        recent: the frames of the last seconds before it and of itself.
    """
    turned = turned_picture(
        exercise.posture,
        [frame.posture for frame in frames],
        [frame.posture for frame in recent or frames],
    )
    if turned:
        return NotJudgedReason.SIDEWAYS, turned
    sentence = implausible_body(*_body(frames)) or unsteady_body(*_body(recent or frames))
    if sentence:
        return NotJudgedReason.IMPLAUSIBLE, sentence
    located = _share_located(exercise, frames)
    if located < settings.min_seen_share:
        return NotJudgedReason.JOINTS_HIDDEN, (
            f"the joints have pixels in {located:.0%} of the frames; it needs at least "
            f"{settings.min_seen_share:.0%}"
        )
    return NotJudgedReason.NONE, ""


def _body(frames: Sequence[Frame]) -> tuple[FloatArray, BoolArray]:
    """Positions ``(T, 20, 3)`` in metres, and which joints were seen in most frames."""
    seen = np.add.reduce([frame.posture.seen for frame in frames], dtype=np.intp)
    positions = np.concatenate([frame.skeleton.positions for frame in frames])
    return positions.reshape(len(frames), -1, 3), 2 * seen > len(frames)


def unsteady_body(positions: FloatArray, seen: BoolArray) -> str:
    """Return how bones change that a body keeps, as slow noise does; empty if it can be a person's.

    Args:
        positions: ``(T, 20, 3)`` metres, of some seconds.
        seen: ``(20,)``; bones with another end do not count.
    """
    known = seen[_STARTS] & seen[_ENDS]
    lengths = segment_lengths(positions)
    usual = _medians(lengths)
    known &= usual > _TINY_M
    if known.sum() < _LEAST_BONES:
        return ""
    spread = float(np.median(lengths.std(axis=0)[known] / usual[known]))
    uneven = [
        np.median(np.abs(lengths[:, left] - lengths[:, right])) / np.mean(usual[[left, right]])
        for left, right in _SIDES
        if known[left] and known[right]
    ]
    asymmetry = float(np.median(uneven)) if len(uneven) >= _LEAST_PAIRS else 0.0
    if np.hypot(spread, asymmetry / 2.0) <= MAX_UNSTEADINESS:
        return ""
    return (
        f"bone lengths vary by {spread:.0%} and differ by {asymmetry:.0%} between left and right; "
        "a body keeps them"
    )


def implausible_body(positions: FloatArray, seen: BoolArray) -> str:
    """Return what no body does in ``(T, 20, 3)`` metres; empty if it can be a person's.

    Bones with an end that is not ``seen`` count only where too few others are left.
    """
    return implausible_motion(segment_lengths(positions), jolts(positions), seen)


def segment_lengths(positions: FloatArray) -> FloatArray:
    """Return the lengths in metres of the segments of a body ``(T, 20, 3)``: ``(T, S)``."""
    return _norms(positions.take(_STARTS, axis=1) - positions.take(_ENDS, axis=1))


def jolts(positions: FloatArray) -> FloatArray:
    """Return the second differences in metres of a body ``(T, 20, 3)``: ``(T - 2, 20)``."""
    return _norms(positions[2:] - 2.0 * positions[1:-1] + positions[:-2])


def implausible_motion(lengths: FloatArray, jolts: FloatArray, seen: BoolArray) -> str:
    """Return what no body does; empty if it can be a person's.

    Args:
        lengths: from ``segment_lengths``.
        jolts: from ``jolts``.
        seen: ``(20,)``; bones with an end that is not seen count only where too few are left.
    """
    if len(lengths) < _LEAST_FRAMES:
        return ""
    known = seen[_STARTS] & seen[_ENDS]
    if known.sum() < _LEAST_BONES:
        known[:] = True
    usual = _medians(lengths)
    known &= usual > _TINY_M
    if known.sum() < _LEAST_BONES:
        return "the joints of most bones coincide; expected a body"
    deviations = np.abs(lengths - usual)
    # Most bodies are so steady that no medians are needed.
    if (_MAD * np.maximum.reduce(deviations) > MAX_LENGTH_SPREAD * usual)[known].any():
        spread = median((_MAD * _medians(deviations)[known] / usual[known]).tolist())
    else:
        spread = 0.0
    if spread > MAX_LENGTH_SPREAD:
        return (
            f"bone lengths vary by {spread:.0%}; a body keeps them within {MAX_LENGTH_SPREAD:.0%}"
        )
    jitter = _jitter(jolts)
    if jitter > MAX_JITTER_M:
        return f"the joints jitter by {jitter:.2f} m; expected at most {MAX_JITTER_M:g} m"
    return _proportion_sentence(usual, known)


def _jitter(jolts: FloatArray) -> float:
    """Standard deviation of the noise along one axis in metres, median over the joints.

    0 if it is surely within the limit, as for most bodies.
    """
    if np.maximum.reduce(jolts, axis=None) <= MAX_JITTER_M * _SECOND_DIFFERENCE:
        return 0.0
    amounts = _medians(jolts) / _SECOND_DIFFERENCE
    return median(amounts[_NOT_PELVIS].tolist())


def _norms(vectors: FloatArray) -> FloatArray:
    """Lengths along the last axis of 3; NumPy's own functions take several times as long."""
    squares = vectors * vectors
    return np.asarray(np.sqrt(squares[..., 0] + squares[..., 1] + squares[..., 2]))


def _medians(values: FloatArray) -> FloatArray:
    """Medians of finite values along the first axis; NumPy's own function is slow for a few."""
    middle = len(values) // 2
    if len(values) % 2:
        return np.partition(values, middle, axis=0)[middle]
    halves = np.partition(values, (middle - 1, middle), axis=0)
    return (halves[middle - 1] + halves[middle]) / 2.0


def _proportion_sentence(usual: FloatArray, known: BoolArray) -> str:
    """What is out of proportion in the usual lengths of ``_SEGMENTS``, of those that are known."""
    shares = usual / _SHARES
    stature = median(shares[known].tolist())
    if stature > MAX_STATURE_M:
        return f"the body is {stature:.1f} m tall; expected at most {MAX_STATURE_M:g} m"
    shares = shares / stature
    least, largest = PROPORTION_RANGE
    if not (known & ~((least < shares) & (shares < largest))).any():
        return ""
    for name, share, counts in zip(_SEGMENTS, shares, known, strict=True):
        if counts and not least < share < largest:
            return (
                f"the {name} has {share:.1f} times the length that fits the body; "
                f"expected {least:g} to {largest:g}"
            )
    return ""


def _share_located(exercise: ExerciseDefinition, frames: Sequence[Frame]) -> float:
    """Share of the frames with a picture in which the joints that matter have pixels."""
    joints = set(exercise.joints)
    for rule in exercise.live_rules:
        for side in (Side.LEFT, Side.RIGHT):
            joints.update(MEASURES[rule.measure].joints_of(side))
    pictured = [frame.skeleton for frame in frames if frame.skeleton.image_size != (0, 0)]
    if not pictured:
        return 1.0
    pixels = np.concatenate([one.pixels for one in pictured]).reshape(len(pictured), -1, 2)
    return float(np.isfinite(pixels[:, sorted(joints)]).all(axis=(1, 2)).mean())
