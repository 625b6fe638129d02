"""Makes an exercise of a few good repetitions.

The movement is found by itself: the sided angle that goes farthest from where it began, in terms of
its error. Ranges are those of the repetitions, tolerances the errors of the measures; the file is
meant to be read and edited by a therapist, and works at once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import yaml

from apsa_perception.biomechanics.measures import MEASURES, take_measures
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import View
from apsa_perception.codes import Side
from apsa_perception.exercises.definition import MovingSides, PrimaryMotion
from apsa_perception.repetition.segmenter import Segment, Segmenter
from apsa_perception.skeleton.joints import Joint, mirror_joint
from apsa_perception.skeleton.types import FloatArray

MIN_REPETITIONS = 2
"""Repetitions from which an exercise is made: fewer show no spread."""

_FIRST_FRAMES = 5
_LEAST_SEEN = 0.7
_LEAST_WAY = 2.0  # errors of the measure
_TAKES_PART = 0.5
_MAX_GAP_S = 1.0
_LONGEST_S = 60.0
_HEAD = """# Taught in from {count} repetitions; read and edit it, see docs/exercises.md.
# Angles in degrees, times in seconds. Limits of range: 80, 65 and 50 % of the way shown.
"""

Series = Mapping[tuple[str, Side], FloatArray]


@dataclass(frozen=True)
class _Movement:
    measure: str
    sides: MovingSides
    rest: float
    way: float  # signed, from rest to the turning point


def teach(postures: Sequence[tuple[int, Posture]], name: str, title: str) -> str:
    """Text of the file of a new exercise.

    Args:
        postures: stamp in nanoseconds, rising, and the person, from rest on.
        name: of the exercise and its file.
        title: for people.

    Raises:
        ValueError: no movement, or fewer than two repetitions of it; one sentence.
    """
    series = _series([posture for _, posture in postures])
    stamps = [stamp for stamp, _ in postures]
    movement = _find(series)
    motion = _motion(movement, 0.5 * abs(movement.way), 0.3, _LONGEST_S)
    segments = _segments(series, stamps, motion)
    if len(segments) < MIN_REPETITIONS:
        raise ValueError(
            f"{len(segments)} repetitions of {movement.measure} were found; needed are "
            f"{MIN_REPETITIONS} whole ones, from rest to rest"
        )
    values = _exercise(movement, segments, postures, series, name, title)
    body = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)
    return _HEAD.format(count=len(segments)) + str(body)


def _series(postures: Sequence[Posture]) -> Series:
    rows = [take_measures(posture, MEASURES) for posture in postures]
    if not rows:
        return {}
    keys = [(one.name, one.side) for one in rows[0]]
    values = np.array([[one.value for one in row] for row in rows])
    return {key: values[:, i] for i, key in enumerate(keys)}


def _find(series: Series) -> _Movement:
    """The sided angle that moves farthest, and which sides of it take part."""
    best: tuple[float, str] = (0.0, "")
    ways: dict[str, dict[Side, float]] = {}
    for name, measure in MEASURES.items():
        if not measure.sided or measure.unit != "deg":
            continue
        ways[name] = {
            side: _way(series[name, side])
            for side in measure.sides
            if (name, side) in series and np.isfinite(series[name, side]).mean() > _LEAST_SEEN
        }
        farthest = max((abs(way) for way in ways[name].values()), default=0.0)
        best = max(best, (farthest / measure.typical_error, name))
    if best[0] < _LEAST_WAY:
        raise ValueError(
            "no movement was seen that is larger than its error; show whole repetitions, with the "
            "limbs that move in view"
        )
    found = ways[best[1]]
    largest = max(found.values(), key=abs)
    moving = [side for side, way in found.items() if way / largest > _TAKES_PART]
    rests = [median(series[best[1], side][:_FIRST_FRAMES].tolist()) for side in moving]
    sides = MovingSides.BOTH
    if len(moving) == 1:
        sides = MovingSides.LEFT if moving[0] is Side.LEFT else MovingSides.RIGHT
    return _Movement(best[1], sides, float(np.mean(rests)), largest)


def _way(values: FloatArray) -> float:
    """Signed way from where the values begin to their farther end, outliers left out."""
    seen = values[np.isfinite(values)]
    rest = float(np.median(seen[:_FIRST_FRAMES]))
    low, high = (float(end) - rest for end in np.percentile(seen, [5, 95]))
    return high if high > -low else low


def _motion(movement: _Movement, min_excursion: float, min_s: float, max_s: float) -> PrimaryMotion:
    return PrimaryMotion(
        measure=movement.measure,
        sides=movement.sides,
        rest_limit=movement.rest + 0.4 * movement.way,
        target=movement.rest + movement.way,
        min_excursion=min_excursion,
        min_duration_s=min_s,
        max_duration_s=max_s,
    )


def _segments(series: Series, stamps: Sequence[int], motion: PrimaryMotion) -> list[Segment]:
    segmenter = Segmenter(motion, _MAX_GAP_S)
    left, right = (series[motion.measure, side] for side in (Side.LEFT, Side.RIGHT))
    rows = zip(stamps, left.tolist(), right.tolist(), strict=True)
    found = [segmenter.update(*row) for row in rows]
    return [segment for segment in found if segment is not None]


def _exercise(
    movement: _Movement,
    segments: Sequence[Segment],
    postures: Sequence[tuple[int, Posture]],
    series: Series,
    name: str,
    title: str,
) -> dict[str, Any]:
    """Everything that stands in the file."""
    rest = median(one.rest_value for one in segments)
    peak = median(one.peak_value for one in segments)
    way = peak - rest
    durations = [(one.end_ns - one.start_ns) * 1e-9 for one in segments]
    joints = _joints(movement)
    beyond = "below" if way > 0 else "above"
    shorter = {"mild": 0.8, "moderate": 0.65, "severe": 0.5}
    faster = {"mild": 0.5, "moderate": 0.4, "severe": 0.3}
    return {
        "name": name,
        "title": title,
        "description": f"Taught in: {movement.measure.replace('_', ' ')} from {rest:.0f} to "
        f"{peak:.0f} and back.",
        "views": _views([posture for _, posture in postures]),
        "joints": joints,
        "primary": {
            "measure": movement.measure,
            "sides": movement.sides.value,
            "rest_limit": round(rest + 0.4 * way, 1),
            "target": round(peak - math.copysign(0.1 * abs(way), way), 1),
            "min_excursion": round(0.4 * abs(way), 1),
            "min_duration_s": max(0.1, round(0.3 * min(durations), 1)),
            "max_duration_s": math.ceil(max(10.0, 3.0 * max(durations))),
        },
        "measures": [movement.measure],
        "live_errors": _live_errors(series),
        "repetition_errors": [
            {
                "code": "insufficient_range",
                "quantity": "peak",
                beyond: {key: round(rest + part * way, 1) for key, part in shorter.items()},
                "joints": list(joints),
            },
            {
                "code": "too_fast",
                "quantity": "duration",
                "below": {key: round(part * min(durations), 2) for key, part in faster.items()},
                "joints": list(joints),
            },
        ],
    }


def _live_errors(series: Series) -> list[dict[str, Any]]:
    """Lean beyond what the good repetitions show, by twice the error of the measure."""
    rules = []
    for measure in ("trunk_lean_forward", "trunk_lean_lateral"):
        values = series[measure, Side.BOTH]
        if np.isfinite(values).mean() < _LEAST_SEEN:
            continue
        change = values - np.nanmedian(values[: 2 * _FIRST_FRAMES])
        lateral = measure == "trunk_lean_lateral"
        largest = max(0.0, float(np.nanpercentile(np.abs(change) if lateral else change, 99)))
        error = MEASURES[measure].typical_error
        limits = {
            severity: round(largest + steps * error, 1)
            for severity, steps in (("mild", 2), ("moderate", 3), ("severe", 4))
        }
        rules.append(
            {
                "code": measure,
                "measure": measure,
                "above": limits,
                "relative_to_rest": True,
                "either_way": lateral,
                "phases": ["outward", "peak", "return"],
                "hysteresis": round(error / 2, 1),
                "raise_s": 0.2,
                "clear_s": 0.4,
                "joints": ["pelvis", "spine", "neck"],
            }
        )
    return rules


def _joints(movement: _Movement) -> list[str]:
    left = list(MEASURES[movement.measure].joints)
    right = [mirror_joint(joint) for joint in left]
    chosen: dict[MovingSides, list[Joint]] = {MovingSides.LEFT: left, MovingSides.RIGHT: right}
    joints = chosen.get(movement.sides, left + right)
    return [joint.name.lower() for joint in dict.fromkeys(joints)]


def _views(postures: Sequence[Posture]) -> list[str]:
    """Every view that was shown, or all where depth was measured."""
    known = [view for view in View if view is not View.UNKNOWN]
    if any(posture.depth_measured for posture in postures):
        return [view.value for view in known]
    shown = {posture.view for posture in postures}
    return [view.value for view in known if view in shown] or [view.value for view in known]
