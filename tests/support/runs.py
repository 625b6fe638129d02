"""Runs the assessment over frames with the exercises of this repository."""

from apsa_perception.assessment import offline
from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.settings import AssessmentSettings
from support.figures import Frames, library

EXERCISES = library()


def assessor(
    settings: AssessmentSettings | None = None, model: QualityModel | None = None
) -> Assessor:
    return Assessor(EXERCISES, settings or AssessmentSettings(), model)


def assess(frames: Frames, exercise: str, model: QualityModel | None = None) -> Run:
    """Start the exercise and process all frames."""
    return offline.assess(frames, exercise, EXERCISES, model=model)
