"""The One-Euro filter goes by stamps: smooth at rest, prompt in motion, at any frame rate."""

import numpy as np
import pytest

from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.filters import OneEuroFilter, OneEuroSettings

SETTINGS = OneEuroSettings()
START_NS = 1_700_000_000_000_000_000


def run(times: FloatArray, points: FloatArray, scale: float = 1.0) -> FloatArray:
    """Filter ``(T, N, 3)`` points at times in seconds."""
    one_euro = OneEuroFilter(SETTINGS)
    stamps = START_NS + np.round(times * 1e9).astype(np.int64)
    return np.array(
        [one_euro.update(p, int(t), scale) for p, t in zip(points, stamps, strict=True)]
    )


def squat(times: FloatArray) -> FloatArray:
    """Two joints that move up and down by 0.4 m every 2 s, up to 0.63 m/s."""
    height = 0.2 * np.sin(np.pi * times)
    still = np.zeros_like(height)
    joint = np.stack([still, height, still], axis=-1)
    return np.stack([joint, -joint], axis=1)


def test_same_motion_at_15_30_and_60_frames_a_second_agrees_within_a_centimetre() -> None:
    results = []
    for rate in (15, 30, 60):
        times = np.arange(0, 4, 1 / rate)
        results.append(run(times, squat(times))[:: rate // 15])
    assert np.abs(results[0] - results[2]).max() < 0.02
    assert np.abs(results[1] - results[2]).max() < 0.01


def test_lost_frames_do_not_disturb() -> None:
    times = np.arange(0, 4, 1 / 30)
    kept = np.random.default_rng(0).random(len(times)) > 0.3
    whole = run(times, squat(times))[kept]
    assert np.abs(run(times[kept], squat(times[kept])) - whole).max() < 0.02


def test_jitter_at_rest_falls_to_less_than_half() -> None:
    times = np.arange(0, 10, 1 / 30)
    noise = np.random.default_rng(0).normal(0, 0.003, (len(times), 20, 3))
    assert run(times, noise)[30:].std() < 0.5 * noise.std()


@pytest.mark.parametrize("speed", [0.5, 1.0, 2.0])
def test_lag_in_motion_stays_below_that_of_the_documented_cutoff(speed: float) -> None:
    times = np.arange(0, 3, 1 / 30)
    points = np.zeros((len(times), 1, 3))
    points[:, 0, 1] = speed * times
    behind = (points - run(times, points))[-1, 0, 1] / speed
    cutoff = SETTINGS.minimum_cutoff + SETTINGS.beta * speed
    assert behind <= 1 / (2 * np.pi * cutoff) + 1e-3


def test_result_does_not_depend_on_the_axes() -> None:
    times = np.arange(0, 2, 1 / 30)
    points = squat(times) + np.random.default_rng(0).normal(0, 0.01, (len(times), 2, 3))
    turned = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    np.testing.assert_allclose(run(times, points @ turned), run(times, points) @ turned, atol=1e-12)


def test_pixels_are_filtered_as_the_metres_they_stand_for() -> None:
    times = np.arange(0, 2, 1 / 30)
    points = squat(times) + np.random.default_rng(0).normal(0, 0.01, (len(times), 2, 3))
    np.testing.assert_allclose(run(times, points * 250, 1 / 250), run(times, points) * 250)


def test_reset_lets_the_next_points_pass() -> None:
    one_euro = OneEuroFilter(SETTINGS)
    one_euro.update(np.zeros((20, 3)), START_NS)
    one_euro.reset()
    assert (one_euro.update(np.ones((20, 3)), 1) == 1).all()


def test_refuses_a_stamp_that_does_not_follow_and_keeps_its_state() -> None:
    one_euro, other = OneEuroFilter(SETTINGS), OneEuroFilter(SETTINGS)
    for f in (one_euro, other):
        f.update(np.zeros((20, 3)), 100)
    with pytest.raises(ValueError, match="stamp 100 ns is not after 100 ns"):
        one_euro.update(np.ones((20, 3)), 100)
    last = np.ones((20, 3))
    np.testing.assert_array_equal(one_euro.update(last, 10**7), other.update(last, 10**7))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"minimum_cutoff": 0.0}, "minimum_cutoff is 0.0; expected 0.05 to 30"),
        ({"derivative_cutoff": float("nan")}, "derivative_cutoff is nan"),
        ({"beta": -1.0}, "beta is -1.0; expected 0 to 100"),
    ],
)
def test_refuses_senseless_settings(values: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        OneEuroSettings(**values)
