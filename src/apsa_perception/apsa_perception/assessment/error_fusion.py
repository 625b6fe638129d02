"""One probability of an error from the rule that found it and from the network's opinion."""

import math
from collections.abc import Sequence
from dataclasses import replace

from apsa_perception.model.codes import JudgedBy
from apsa_perception.model.results import ErrorResult

PUBLISHED_FROM = 0.5
"""Probability below which an error that a rule found is not told of the repetition."""

# Log-odds of an error = _BIAS + _RULE * log-odds by the rule + _NETWORK * log-odds that the
# repetition is incorrect: logistic regression on the errors found in IntelliRehabDS, by networks
# that never saw the person (`combined_errors` of `make evaluate-errors`).
_BIAS, _RULE, _NETWORK = -1.08, 0.45, 0.64
_LARGEST_LOGIT = 6.0


def combined_probability(rule: float, incorrect: float) -> float:
    """Probability 0..1 that the error is one.

    Args:
        rule: probability that the measure is beyond the limit.
        incorrect: probability by the network that the repetition is incorrect.
    """
    odds = _BIAS + _RULE * bounded_logit(rule) + _NETWORK * bounded_logit(incorrect)
    return 1.0 / (1.0 + math.exp(-odds))


def bounded_logit(probability: float) -> float:
    """Log-odds, within those of 0.25 % and 99.75 %: neither side is ever quite sure."""
    least = 1.0 / (1.0 + math.exp(_LARGEST_LOGIT))
    inner = min(max(probability, least), 1.0 - least)
    return math.log(inner / (1.0 - inner))


def with_network(errors: Sequence[ErrorResult], score: float) -> tuple[ErrorResult, ...]:
    """The errors of a repetition after the network has been asked.

    Args:
        errors: what the rules found.
        score: probability by the network that the repetition is correct.

    Returns:
        Those that remain probable. One that the network bears out comes from both; one that holds
        against the network's word stays the rule's.
    """
    told = []
    for error in errors:
        probability = combined_probability(error.probability, 1.0 - score)
        if probability >= PUBLISHED_FROM:
            source = JudgedBy.RULES_AND_NETWORK if score < 0.5 else JudgedBy.RULES
            told.append(replace(error, probability=probability, source=source))
    return tuple(told)
