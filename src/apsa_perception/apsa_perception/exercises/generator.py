"""Generates an exercise file from a few good repetitions.

Ranges come from the repetitions, tolerances are larger than the errors of the measures. The file
works as it is and is meant to be read and edited by a therapist.
"""

import math
from statistics import median
from typing import Any

import numpy as np
import yaml

from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.biomechanics.standing import MOST_STANDING_LEAN_DEG
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.definition import BodyPosture
from apsa_perception.exercises.demonstration import (
    FIRST_FRAMES,
    LEAST_SEEN,
    Demonstration,
    Movement,
)
from apsa_perception.exercises.figure import Figure
from apsa_perception.model.codes import ExerciseSide, RequestError, RequestErrorCode, Side
from apsa_perception.model.joints import Joint, mirror_joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.time import to_seconds
from apsa_perception.repetition.segment import Segment

MIN_REPETITIONS = 2
"""Least number of repetitions: one shows no spread."""

# Steps of the limits of lean: more than the typical errors, because repetitions differ, too.
_LEAN_STEPS_DEG = {"trunk_lean_forward": 7.0, "trunk_lean_lateral": 5.0}
# Of the trunk from upright, more than any sitting or bent exercise keeps throughout.
_LYING_DEG = 60.0
_TURNED_DEG = {View.FRONTAL: 0.0, View.OBLIQUE: 45.0, View.SIDE: 90.0}
_FIGURE_HEAD = """# How it is done, as it was shown: joints in metres from the pelvis:
# x forwards, y left, z up.
"""
_HEAD = """# Generated from {count} recorded repetitions. To edit it, see docs/exercises.md.
# Angles in degrees, times in seconds. Limits of the range: 80, 65 and 50 % of the range shown.
"""


def generate_exercise(shown: Demonstration, name: str, title: str) -> str:
    """Return the text of the file of a new exercise.

    Args:
        shown: at least two repetitions, starting at rest.
        name: name of the exercise and its file.
        title: title for people; empty: derived from the name.

    Raises:
        RequestError: no movement, or fewer than two repetitions of it.
    """
    movement = shown.movement()
    segments = shown.repetitions(movement)
    if len(segments) < MIN_REPETITIONS:
        raise RequestError(
            RequestErrorCode.TOO_FEW_REPETITIONS,
            Sentence.TOO_FEW_SHOWN.text(
                count=len(segments), measure=movement.measure, least=MIN_REPETITIONS
            ),
        )
    title = " ".join(title.split()) or name.replace("_", " ").capitalize()
    values = _exercise(movement, segments, shown, name, title)
    body = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100)
    return _HEAD.format(count=len(segments)) + str(body) + _figure(shown, segments)


def _figure(shown: Demonstration, segments: list[Segment]) -> str:
    """The figure of the page, seen from where most of its movement is visible."""
    poses = shown.poses(segments)
    if poses is None:
        return ""
    start, turn = poses
    figures = [Figure(start, turn, _TURNED_DEG[view]) for view in shown.views]
    best = max(figures, key=_visible_way)
    values = {
        "turned_deg": best.turned_deg,
        "start": [list(point) for point in start.points],
        "turn": [list(point) for point in turn.points],
    }
    return _FIGURE_HEAD + str(
        yaml.safe_dump({"figure": values}, sort_keys=False, default_flow_style=None, width=100)
    )


def _visible_way(figure: Figure[Any]) -> float:
    """Metres by which the joints move in the drawing."""
    start, turn = figure.seen(figure.bodies(2))
    return float(np.linalg.norm(turn - start, axis=1).sum())


def _exercise(
    movement: Movement,
    segments: list[Segment],
    shown: Demonstration,
    name: str,
    title: str,
) -> dict[str, Any]:
    """The content of the file."""
    rest = median(one.rest_value for one in segments)
    peak = median(one.peak_value for one in segments)
    excursion = peak - rest
    durations = [to_seconds(one.end_ns - one.start_ns) for one in segments]
    joints = _joints(movement)
    posture = _posture(shown)
    beyond = "below" if excursion > 0 else "above"
    shorter = {"mild": 0.8, "moderate": 0.65, "severe": 0.5}
    faster = {"mild": 0.5, "moderate": 0.4, "severe": 0.3}
    return {
        "name": name,
        "title": title,
        "description": Sentence.RECORDED_MOVEMENT.text(
            measure=movement.measure.replace("_", " "), start=f"{rest:.0f}", end=f"{peak:.0f}"
        ),
        "views": [view.value for view in shown.views],
        "joints": joints,
        "primary": {
            "measure": movement.measure,
            "sides": movement.sides.name.lower(),
            "rest_limit": round(rest + 0.4 * excursion, 1),
            "target": round(peak - 0.1 * excursion, 1),
            "min_excursion": round(0.4 * abs(excursion), 1),
            "min_duration_s": max(0.1, round(0.3 * min(durations), 1)),
            "max_duration_s": math.ceil(max(10.0, 3.0 * max(durations))),
        },
        **({"posture": posture.value} if posture is not BodyPosture.UPRIGHT else {}),
        "measures": [movement.measure],
        "live_errors": _live_errors(shown),
        "repetition_errors": [
            {
                "code": "insufficient_range",
                "quantity": "peak",
                beyond: {key: round(rest + part * excursion, 1) for key, part in shorter.items()},
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


def _posture(shown: Demonstration) -> BodyPosture:
    """Lying if the trunk was nearer to horizontal than to upright in most frames."""
    flexion = shown.series("trunk_flexion", Side.BOTH)
    seen = flexion[np.isfinite(flexion)]
    if len(seen) and float(np.median(seen)) > _LYING_DEG:
        return BodyPosture.LYING
    leans = shown.standing_lean_deg > MOST_STANDING_LEAN_DEG
    return BodyPosture.LEANING if leans else BodyPosture.UPRIGHT


def _live_errors(shown: Demonstration) -> list[dict[str, Any]]:
    """Limits of lean: that of the recorded repetitions and some steps more."""
    rules = []
    for measure, step in _LEAN_STEPS_DEG.items():
        values = shown.series(measure, Side.BOTH)
        if np.isfinite(values).mean() < LEAST_SEEN:
            continue
        seen = values[np.isfinite(values)]
        change = seen - np.median(seen[: 2 * FIRST_FRAMES])
        lateral = measure == "trunk_lean_lateral"
        largest = max(0.0, float(np.percentile(np.abs(change) if lateral else change, 99)))
        limits = {
            severity: round(largest + steps * step, 1)
            for severity, steps in (("mild", 2), ("moderate", 3), ("severe", 4))
        }
        rules.append(
            {
                "code": measure,
                "measure": measure,
                "above": limits,
                "relative_to_rest": True,
                "bidirectional": lateral,
                "phases": ["outward", "peak", "return"],
                "hysteresis": round(step / 2, 1),
                "raise_s": 0.2,
                "clear_s": 0.4,
                "joints": ["pelvis", "spine", "neck"],
            }
        )
    return rules


def _joints(movement: Movement) -> list[str]:
    left = list(MEASURES[movement.measure].joints)
    right = [mirror_joint(joint) for joint in left]
    chosen: dict[ExerciseSide, list[Joint]] = {ExerciseSide.LEFT: left, ExerciseSide.RIGHT: right}
    joints = chosen.get(movement.sides, left + right)
    return [joint.name.lower() for joint in dict.fromkeys(joints)]
