"""Sentences of the coach's messages, which are English, in the language of a cue book."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from apsa_feedback.coaching.camera_cues import turned_key
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.coaching.cue_keys import CueKey
from apsa_feedback.stream.formatting import localised, sign_of
from apsa_feedback.stream.score_reasons import joint_words
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import NotJudgedReason
from apsa_perception.model.joints import JOINT_NAMES, Joint
from apsa_perception.model.results import QualityResult
from apsa_perception.model.sentences import Sentence, said

ENGLISH = "en"
_WORDS: Mapping[str, tuple[str, str]] = {
    "view": ("camera_", " or "),
    "views": ("camera_", " or "),
    "state": ("state_", " or "),
    "states": ("state_", " or "),
    "measure": ("measure_", " or "),
}
"""Values that the book has words for: what their keys begin with, and what parts several."""

_SAYS_WHY = frozenset(
    {
        Sentence.LEGS_MOVE,
        Sentence.TRUNK_MOVES,
        Sentence.DONE_LYING,
        Sentence.DONE_SITTING,
        Sentence.JOINTS_HIDDEN,
        Sentence.REST_NOT_SEEN,
        Sentence.GOOD_NOT_KNOWN,
    }
)
"""Sentences that say more than the words for their reason."""

Exercises = Iterable[ExerciseDefinition]


class Translated(NamedTuple):
    """A text and its language: English where the book has no translation."""

    text: str
    locale: str


def translated(text: str, book: CueBook) -> Translated:
    """Return a sentence of a message in the language of the book, if the book has it."""
    found = said(text)
    template = book.sentences.get(found.sentence.name.lower()) if found else None
    if found is None or template is None:
        return Translated(text, ENGLISH if text else book.locale)
    values = {name: _value(name, value, book) for name, value in found.values.items()}
    return Translated(template.format_map(values), book.locale)


def looks_like(text: str, book: CueBook, exercises: Exercises | None) -> str:
    """Return what a sentence says that the movement looks like, as within a sentence.

    Args:
        text: a sentence of a message.
        book: the names of the exercises.
        exercises: all exercises, of which the message has the English title; None: not known.

    Returns:
        The name of the exercise for people; empty if the sentence names none.
    """
    found = said(text)
    if found is None or found.sentence not in (Sentence.ANOTHER_EXERCISE, Sentence.RESEMBLES):
        return ""
    title = found.values["found"]
    name = title.lower().replace(" ", "_")
    if name not in {*book.exercises, *book.spoken_exercises}:  # else no file needs to be read
        name = next((each.name for each in exercises or () if each.title == title), name)
    return book.spoken(name, title)


def another_exercise(
    text: str, chosen: str, book: CueBook, exercises: Exercises | None
) -> tuple[CueKey, dict[str, object]]:
    """Return the cue for another exercise than the chosen one, and its values.

    Args:
        text: the sentence that says so.
        chosen: the exercise that was chosen, as within a sentence.
        book: the names of the exercises.
        exercises: all exercises; None: not known.
    """
    found = looks_like(text, book, exercises)
    if not found:
        return CueKey.ANOTHER_EXERCISE, {"exercise": chosen}
    return CueKey.LOOKS_LIKE, {"exercise": chosen, "found": found}


def unjudged_reason(quality: QualityResult, book: CueBook) -> str:
    """Return why a repetition was not judged, in the language of the book; empty if it was.

    A reason that this version does not know stays as it was published.
    """
    return reason_words(quality.not_judged_reason.name.lower(), quality.reason, book)


def reason_words(code: str, text: str, book: CueBook) -> str:
    """Return the words for a ``NotJudgedReason`` by its name, with the exercise that it names."""
    if code in ("", NotJudgedReason.NONE.name.lower()):
        return translated(text, book).text
    if turned_key(text) is CueKey.CAMERA_UPSIDE_DOWN:
        return book.texts(CueKey.CAMERA_UPSIDE_DOWN)[0]
    sentence = said(text)
    if sentence is not None and sentence.sentence in _SAYS_WHY:
        return translated(text, book).text
    words = book.words[f"unjudged_{code}"]
    found = looks_like(text, book, None)
    return f"{words.rstrip('.。')}: {found}" if found else words


def _value(name: str, value: str, book: CueBook) -> str:
    """A value of a sentence as the language writes it."""
    if name in _WORDS:
        prefix, separator = _WORDS[name]
        parts = value.split(separator)
        return " / ".join(
            book.words.get(f"{prefix}{each.replace(' ', '_')}", each) for each in parts
        )
    match name:
        case "joints":
            parts = value.replace(" to ", ", ").split(", ")
            return ", ".join(_joint(each.replace(" ", "_"), book) for each in parts)
        case "why":
            return translated(value, book).text
        case "error":  # the key of a limit: the name of an error and what is measured
            return book.words.get(value.partition(":")[0], value)
        case "exercise":
            return book.title(value, value)
        case "unit":
            return sign_of(value)
    is_number = value.removeprefix("-").replace(".", "").isdecimal()
    return localised(value, book.words) if is_number else value


def _joint(name: str, book: CueBook) -> str:
    return joint_words(Joint[name.upper()], book.words) if name in JOINT_NAMES else name
