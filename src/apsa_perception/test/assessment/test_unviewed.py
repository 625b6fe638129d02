"""A recording that nobody watches is assessed as one that somebody does."""

from dataclasses import replace

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run, play
from apsa_perception.assessment.settings import AssessmentSettings
from support.figures import figure, library, repeat

SQUATS = repeat(
    lambda stamp, way: [
        figure(stamp, knee_deg=(175.0 - 95.0 * way,) * 2, knees_over_ankles=1.0 - 0.5 * way)
    ],
    3,
)


def squats(*, viewed: bool) -> Run:
    assessor = Assessor(library(), AssessmentSettings(), None, viewed=viewed)
    assessor.start("squat")
    return Run(list(play(assessor, SQUATS)))


def test_only_measures_of_frames_are_left_out_where_nobody_sees_them() -> None:
    seen, unseen = squats(viewed=True), squats(viewed=False)
    assert seen.live_codes
    assert len(seen.repetitions) == 3
    assert all(one.measures for one in seen.live)
    assert unseen.repetitions == seen.repetitions
    assert unseen.verdicts == seen.verdicts
    assert unseen.live == [replace(one, measures=()) for one in seen.live]
