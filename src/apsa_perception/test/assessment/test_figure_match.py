"""Repetitions that cannot be of the exercise: other movements while it was asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from apsa_perception.assessment import offline
from apsa_perception.assessment.evidence import Frame
from apsa_perception.assessment.figure_match import FigureMatch
from apsa_perception.assessment.offline import Run
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade, NotJudgedReason, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence, said
from apsa_perception.repetition.segment import Segment
from support.figures import PERIOD_NS, SECOND_NS, Frames, posture_of
from support.fitness import FITNESS
from support.moving_figures import figure_frames, repetitions
from support.paths import ROOT
from support.poses import Pose, at, seen, through
from support.recognition_cases import repeated
from support.runs import EXERCISES, assess

SHANKS = (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)


def squats_with_raised_arms(hidden: tuple[Joint, ...] = ()) -> Frames:
    """Two squats that counterbalance with the arms, seen at an angle."""
    low = Pose(
        lean=35.0, hip_flexion=(100.0, 100.0), knee_flexion=(100.0, 100.0),
        shoulder_flexion=(125.0, 125.0),
    )  # fmt: skip
    steps = [(0.0, Pose()), (1.5, Pose()), (2.7, low), (3.9, Pose())]
    steps += [(4.5, Pose()), (5.7, low), (6.9, Pose()), (7.5, Pose())]
    stamps = range(PERIOD_NS, round(7.5 * SECOND_NS), PERIOD_NS)
    return [
        (stamp, [seen(at(stamp / SECOND_NS, tuple(steps)), stamp, turn_deg=25.0, hidden=hidden)])
        for stamp in stamps
    ]


def done_as(done: str, asked: str) -> Run:
    """The figure of an exercise, while another one was asked for."""
    if (done, asked) == ("squat", "arm_raise"):
        return assess(squats_with_raised_arms(), asked)
    figure = EXERCISES.get(done).figure
    assert figure is not None
    return assess(figure_frames(figure, repetitions(2)), asked)


def reasons(run: Run) -> list[Sentence | None]:
    """The sentences that say why repetitions are of another exercise."""
    found = [
        said(one.reason)
        for one in run.qualities
        if one.not_judged_reason is NotJudgedReason.ANOTHER_EXERCISE
    ]
    return [one.sentence if one else None for one in found]


@pytest.mark.parametrize(
    ("done", "asked", "sentence"),
    [
        ("squat", "arm_raise", Sentence.LEGS_MOVE),
        ("squat", "march", Sentence.LEGS_MOVE),
        ("march", "pelvis_rotation", Sentence.LEGS_MOVE),
        ("hip_hinge", "march", Sentence.TRUNK_MOVES),
        ("hip_hinge", "sit_up", Sentence.TRUNK_MOVES),
        ("biceps_curl", "push_up", Sentence.DONE_LYING),
        ("lunge", "heel_slide", Sentence.DONE_LYING),
        ("squat", "seated_march", Sentence.DONE_SITTING),
    ],
)
def test_another_exercise_is_counted_and_has_neither_score_nor_errors(
    done: str, asked: str, sentence: Sentence
) -> None:
    run = done_as(done, asked)
    assert len(run.repetitions) == 2
    assert reasons(run) == [sentence, sentence]
    assert {one.grade for one in run.qualities} == {Grade.NOT_JUDGED}
    assert run.codes == [set(), set()]


@pytest.mark.parametrize("name", sorted(FITNESS))
def test_right_and_wrong_repetitions_of_the_exercise_are_judged(name: str) -> None:
    for wrong in (False, True):
        run = assess(FITNESS[name].frames(4, wrong), name)
        assert run.repetitions
        assert reasons(run) == []


@pytest.mark.parametrize(
    "exercise",
    ["shoulder_abduction_left", "shoulder_flexion_left", "side_tap_left"],
)
def test_recorded_people_are_judged(exercise: str) -> None:
    run = assess(repeated(exercise, 2), exercise)
    assert len(run.repetitions) == 2
    assert reasons(run) == []


def test_arms_may_be_raised_sitting() -> None:
    seated = Pose(hip_flexion=(88.0, 88.0), knee_flexion=(90.0, 90.0))
    raised = Pose(
        hip_flexion=(88.0, 88.0), knee_flexion=(90.0, 90.0), shoulder_abduction=(95.0, 95.0)
    )
    run = assess(
        through((0.0, seated), (1.5, seated), (2.7, raised), (3.9, seated), turn_deg=0.0),
        "arm_raise",
    )
    assert [one.grade for one in run.qualities] == [Grade.GOOD]


def test_one_of_five_frames_with_bent_legs_refuses_nothing_and_two_do() -> None:
    standing, raised = Pose(), Pose(shoulder_abduction=(150.0, 150.0))
    bent = replace(standing, hip_flexion=(110.0, 110.0), knee_flexion=(130.0, 130.0))
    match = FigureMatch(EXERCISES.get("arm_raise"))
    segment = Segment(Side.BOTH, 0, 2 * SECOND_NS, 4 * SECOND_NS, 10.0, 150.0, (140.0, 140.0))
    sentences = []
    for poses in ((raised, bent, raised), (bent, bent, raised)):
        bodies = [seen(pose, second * SECOND_NS, turn_deg=0.0)
                  for second, pose in enumerate((standing, *poses, standing))]  # fmt: skip
        frames = [Frame(body, posture_of(body), (), ()) for body in bodies]
        sentences.append(said(match.contradiction(segment, frames)))
    assert [one.sentence if one else None for one in sentences] == [None, Sentence.LEGS_MOVE]


def test_legs_that_are_not_seen_contradict_nothing() -> None:
    run = assess(squats_with_raised_arms(hidden=SHANKS), "arm_raise")
    assert len(run.repetitions) == 2
    assert reasons(run) == []


def test_an_exercise_without_a_figure_is_compared_with_nothing(tmp_path: Path) -> None:
    text = (ROOT / "config" / "exercises" / "arm_raise.yaml").read_text()
    (tmp_path / "mine.yaml").write_text(text.replace("name: arm_raise", "name: mine"))
    run = offline.assess(squats_with_raised_arms(), "mine", ExerciseLibrary(tmp_path))
    assert len(run.qualities) == 2
    assert Grade.NOT_JUDGED not in {one.grade for one in run.qualities}
