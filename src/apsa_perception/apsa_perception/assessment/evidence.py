"""How well a finished repetition was seen, and whether that is enough to judge it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.view import View
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import NotJudgedReason, Side
from apsa_perception.model.results import ErrorResult, MeasureResult
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.repetition.segment import Segment


class Frame(NamedTuple):
    """Data of a frame, kept until its repetition is judged.

    Attributes:
        skeleton: the exerciser.
        posture: the exerciser's posture.
        errors: live errors present in the frame, one for each rule and side.
        measures: the primary measure on the sides of the person.
    """

    skeleton: Skeleton
    posture: Posture
    errors: tuple[ErrorResult, ...]
    measures: tuple[MeasureResult, ...]

    @property
    def stamp_ns(self) -> int:
        """Stamp of the frame."""
        return self.skeleton.stamp_ns


@dataclass(frozen=True)
class Evidence:
    """How well a repetition was seen.

    Attributes:
        frames: number of frames in which the exerciser was in view.
        seen_share: share 0..1 of them in which the required joints were seen.
        view_share: share of them in which the view supports the exercise.
        comparable_share: share of them in which left and right can be compared.
        confidence: mean confidence 0..1 of the required joints.
        view: the one of most frames; unknown also where depth is measured, so that none matters.
    """

    frames: int
    seen_share: float
    view_share: float
    comparable_share: float
    confidence: float
    view: View


def gather_evidence(
    exercise: ExerciseDefinition, segment: Segment, frames: Sequence[Frame]
) -> Evidence:
    """Summarise the frames of a repetition, at least one.

    A movement of both sides counts as seen if one complete side is: from the side, one leg
    occludes the other.
    """
    sides = (Side.LEFT, Side.RIGHT) if segment.side is Side.BOTH else (segment.side,)
    groups = [list(exercise.joints_of(side)) for side in sides]
    seen = [any(frame.posture.seen[group].all() for group in groups) for frame in frames]
    measured = [frame.posture.depth_measured for frame in frames]
    views = [frame.posture.view for frame in frames]
    joints = list(exercise.joints_of(segment.side))
    return Evidence(
        frames=len(frames),
        seen_share=float(np.mean(seen)),
        view_share=_share(measured, [view in exercise.views for view in views]),
        comparable_share=_share(measured, [view is View.FRONTAL for view in views]),
        confidence=float(np.mean([frame.skeleton.confidence[joints] for frame in frames])),
        view=View.UNKNOWN if all(measured) else Counter(views).most_common(1)[0][0],
    )


def not_judged_reason(
    evidence: Evidence, exercise: ExerciseDefinition, settings: AssessmentSettings
) -> tuple[NotJudgedReason, str]:
    """Return why the repetition cannot be judged, with one sentence; NONE if it can."""
    least = settings.min_seen_share
    if evidence.frames < settings.min_frames:
        return NotJudgedReason.TOO_SHORT, (
            f"the repetition has {evidence.frames} frames; it needs at least {settings.min_frames}"
        )
    if evidence.seen_share < least:
        return NotJudgedReason.JOINTS_HIDDEN, (
            f"the required joints were visible in {evidence.seen_share:.0%} of the frames; it "
            f"needs at least {least:.0%}"
        )
    if evidence.view_share < least:
        return NotJudgedReason.VIEW, other_view(exercise.views)
    return NotJudgedReason.NONE, ""


def other_view(views: Collection[View]) -> str:
    """Return the sentence that an exercise can only be judged from some views."""
    names = " or ".join(view.value for view in View if view in views)
    article = "an" if names.startswith(View.OBLIQUE.value) else "a"
    return f"this exercise can only be judged from {article} {names} view"


def _share(measured: list[bool], supported: list[bool]) -> float:
    """Share of frames in which the view is sufficient or depth was measured."""
    return sum(m or s for m, s in zip(measured, supported, strict=True)) / len(measured)
