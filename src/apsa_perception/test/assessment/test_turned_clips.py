"""A real person in a picture that lies on its side or is upside down."""

from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.codes import Grade, NotJudgedReason, SessionEvent
from apsa_perception.model.sentences import Sentence
from apsa_perception.pose.backend import open_backend
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.sources.video import VideoReader
from support.figures import Frames
from support.runs import assess

Pictures = list[tuple[int, RgbImage]]
UPSIDE_DOWN = Sentence.UPSIDE_DOWN.text()
ON_ITS_SIDE = "the picture lies on its side: turn the camera upright"


@pytest.fixture(scope="module")
def pictures(clip: Callable[[str], Path]) -> Callable[[str], Pictures]:
    """The first three seconds of a clip, ten pictures a second."""

    @cache
    def read(name: str) -> Pictures:
        with VideoReader(clip(f"{name}.mp4")) as video:
            return [(stamp, rgb) for stamp, rgb in islice(video, 0, 80, 3)]

    return read


def turned(pictures: Pictures, quarters: int) -> Frames:
    """What the pose model finds in the pictures, turned to the left by quarters of a circle."""
    estimator = PoseEstimator(open_backend(model="lite", max_people=1))
    frames = [
        (stamp, estimator.process(np.ascontiguousarray(np.rot90(rgb, quarters)), stamp))
        for stamp, rgb in pictures
    ]
    estimator.close()
    return frames


@pytest.mark.faults
@pytest.mark.parametrize(
    ("name", "quarters", "sentence"),
    [
        ("squat_front", 1, ON_ITS_SIDE),
        ("squat_front", 2, UPSIDE_DOWN),
        ("squat_front", 3, ON_ITS_SIDE),
        ("lateral_raise_thighs_up", 2, UPSIDE_DOWN),
    ],
)
def test_a_turned_picture_of_a_real_person_gets_one_sentence_and_no_score(
    pictures: Callable[[str], Pictures], name: str, quarters: int, sentence: str
) -> None:
    frames = turned(pictures(name), quarters)
    assert sum(bool(people) for _, people in frames) > 0.8 * len(frames), "the person is found"
    run = assess(frames, "squat")
    (told,) = [one for one in run.statuses if one.event is SessionEvent.CAMERA_SIDEWAYS]
    assert told.message.startswith(sentence)
    assert {one.not_judged_reason for one in run.qualities} <= {NotJudgedReason.SIDEWAYS}
    assert run.live_codes.union(*run.codes) == set()


def test_the_same_picture_upright_is_judged(pictures: Callable[[str], Pictures]) -> None:
    run = assess(turned(pictures("squat_front"), 0), "squat")
    assert {one.grade for one in run.qualities} == {Grade.GOOD}
    assert SessionEvent.CAMERA_SIDEWAYS not in {one.event for one in run.statuses}
