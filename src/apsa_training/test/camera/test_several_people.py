"""Drawn people who pass, hide and leave each other: their numbers, and who is judged."""

from collections.abc import Callable

import numpy as np
import pytest

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.offline import Run, play
from apsa_perception.assessment.subject_chooser import Selection
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.pose.litert_backend import LiteRtBackend
from apsa_training.camera.body import Body
from apsa_training.data.sequences import MotionSequence
from support.drawn_people import BLUE, RED, Drawn, Place, Shot, shots
from support.figures import bump, figure
from support.runs import assessor

RATE_HZ = 10.0
STANDING = "206_18_3_11_2_stand.txt"
CYCLE = 75
"""Frames of a repetition, 30 a second."""

RAISES = np.stack(
    [figure(arms_deg=(15.0 + 135.0 * bump((i - 15) / 60),) * 2).positions for i in range(CYCLE)]
)
"""Both arms are raised sideways."""

HELP = np.stack(
    [figure(arms_deg=(12.0, 40.0 + 50.0 * bump((i - 15) / 60))).positions for i in range(CYCLE)]
)
"""The right arm holds somebody's left arm while it is raised."""

_NEAR_PX = 60.0
Draw = Callable[..., list[Shot]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def draw(body: Body, recording: Callable[[str], MotionSequence]) -> Draw:
    def draw_people(
        *places: Place, seconds: float, exercise: bool = False, help_by_hand: bool = False
    ) -> list[Shot]:
        still = recording(STANDING).positions[:1]
        first, others = RAISES if exercise else still, HELP if help_by_hand else still
        people = [
            Drawn(BLUE if n else RED, place, others if n else first)
            for n, place in enumerate(places)
        ]
        return list(shots(body, people, seconds, RATE_HZ))

    return draw_people


def seen(pictures: list[Shot], people: int = 2) -> list[tuple[int, list[Skeleton]]]:
    """What the pose estimation finds."""
    estimator = PoseEstimator(LiteRtBackend("full", people))
    frames = []
    for shot in pictures:
        stamp_ns = round((shot.second + 1.0) * 1e9)
        frames.append((stamp_ns, estimator.process(shot.picture, stamp_ns)))
    return frames


def numbers_in(frames: list[tuple[int, list[Skeleton]]], pictures: list[Shot]) -> list[set[int]]:
    """The numbers that each drawn person had."""
    numbers: list[set[int]] = [set() for _ in pictures[0].pelvis_px]
    for shot, (_, skeletons) in zip(pictures, frames, strict=True):
        for body in skeletons:
            apart = [
                np.inf if true is None else float(np.hypot(*(true - body.pixels[Joint.PELVIS])))
                for true in shot.pelvis_px
            ]
            assert min(apart) < _NEAR_PX, "somebody is found where nobody is"
            numbers[int(np.argmin(apart))].add(body.body_id)
    return numbers


def path(*points: tuple[float, float, float]) -> Place:
    """Straight ways between points: second, metres to the right, metres towards the camera."""
    times, rights, nears = zip(*points, strict=True)
    return lambda t: (float(np.interp(t, times, rights)), float(np.interp(t, times, nears)))


STILL = path((0.0, 0.0, 0.0))
CROSSING = path((0.0, -1.2, 0.0), (4.0, 1.2, 0.0)), path((0.0, 1.2, 0.6), (4.0, -1.2, 0.6))
STOPPING = path((0.0, -1.2, 0.6), (1.5, 0.0, 0.6), (3.5, 0.0, 0.6), (5.0, 1.2, 0.6))
GOING = path((0.5, -0.7, 0.0), (2.0, -2.6, 0.0), (4.5, -2.6, 0.0), (6.0, -0.7, 0.0))
BESIDE = path((0.0, 0.7, 0.2))


@pytest.mark.parametrize(
    ("places", "seconds"),
    [(CROSSING, 4.2), ((STILL, STOPPING), 5.8), ((GOING, BESIDE), 6.5)],
    ids=["crossing", "hidden for two seconds", "leaving and coming back"],
)
def test_everybody_keeps_their_number(
    draw: Draw, places: tuple[Place, Place], seconds: float
) -> None:
    pictures = draw(*places, seconds=seconds)
    numbers = numbers_in(seen(pictures), pictures)
    assert sorted(map(sorted, numbers)) == [[1], [2]]


def test_the_patient_is_judged_the_same_with_a_therapist_beside(draw: Draw) -> None:
    therapist = path((0.0, 1.3, 0.3), (1.0, 0.95, 0.3))
    alone = draw(STILL, seconds=6.0, exercise=True)
    beside = draw(STILL, therapist, seconds=6.0, exercise=True)
    expected = judged(seen(alone))
    found = judged(seen(beside))
    assert len(expected.repetitions) == 2
    assert len({one.body_id for one in found.live if one.body_id}) == 1
    assert len(found.repetitions) == len(expected.repetitions)
    for one, other in zip(found.repetitions, expected.repetitions, strict=True):
        assert one.peak_value == pytest.approx(other.peak_value, abs=3.0)
        assert one.start_ns == pytest.approx(other.start_ns, abs=0.2e9)
    assert found.codes == expected.codes


@pytest.mark.parametrize(
    "therapist",
    [
        path((0.0, 1.5, 0.25), (1.0, 0.5, 0.25), (5.2, 0.5, 0.25), (6.2, 1.5, 0.25)),
        path((0.0, 1.5, -0.3), (1.0, 0.4, -0.3), (5.2, 0.4, -0.3), (6.2, 1.5, -0.3)),
    ],
    ids=["in front", "behind"],
)
def test_the_patient_stays_selected_while_a_therapist_lifts_the_arm(
    draw: Draw, therapist: Place
) -> None:
    pictures = draw(STILL, therapist, seconds=6.2, exercise=True, help_by_hand=True)
    frames = seen(pictures)
    patient, helper = numbers_in(frames, pictures)
    assert len(patient) == len(helper) == 1, "identity switches"
    assert patient != helper
    run = judged(frames)
    assert {one.body_id for one in run.live if one.body_id} == patient
    assert len(run.repetitions) == 2


def judged(frames: list[tuple[int, list[Skeleton]]]) -> Run:
    """Judge the person in the middle of the picture."""
    one: Assessor = assessor()
    one.start("arm_raise")
    run = Run()
    run.add(play(one, frames[:6]))
    one.select_person(Selection(point=(320.0, 220.0)))
    run.add(play(one, frames[6:]))
    return run
