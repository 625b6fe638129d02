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
from support.runs import assessor

RATE_HZ = 12.0
STANDING = "206_18_3_11_2_stand.txt"
CURL = "102_18_0_7_1_stand.txt"
_NEAR_PX = 60.0
Draw = Callable[..., list[Shot]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def draw(body: Body, recording: Callable[[str], MotionSequence]) -> Draw:
    def draw_people(
        *places: Place, seconds: float, alike: bool = False, exercise: bool = False
    ) -> list[Shot]:
        still = recording(STANDING).positions[:1]
        curl = recording(CURL).positions
        people = [
            Drawn(RED if alike or not n else BLUE, place, curl if exercise and not n else still)
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


def numbers_of(pictures: list[Shot], people: int = 2) -> list[set[int]]:
    """The numbers that each drawn person had."""
    numbers: list[set[int]] = [set() for _ in pictures[0].pelvis_px]
    for shot, (_, skeletons) in zip(pictures, seen(pictures, people), strict=True):
        for body in skeletons:
            apart = [
                np.inf if true is None else float(np.hypot(*(true - body.pixels[Joint.PELVIS])))
                for true in shot.pelvis_px
            ]
            assert min(apart) < _NEAR_PX, "somebody is found where nobody is"
            numbers[int(np.argmin(apart))].add(body.body_id)
    return numbers


def path(*points: tuple[float, float, float] | None) -> Place:
    """Straight ways between points: second, metres to the right, metres towards the camera."""
    times, rights, nears = zip(*points, strict=True)
    return lambda t: (float(np.interp(t, times, rights)), float(np.interp(t, times, nears)))


def absent(place: Place, since: float, until: float) -> Place:
    return lambda t: None if since <= t < until else place(t)


STILL = path((0.0, 0.0, 0.0))
CROSSING = path((0.0, -1.2, 0.0), (4.0, 1.2, 0.0)), path((0.0, 1.2, 0.6), (4.0, -1.2, 0.6))
STOPPING = path((0.0, -1.4, 0.6), (2.0, 0.0, 0.6), (4.0, 0.0, 0.6), (6.0, 1.4, 0.6))
GOING = path((2.0, -0.7, 0.0), (4.0, -2.6, 0.0), (7.0, -2.6, 0.0), (9.0, -0.7, 0.0))


@pytest.mark.parametrize(
    ("places", "seconds", "alike"),
    [
        (CROSSING, 5.0, False),
        (CROSSING, 5.0, True),
        ((STILL, STOPPING), 6.5, False),
        ((GOING, path((0.0, 0.7, 0.2))), 10.0, False),
    ],
    ids=["crossing", "crossing, dressed alike", "hidden for two seconds", "leaving, coming back"],
)
def test_everybody_keeps_their_number(
    draw: Draw, places: tuple[Place, Place], seconds: float, alike: bool
) -> None:
    numbers = numbers_of(draw(*places, seconds=seconds, alike=alike))
    assert sorted(map(sorted, numbers)) == [[1], [2]]


def test_the_patient_is_judged_the_same_with_a_therapist_beside(draw: Draw) -> None:
    therapist = path((0.0, 1.8, 0.3), (2.0, 0.62, 0.3))
    alone = draw(STILL, seconds=9.5, exercise=True)
    beside = draw(STILL, therapist, seconds=9.5, exercise=True)
    expected = judged(seen(alone))
    found = judged(seen(beside))
    assert len(expected.repetitions) == 5
    assert {one.body_id for one in found.live if one.body_id} == {
        one.body_id for one in expected.live if one.body_id
    }
    assert len(found.repetitions) == len(expected.repetitions)
    for one, other in zip(found.repetitions, expected.repetitions, strict=True):
        assert one.peak_value == pytest.approx(other.peak_value, abs=3.0)
        assert one.start_ns == pytest.approx(other.start_ns, abs=0.2e9)
    assert found.codes == expected.codes


def judged(frames: list[tuple[int, list[Skeleton]]]) -> Run:
    """Judge the person in the middle of the picture."""
    one: Assessor = assessor()
    one.start("elbow_flexion_left")
    run = Run()
    run.add(play(one, frames[:6]))
    one.select_person(Selection(point=(320.0, 220.0)))
    run.add(play(one, frames[6:]))
    return run
