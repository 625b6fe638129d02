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


@pytest.mark.parametrize("lost", [0.05, 0.2, 0.55, 0.75])
@pytest.mark.parametrize("jitter_ms", [0.0, 3.0])
def test_pictures_lost_at_random_are_estimated(lost: float, jitter_ms: float) -> None:
    random = np.random.default_rng(2)
    arrived = [stamp for stamp in camera(400, jitter_ms=jitter_ms) if random.random() > lost]
    assert share_of(arrived) == pytest.approx(lost, abs=0.1)


def test_a_stream_of_which_hardly_two_images_follow_each_other_has_lost_half() -> None:
    steps = np.random.default_rng(5).choice([2, 3], 120, p=[0.76, 0.24])
    assert share_of([PERIOD_NS * int(number) for number in np.cumsum(steps)]) > 0.5


def test_images_that_a_driver_stamps_late_are_not_lost() -> None:
    # A late image makes one gap longer and the next one shorter.
    stamps = [stamp + 10_000_000 * (number % 7 == 3) for number, stamp in enumerate(camera(300))]
    assert share_of(stamps) < 0.02
    arrived = [stamp for number, stamp in enumerate(stamps) if number % 10 not in (2, 5, 6)]
    assert share_of(arrived) == pytest.approx(0.3, abs=0.05)


def test_a_steady_camera_loses_nothing() -> None:
    assert share_of(camera(300, jitter_ms=3.0)) == 0.0
    assert share_of(camera(300, period_ns=200_000_000)) == 0.0


def test_pauses_are_not_losses() -> None:
    rows = [camera(40) for _ in range(5)]
    for pause_s in (0.5, 8.0):
        step_ns = rows[0][-1] - rows[0][0] + round(pause_s * 1e9)
        assert share_of([stamp + i * step_ns for i, row in enumerate(rows) for stamp in row]) == 0.0


def test_a_loss_is_forgotten_after_ten_seconds() -> None:
    random = np.random.default_rng(6)
    arrived = [stamp for stamp in camera(300) if random.random() > 0.5]
    after = [stamp + 300 * PERIOD_NS for stamp in camera(330)]
    assert share_of([*arrived, *after]) == 0.0


def test_a_camera_that_changes_its_rate_loses_nothing() -> None:
    bright = camera(80)
    dark = [bright[-1] + number * 2 * PERIOD_NS for number in range(1, 80)]
    assert share_of([*bright, *dark]) == 0.0
    random = np.random.default_rng(7)
    rows = [(random.integers(5, 40), random.choice([1.0, 1.5, 2.0])) for _ in range(12)]
    gaps = [PERIOD_NS * float(factor) for count, factor in rows for _ in range(count)]
    assert share_of([round(stamp) for stamp in np.cumsum(gaps)]) == 0.0


def test_pictures_at_no_rate_cannot_be_compared() -> None:
    random = np.random.default_rng(3)
    stamps = np.cumsum(random.uniform(0.02, 0.2, 200)) * 1e9
    assert share_of([round(stamp) for stamp in stamps]) == 0.0
    drifting = np.cumsum(PERIOD_NS * (1.5 - 0.5 * np.cos(np.arange(600) / 60.0)))
    assert share_of([round(stamp) for stamp in drifting]) == 0.0


def test_a_clock_that_was_set_back_starts_again() -> None:
    random = np.random.default_rng(4)
    arrived = [stamp for stamp in camera(200) if random.random() > 0.5]
    assert share_of([*arrived, *camera(20)]) == 0.0


def test_the_sentence_says_whether_the_way_or_the_pose_model_loses_pictures() -> None:
    assert loss_sentence(0.05, 0.2, 0.5) == ""
    assert "55% of the images did not arrive" in loss_sentence(0.55, 0.2, 0.02)
    assert "the pose model has no time for more" in loss_sentence(0.3, 0.95, 0.3)
    busy = loss_sentence(0.3, 0.4, 0.35)
    assert "the node waits for a processor for 35% of its time" in busy
    assert "FASTRTPS" not in busy
