"""Lost pictures are told from the gaps between stamps; changes of the frame rate are not."""

import numpy as np
import pytest

from apsa_perception.imaging.frame_gaps import FrameGaps, loss_sentence

PERIOD_NS = 33_333_333


def share_of(stamps_ns: list[int]) -> float:
    gaps = FrameGaps()
    for stamp in stamps_ns:
        gaps.add(stamp)
    return gaps.lost_share()


def camera(count: int, period_ns: int = PERIOD_NS, jitter_ms: float = 0.0) -> list[int]:
    noise = np.random.default_rng(1).normal(0.0, jitter_ms * 1e6, count)
    return [10**9 + round(number * period_ns + noise[number]) for number in range(count)]


@pytest.mark.parametrize("lost", [0.2, 0.55])
@pytest.mark.parametrize("jitter_ms", [0.0, 2.0])
def test_pictures_lost_at_random_are_estimated(lost: float, jitter_ms: float) -> None:
    random = np.random.default_rng(2)
    arrived = [stamp for stamp in camera(400, jitter_ms=jitter_ms) if random.random() > lost]
    assert share_of(arrived) == pytest.approx(lost, abs=0.1)


def test_a_steady_camera_loses_nothing() -> None:
    assert share_of(camera(300, jitter_ms=3.0)) == 0.0
    assert share_of(camera(300, period_ns=200_000_000)) == 0.0


def test_a_camera_that_changes_its_rate_loses_nothing() -> None:
    bright = camera(80)
    dark = [bright[-1] + number * 2 * PERIOD_NS for number in range(1, 80)]
    assert share_of([*bright, *dark]) == 0.0


def test_pictures_at_no_rate_cannot_be_compared() -> None:
    random = np.random.default_rng(3)
    stamps = np.cumsum(random.uniform(0.02, 0.2, 200)) * 1e9
    assert share_of([round(stamp) for stamp in stamps]) == 0.0


def test_a_clock_that_was_set_back_starts_again() -> None:
    random = np.random.default_rng(4)
    arrived = [stamp for stamp in camera(200) if random.random() > 0.5]
    assert share_of([*arrived, *camera(20)]) == 0.0


def test_the_sentence_says_whether_the_way_or_the_pose_model_loses_pictures() -> None:
    assert loss_sentence(0.05, 0.2) == ""
    assert "55% of the images did not arrive" in loss_sentence(0.55, 0.2)
    assert "the pose model has no time for more" in loss_sentence(0.3, 0.95)
