"""Every included exercise is complete: sources, names, search words, picture and views."""

import re
from itertools import takewhile

import pytest

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.guide import Guides
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.library import ExerciseLibrary
from support.paths import ROOT

EXERCISES = ExerciseLibrary.load(ROOT / "config" / "exercises")
BOOKS = {name: CueBook.load(ROOT / "config" / "cues", name) for name in ("de", "en", "es", "zh")}
PICTURES = {
    language: {each["name"]: each for each in Guides(EXERCISES).pictures(book)}
    for language, book in BOOKS.items()
}
GENERAL_LIMITS = {
    "asymmetry": "| asymmetry |",
    "insufficient_depth": "| insufficient depth, range |",
    "insufficient_range": "| insufficient depth, range |",
    "too_fast": "| too fast |",
    "trunk_lean_lateral": "| lateral trunk lean |",
}
"""Errors whose limits docs/measures.md derives for all exercises, with their row."""

_YEAR = re.compile(r"\b(19|20)\d\d\)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
every_exercise = pytest.mark.parametrize("name", EXERCISES.names)


@every_exercise
def test_the_source_of_every_limit_is_in_the_file_or_in_the_table_of_all(name: str) -> None:
    text = (ROOT / "config" / "exercises" / f"{name}.yaml").read_text(encoding="utf-8")
    table = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    assert "Sources of the limits: docs/measures.md" in text.splitlines()[0]
    before, *rules = text.split("  - code: ")
    for rule in rules:
        code = rule.split()[0]
        limits = before.rstrip().splitlines()[-1] + rule.split("    joints")[0]
        assert "#" in limits or GENERAL_LIMITS.get(code, "no row") in table, code
        before = rule


@every_exercise
def test_the_limits_that_rest_on_no_publication_are_listed_for_review(name: str) -> None:
    text = (ROOT / "config" / "exercises" / f"{name}.yaml").read_text(encoding="utf-8")
    docs = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    review = docs.partition("### Limits that need a clinician's review")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in review.splitlines() if line.startswith("| `")]
    before, *rules = text.split("  - code: ")
    for rule in rules:
        code = rule.split()[0]
        comments = takewhile(lambda line: "#" in line, reversed(before.rstrip().splitlines()))
        (exercises,) = [last for first, last in rows if f"`{code}`" in first]
        everybody, _, but = exercises.partition("all that have it")
        listed = f"`{name}`" in everybody if everybody.strip() else f"`{name}`" not in but
        published = _YEAR.search(" ".join(comments) + rule.split("    joints")[0])
        assert listed is not bool(published), code
        before = rule


@every_exercise
def test_it_has_a_name_and_a_text_in_every_language(name: str) -> None:
    exercise = EXERCISES.get(name)
    assert name in BOOKS["en"].spoken_exercises
    for language in ("de", "es", "zh"):
        assert name in BOOKS[language].exercises
        assert name in BOOKS[language].descriptions
        assert BOOKS[language].descriptions[name] != exercise.description


@every_exercise
def test_it_has_search_words_in_every_language_that_name_no_other_exercise(name: str) -> None:
    words = EXERCISES.get(name).search_words
    chinese = [word for word in words if _CHINESE.search(word)]
    assert len(chinese) >= 1
    assert len(words) - len(chinese) >= 3  # English, German, Spanish
    others = {
        called.replace("_", " ")
        for each in EXERCISES
        if each.name != name
        for called in (each.name, *each.aliases)
    }
    assert not others & {word.casefold() for word in words}
    for pictures in PICTURES.values():
        assert all(word in pictures[name]["words"] for word in words)


@every_exercise
def test_it_has_a_picture_in_every_language(name: str) -> None:
    for pictures in PICTURES.values():
        start, turn = pictures[name]["bodies"]
        assert start != turn
        assert pictures[name]["title"]


@every_exercise
def test_what_it_counts_and_times_is_measured_from_its_views(name: str) -> None:
    exercise = EXERCISES.get(name)
    assert exercise.views
    if exercise.motion is not None:
        assert exercise.views <= MEASURES[exercise.motion.measure].views
    if exercise.hold is not None:
        for limit in exercise.hold.position:
            assert exercise.views <= MEASURES[limit.measure].views
