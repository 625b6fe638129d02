"""One probability from a rule and the network."""

import pytest

from apsa_perception.assessment.error_fusion import fused_probability
from apsa_perception.model.codes import ErrorCode, JudgedBy
from support.figures import repeat, squat
from support.network import Answer, Network
from support.runs import assess

VALGUS = repeat(lambda stamp, way: [squat(stamp, way, knees_over_ankles=0.5)], 2)


def test_the_probability_rises_with_both() -> None:
    shares = (0.0, 0.1, 0.5, 0.9, 1.0)
    for rule in shares:
        by_network = [fused_probability(rule, incorrect) for incorrect in shares]
        assert by_network == sorted(by_network)
        assert 0.0 < by_network[0] < by_network[-1] < 1.0
    assert fused_probability(0.6, 0.5) < fused_probability(0.99, 0.5)


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        (Answer(score=0.2), JudgedBy.RULES_AND_NETWORK),
        (Answer(score=0.2, abstained=True, reason="too uncertain"), JudgedBy.RULES),
    ],
)
def test_an_error_says_who_speaks_for_it(answer: Answer, source: JudgedBy) -> None:
    (error,) = assess(VALGUS, "squat", Network(answer)).verdicts[0].errors
    assert (error.code, error.source) == (ErrorCode.KNEE_VALGUS, source)
    (alone,) = assess(VALGUS, "squat").verdicts[0].errors
    assert (error.probability == alone.probability) == (source is JudgedBy.RULES)


def test_the_networks_word_can_take_an_error_back() -> None:
    borderline = repeat(lambda stamp, way: [squat(stamp, way, depth_deg=111.5)], 2)
    alone = assess(borderline, "squat")
    assert alone.codes == [{ErrorCode.INSUFFICIENT_DEPTH}] * 2
    assert assess(borderline, "squat", Network(Answer(score=0.98))).codes == [set()] * 2
    borne_out = assess(borderline, "squat", Network(Answer(score=0.1)))
    assert borne_out.codes == alone.codes
