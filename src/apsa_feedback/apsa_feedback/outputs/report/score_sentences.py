"""What the scores of a session mean, and what cost the most."""

from collections import Counter
from collections.abc import Mapping, Sequence

from apsa_feedback.outputs.report.records import RepetitionRecord
from apsa_feedback.stream.score_reasons import Cost, cost_words, costs_of, joint_words
from apsa_perception.assessment.quality import RULES_NAME
from apsa_perception.model.joints import JOINT_NAMES, Joint

_MOST = 3


def score_sentences(repetitions: Sequence[RepetitionRecord], words: Mapping[str, str]) -> list[str]:
    """Return lines about the judged repetitions; none without any.

    The cost of an error is its mean over those that the rules judged. The network's score has no
    named cause: its line has the joints that weighed most in most repetitions.
    """
    judged = [one for one in repetitions if one.score is not None]
    by_rules = [one for one in judged if one.judged_by.startswith(f"{RULES_NAME} ")]
    by_network = [one for one in judged if one not in by_rules]
    lines = [words["score_grades"]] if judged else []
    if by_rules:
        lines.append(words["score_rules"])
        if costs := _mean_costs(by_rules):
            lost = ", ".join(cost_words(cost, words) for cost in costs)
            lines.append(f"{words['score_gain']} ({words['average']}): {lost}")
    if by_network:
        lines.append(words["score_network"])
        weighed = Counter(name for one in by_network for name in one.weighed.split())
        named = [name for name, _ in weighed.most_common(_MOST) if name in JOINT_NAMES]
        if named:
            joints = ", ".join(joint_words(Joint[name.upper()], words) for name in named)
            lines.append(f"{words['score_joints']}: {joints}")
    return lines


def _mean_costs(repetitions: Sequence[RepetitionRecord]) -> list[Cost]:
    """Points of each error on average over all repetitions, most first."""
    sums: Counter[str] = Counter()
    for one in repetitions:
        for cost in costs_of(one.score or 0.0, one.errors):
            sums[cost.name] += cost.points
    means = [Cost(name, round(total / len(repetitions))) for name, total in sums.most_common(_MOST)]
    return [cost for cost in means if cost.points]
