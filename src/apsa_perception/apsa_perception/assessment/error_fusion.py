"""Fusion of the rule that found an error with the score of the network."""

import math
from collections.abc import Sequence
from dataclasses import replace

from apsa_perception.model.codes import JudgedBy
from apsa_perception.model.results import ErrorResult

PUBLISHED_FROM = 0.5
"""Least probability with which an error of a repetition is published."""

# Log-odds of an error = _BIAS + _RULE * log-odds by the rule + _NETWORK * log-odds that the
# repetition is incorrect: logistic regression on out-of-fold predictions for the errors found in
# IntelliRehabDS (`combined_errors` of `make evaluate-errors`).
_BIAS, _RULE, _NETWORK = -1.08, 0.45, 0.64
_LARGEST_LOGIT = 6.0


def fused_probability(rule: float, incorrect: float) -> float:
    """Return the probability 0..1 that the error is real.

    Args:
        rule: probability that the measure is beyond the limit.
        incorrect: the network's probability that the repetition is incorrect.
    """
    odds = _BIAS + _RULE * bounded_logit(rule) + _NETWORK * bounded_logit(incorrect)
    return 1.0 / (1.0 + math.exp(-odds))


def bounded_logit(probability: float) -> float:
    """Log-odds of a probability, bounded to those of 0.25 % and 99.75 %."""
    least = 1.0 / (1.0 + math.exp(_LARGEST_LOGIT))
    inner = min(max(probability, least), 1.0 - least)
    return math.log(inner / (1.0 - inner))


def with_network(errors: Sequence[ErrorResult], score: float) -> tuple[ErrorResult, ...]:
    """Return the errors of a repetition that remain probable given the network's score.

    Args:
        errors: errors found by the rules.
        score: the network's probability that the repetition is correct.

    Returns:
        Errors with their fused probability. Their source is both rule and network if the network
        considers the repetition incorrect, else the rule.
    """
    kept = []
    for error in errors:
        probability = fused_probability(error.probability, 1.0 - score)
        if probability >= PUBLISHED_FROM:
            source = JudgedBy.RULES_AND_NETWORK if score < 0.5 else JudgedBy.RULES
            kept.append(replace(error, probability=probability, source=source))
    return tuple(kept)
