"""A recording that nobody watches is assessed as one that somebody does."""

from dataclasses import replace

import pytest

from apsa_perception.assessment.after_recording import AfterRecording
from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run, play
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.settings import AssessmentSettings
from support.figures import figure, library, repeat
from support.samples import model

SQUATS = repeat(
    lambda stamp, way: [
        figure(stamp, knee_deg=(175.0 - 95.0 * way,) * 2, knees_over_ankles=1.0 - 0.5 * way)
    ],
    3,
)


def squats(after: AfterRecording | None = None, model: QualityModel | None = None) -> Run:
    assessor = Assessor(library(), AssessmentSettings(), model, after=after)
    assessor.start("squat")
    return Run(list(play(assessor, SQUATS)))


def test_only_measures_of_frames_are_left_out_where_nobody_sees_them() -> None:
    seen, unseen = squats(), squats(AfterRecording())
    assert seen.live_codes
    assert len(seen.repetitions) == 3
    assert all(one.measures for one in seen.live)
    assert unseen.repetitions == seen.repetitions
    assert unseen.verdicts == seen.verdicts
    assert unseen.live == [replace(one, measures=()) for one in seen.live]


def test_the_joints_of_all_repetitions_are_explained_after_the_recording() -> None:
    after = AfterRecording()
    seen, unseen = squats(model=model()), squats(after, model())
    assert [one.joint_relevance.sum() for one in unseen.qualities] == [0.0] * 3
    after.finish()
    for one, other in zip(unseen.qualities, seen.qualities, strict=True):
        assert one.score == other.score
        assert one.joint_relevance.sum() == pytest.approx(1.0)
        assert one.joint_relevance == pytest.approx(other.joint_relevance, abs=1e-6)
