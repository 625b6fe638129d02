"""Makes an exercise of a few good repetitions.

Ranges are those of the repetitions, tolerances the errors of the measures; the file is meant to be
read and edited by a therapist, and works at once.
"""

import math
from statistics import median
from typing import Any

import numpy as np
import yaml

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.demonstration import (
    FIRST_FRAMES,
    LEAST_SEEN,
    Demonstration,
    Movement,
)
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint, mirror_joint
from apsa_perception.repetition.primary_motion import MovingSides
from apsa_perception.repetition.segmenter import Segment

MIN_REPETITIONS = 2
"""Repetitions from which an exercise is made: fewer show no spread."""

_HEAD = """# Taught in from {count} repetitions; read and edit it, see docs/exercises.md.
# Angles in degrees, times in seconds. Limits of range: 80, 65 and 50 % of the way shown.
"""


def teach(shown: Demonstration, name: str, title: str) -> str:
    """Text of the file of a new exercise.

    Args:
        shown: at least two repetitions, from rest on.
        name: of the exercise and its file.
        title: for people; empty: made of the name.

    Raises:
        ValueError: no movement, or fewer than two repetitions of it; one sentence.
    """
    movement = shown.movement()
    segments = shown.repetitions(movement)
    if len(segments) < MIN_REPETITIONS:
        raise ValueError(
            f"{len(segments)} repetitions of {movement.measure} were found; needed are "
            f"{MIN_REPETITIONS} whole ones, from rest to rest"
        )
    title = " ".join(title.split()) or name.replace("_", " ").capitalize()
    values = _exercise(movement, segments, shown, name, title)
    body = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)
    return _HEAD.format(count=len(segments)) + str(body)


def _exercise(
    movement: Movement,
    segments: list[Segment],
    shown: Demonstration,
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
        "views": [view.value for view in shown.views],
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
        "live_errors": _live_errors(shown),
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


def _live_errors(shown: Demonstration) -> list[dict[str, Any]]:
    """Lean beyond what the good repetitions show, by twice the error of the measure."""
    rules = []
    for measure in ("trunk_lean_forward", "trunk_lean_lateral"):
        values = shown.series(measure, Side.BOTH)
        if np.isfinite(values).mean() < LEAST_SEEN:
            continue
        seen = values[np.isfinite(values)]
        change = seen - np.median(seen[: 2 * FIRST_FRAMES])
        lateral = measure == "trunk_lean_lateral"
        largest = max(0.0, float(np.percentile(np.abs(change) if lateral else change, 99)))
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


def _joints(movement: Movement) -> list[str]:
    left = list(MEASURES[movement.measure].joints)
    right = [mirror_joint(joint) for joint in left]
    chosen: dict[MovingSides, list[Joint]] = {MovingSides.LEFT: left, MovingSides.RIGHT: right}
    joints = chosen.get(movement.sides, left + right)
    return [joint.name.lower() for joint in dict.fromkeys(joints)]
