"""What a page needs once, as JSON values: language, words, choices, and the bones to draw."""

from collections.abc import Mapping
from typing import Any

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import THERAPIST_WORDS
from apsa_perception.exercises.auto import AUTO_EXERCISE
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.exercises.region import GROUPS
from apsa_perception.model.joints import PARENTS
from apsa_perception.programmes.library import ProgrammeLibrary

_THERAPISTS_ONLY = frozenset(THERAPIST_WORDS)


def hello(
    book: CueBook,
    mirror: bool | None,
    exercises: ExerciseLibrary | None = None,
    languages: Mapping[str, str] | None = None,
    programmes: ProgrammeLibrary | None = None,
) -> dict[str, Any]:
    """Return what a page needs once: language, words, choices, and the bones to draw.

    ``mirror``: whether people are shown as in a mirror; None: as the picture comes.
    """
    return {
        "locale": book.locale,
        "exercises": exercise_titles(exercises, book),
        "group_order": GROUPS,
        "programmes": titles_of(programmes, book),
        "languages": dict(languages or {}),
        "words": {key: word for key, word in book.words.items() if key not in _THERAPISTS_ONLY},
        "bones": [[int(joint), int(parent)] for joint, parent in PARENTS.items()],
        "mirror": mirror,
    }


def exercise_titles(exercises: ExerciseLibrary | None, book: CueBook) -> dict[str, str]:
    """Return what the exercises that can be used are called, by their names."""
    offered = (AUTO_EXERCISE, *exercises) if exercises else ()
    return {each.name: book.title(each.name, each.title) for each in offered}


def titles_of(programmes: ProgrammeLibrary | None, book: CueBook) -> dict[str, str]:
    """Return what the programmes that can be used are called, by their names."""
    titles = programmes.titles() if programmes else {}
    return {name: book.programme(name, title) for name, title in titles.items()}
