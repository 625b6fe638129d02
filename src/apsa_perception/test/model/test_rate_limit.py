"""The rate limit: a burst at once, then a steady rate."""

from apsa_perception.model.rate_limit import RateLimit


def test_a_burst_is_allowed_and_then_the_rate() -> None:
    now = [100.0]
    limit = RateLimit(2.0, 3, clock=lambda: now[0])
    assert [limit.take() for _ in range(5)] == [True, True, True, False, False]
    assert limit.is_exhausted
    now[0] += 0.5
    assert not limit.is_exhausted
    assert [limit.take() for _ in range(2)] == [True, False]
    now[0] += 1000.0
    assert [limit.take() for _ in range(5)] == [True, True, True, False, False]
