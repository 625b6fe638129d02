"""The log of the server, which no client can fill."""

import logging

from apsa_perception.model.rate_limit import RateLimit

_LINES, _LINES_PER_S = 5, 1 / 60.0


def limited_logger(name: str) -> logging.Logger:
    """Return a logger that writes few records: clients can cause errors as often as they like."""
    logger = logging.getLogger(f"{name}.limited")
    limit = RateLimit(_LINES_PER_S, _LINES)
    logger.filters = [lambda record: limit.take()]
    return logger
