"""Sentences for people that other languages have, too: refusals, missing measures, recordings.

Messages carry the English sentence. Whoever shows it in another language finds the sentence and
its values again, because both ends have its text from here. A translation is so keyed by the name
of the sentence, as msgid is in gettext; a sentence that is not listed stays English.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache, lru_cache
from string import Formatter
from typing import NamedTuple

_LONGEST = 4000


class Sentence(Enum):
    """The English text of each sentence; where two of them fit, the first is meant."""

    # Why a frame has no value of a measure.
    NOT_SEEN = "not judged: {joints} not seen"
    JOINTS_COINCIDE = "not judged: its joints coincide or are outside the picture"
    VIEW_UNKNOWN = "not judged: view unknown"
    VIEW_OF_EXERCISE = "not judged: {view} view, this exercise needs {views} view"
    VIEW_OF_MEASURE = "not judged: {view} view, needs {views} view"
    POINTS_TO_CAMERA = "not judged: the line {joints} points to the camera"

    # Why a repetition has no score, where the code does not say it all.
    REST_NOT_SEEN = "it began before the starting position had been seen for long enough"
    JOINTS_HIDDEN = "too often hidden to judge it: {joints}"
    GOOD_NOT_KNOWN = (
        "no error was found, but with one camera the rules of this exercise cannot tell that a "
        "repetition is good"
    )

    # How the picture is turned.
    UPSIDE_DOWN = "the picture is upside down: turn the camera"

    # What the movement looks like.
    ANOTHER_EXERCISE = "this looks like {found}, not {asked}; choose the exercise that you do"
    RESEMBLES = "the movement resembles {found} more"
    LEGS_MOVE = (
        "this does not look like {asked}: a leg moves that stays still in it; choose the exercise "
        "that you do"
    )
    TRUNK_MOVES = (
        "this does not look like {asked}: the trunk moves far more than in it; choose the exercise "
        "that you do"
    )
    DONE_LYING = (
        "this does not look like {asked}, which is done lying or prone; choose the exercise that "
        "you do"
    )
    DONE_SITTING = (
        "this does not look like {asked}, which is done sitting; choose the exercise that you do"
    )

    # The recording of a new exercise.
    RECORDING = "recording {name}: show {count} good repetitions, from rest to rest"
    RECORDING_SEEN = "recording {name}: {found} of {count} repetitions"
    RECORDING_LATE = (
        "recording {name} failed: {found} of {count} repetitions were seen within {seconds} s"
    )
    RECORDING_FAILED = "recording {name} failed: {why}"
    RECORDED_MOVEMENT = "Recorded: {measure} from {start} to {end} and back."
    RECORDED = "{name} is recorded and can be chosen; you can edit it in {path}"

    # Refusals.
    IN_OTHER_STATE = "cannot {verb}: the session is {state}, not {states}"
    NO_PROGRAMME = "cannot {verb}: no programme is under way"
    CALIBRATES = "cannot {verb}: a calibration is in progress; wait for it"
    CALIBRATES_ALREADY = "a calibration is in progress; wait until it has ended"
    NO_EXERCISE = "no exercise is chosen; start the session with the name of one"
    UNKNOWN_EXERCISE = "no exercise {name}; expected one of {names}"
    CALLED_OTHERWISE = "no exercise {name}; did you mean {alike}? Expected one of {names}"
    UNKNOWN_PROGRAMME = "no programme {name}; expected one of {names}"
    PROGRAMME_CALLED_OTHERWISE = (
        "no programme {name}; did you mean {alike}? Expected one of {names}"
    )
    NAME_OF_EXERCISE = (
        "{name} is not allowed as the name of an exercise; expected a small letter, then "
        "up to 63 small letters, digits and underscores"
    )
    EXERCISE_EXISTS = "the exercise {name} exists already; choose another name"
    FILE_EXISTS = "{path} exists already; choose another name"
    NO_EXERCISE_FOLDER = "no folder for new exercises is configured; set own_exercises_dir"
    RANGES_NOT_WRITTEN = "{path} cannot be written: {why}; set ranges_dir to a writable folder"
    NOT_WRITTEN = "{path} cannot be written: {why}"
    NOT_DELETED = "{path} cannot be deleted: {why}"
    RANGES_NOT_READ = "{path} cannot be read as personal ranges (exercise, side, range): {why}"
    RECORDED_COUNT = (
        "the number of repetitions is {value}; expected {low} to {high}, or 0 for those done so far"
    )
    RECORDS_ALREADY = "{name} is being recorded; wait until that has ended"
    NOTHING_COUNTED = (
        "no repetition was counted in the last {seconds} s; record the next ones instead"
    )
    NO_MOVEMENT = (
        "no movement larger than the measurement error was seen; show complete repetitions with "
        "the moving limbs in view"
    )
    TOO_FEW_SHOWN = (
        "{count} repetitions of {measure} were found; at least {least} complete ones, from rest "
        "to rest, are needed"
    )
    TOO_FEW_ASSESSED = (
        "the assessment has {count} repetitions; at least {least} of each exercise and side are "
        "needed"
    )
    NO_PSEUDONYM = (
        "{name} is not allowed as a person. Use a code such as P-017 or p07: up to 8 digits after "
        "1 to 4 capital letters or one small letter; never a name"
    )
    NOBODY_IN_VIEW = "person {number} is not in view; expected a person, but nobody is in view"
    NOT_IN_VIEW = "person {number} is not in view; expected person {numbers}"
    NO_SET_ENDED = "cannot rate a set: none has ended yet"
    NOT_THE_LAST_SET = "cannot rate the set {name}; expected the last one that ended, {last}"
    NOTE_TOO_LONG = "the note has {count} characters; expected up to {most}"
    SERVICE_MISSING = "the service {name} is not available; is the assessment node running?"
    NODE_MISSING = "the assessment node is not available; is it running?"
    NOBODY_CHOSEN = "a limit cannot be changed: no person is chosen; choose one first"
    UNKNOWN_LIMIT = "{exercise} has no error '{error}'; expected one of {names}"
    LIMIT_OUTSIDE = "the limit of {error} in {exercise} is {value}; expected {low} to {high} {unit}"
    RATIO_LIMIT_OUTSIDE = "the limit of {error} in {exercise} is {value}; expected {low} to {high}"
    LIMIT_BELOW_TARGET = (
        "the limit of {error} in {exercise} is {value}; expected more than the target, {target}: "
        "else every repetition would be an error"
    )
    LIMIT_ABOVE_TARGET = (
        "the limit of {error} in {exercise} is {value}; expected less than the target, {target}: "
        "else every repetition would be an error"
    )
    LIMITS_NOT_READ = "{path} cannot be read as limits of a person: {why}"
    PLAN_OF_NOBODY = (
        "the plan cannot be changed: it needs a person and a folder for reports "
        "(report.person, report.dir)"
    )
    NOT_PLANNED = "the plan has no programme {name} from {start} on"
    PLAN_FULL = "the plan would have {count} programmes; expected at most {most}"
    OTHER_PERSON = "nothing is deleted: the person on the page is not that of the coach"
    REPORTS_NOT_DELETED = "the reports of {person} are not deleted; see the message before"

    def text(self, **values: object) -> str:
        """Return the sentence with its values."""
        return self.value.format_map(values)

    def is_said_by(self, text: str) -> bool:
        """Whether a text is this sentence, with any values."""
        found = said(text)
        return found is not None and found.sentence is self

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of its values."""
        return _placeholders(self.value)


class Said(NamedTuple):
    """A sentence and its values as they were written."""

    sentence: Sentence
    values: Mapping[str, str]


@lru_cache(maxsize=256)  # those of the measures come with every frame
def said(text: str) -> Said | None:
    """Return which sentence a text is; None if it is none of them."""
    if len(text) > _LONGEST:
        return None
    for sentence, pattern in _patterns().items():
        if found := pattern.fullmatch(text):
            return Said(sentence, found.groupdict())
    return None


@cache
def _patterns() -> Mapping[Sentence, re.Pattern[str]]:
    return {
        sentence: re.compile(
            "".join(
                re.escape(literal) + (f"(?P<{name}>.+?)" if name else "")
                for literal, name, _, _ in Formatter().parse(sentence.value)
            ),
            re.DOTALL,
        )
        for sentence in Sentence
    }


def _placeholders(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)
