"""The quality of a repetition as the page shows it, with the reasons of its score."""

from typing import Any

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.translation import unjudged_reason
from apsa_feedback.outputs.screen.frame_header import error_words
from apsa_feedback.stream.formatting import points
from apsa_feedback.stream.score_reasons import cost_words, costs_of, joint_words, weightiest
from apsa_perception.model.codes import Grade, JudgedBy
from apsa_perception.model.results import ErrorSet, QualityResult


def quality_details(
    quality: QualityResult, errors: ErrorSet | None, book: CueBook
) -> dict[str, Any]:
    """Return score and grade, and why: lines of text, none for what was not judged.

    Args:
        quality: of the repetition.
        errors: its errors; None: they have not arrived.
        book: the words of the language.
    """
    judged = quality.grade is not Grade.NOT_JUDGED
    return {
        "index": quality.repetition,
        "score": points(quality.score) if judged else None,
        "grade": quality.grade.name.lower(),
        "reason": unjudged_reason(quality, book),
        "why": _why(quality, errors, book) if judged else [],
    }


def _why(quality: QualityResult, errors: ErrorSet | None, book: CueBook) -> list[str]:
    words = book.words
    raised = errors.errors if errors else ()
    if quality.source is JudgedBy.RULES:
        lost = costs_of(quality.score, raised)
        costs = ", ".join(cost_words(cost, words) for cost in lost)
        if errors and costs:
            return [words["score_rules"], f"{words['score_gain']}: {costs}"]
        return [words["score_rules"]]
    lines = [words["score_network"]]
    if joints := weightiest(quality.joint_relevance):
        named = ", ".join(joint_words(joint, words) for joint in joints)
        lines.append(f"{words['score_joints']}: {named}")
    named = ", ".join(error_words(error, book)["word"] for error in raised if error.measure)
    return [*lines, f"{words['report_errors']}: {named}"] if named else lines
