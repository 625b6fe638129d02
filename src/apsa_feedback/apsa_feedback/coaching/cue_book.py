"""The cue book: what the coach says, by key, in one language.

One YAML file a language, ``<locale>.yaml``::

    language: English
    voice: en                   # espeak-ng's name of the voice
    words_per_minute: 150       # how fast it speaks
    cues:                       # what is said; plain text with placeholders such as {count}
      praise_corrected: ["Better.", "Well corrected."]
      knee_valgus:
        default: Push your knees outwards.
        left: Push your left knee outwards.
        severe: Stop. Push your knees outwards.
    words:                      # short names on the screen
      knee_valgus: Knees inwards
    exercises:                  # titles; an exercise that is not listed keeps its own
      squat: Squat
    spoken_exercises:           # optional: the names within a sentence, where titles do not fit
      squat: squats
    programmes:                 # optional: titles; a programme that is not listed keeps its own
      knee: Knee
    programme_descriptions:     # optional: what is done in a programme; else as in its file
      knee: Strength and control ...
    descriptions:               # optional: how an exercise is done; else as in its file
      squat: Sit back and down ...
    sentences:                  # optional: sentences of messages by key; else they are English
      no_programme: No programme is under way.

A cue is one text, a list of texts that are used in turn, or a mapping of variants to either.
The same sentence is never said twice in a row: a cue with a single text waits until something
else has been said, so give it two.
The variant ``one`` is for a ``{count}`` of 1, where the language needs another form of the noun.
A text for a side is a whole sentence, not a placeholder, because languages inflect it.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from string import Formatter

from apsa_feedback.coaching.cue_keys import PLACEHOLDERS, WORDS
from apsa_perception.model.codes import Severity, Side
from apsa_perception.model.file_version import Version, version_of
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.yaml_reader import Reader, read_yaml
from apsa_perception.programmes.one_side import side_of_title

_DEFAULT = "default"
_ONE = "one"
_VARIANTS = (_DEFAULT, "left", "right", "severe", _ONE)


class CueBookError(ValueError):
    """The cue book is not usable; the message is one sentence for the operator."""


@dataclass(frozen=True)
class CueBook:
    """The checked texts of one language.

    Attributes:
        locale: name of the language's file, such as ``en``.
        language: the language's own name.
        voice: espeak-ng's name of the voice that speaks it.
        words_per_minute: how fast that voice speaks, 80..450.
        cues: texts by key and variant.
        words: short names by key.
        exercises: titles by the name of the exercise.
        spoken_exercises: what follows "Let's start with", by the name of the exercise.
        programmes: titles by the name of the programme.
        programme_descriptions: one or two sentences by the name of the programme.
        descriptions: one or two sentences by the name of the exercise.
        sentences: translations of ``Sentence`` by its name in small letters.
    """

    locale: str
    language: str
    voice: str
    words_per_minute: int
    cues: Mapping[str, Mapping[str, tuple[str, ...]]]
    words: Mapping[str, str]
    exercises: Mapping[str, str]
    spoken_exercises: Mapping[str, str]
    programmes: Mapping[str, str] = field(default_factory=dict)
    programme_descriptions: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, locale: str) -> "CueBook":
        """Read and check ``<folder>/<locale>.yaml``.

        Raises:
            CueBookError: the language does not exist, or a text is missing or wrong.
        """
        existing = locales(folder)
        if locale not in existing:
            raise CueBookError(
                f"there are no cues for locale '{locale}'; expected one of {', '.join(existing)}"
            )
        path = folder / f"{locale}.yaml"
        try:
            return _book(path, version_of(path))
        except OSError as error:
            raise CueBookError(f"{path} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise CueBookError(str(error)) from error

    @classmethod
    def from_mapping(cls, locale: str, content: object) -> "CueBook":
        """Check the content of a cue file and return the book.

        Raises:
            CueBookError: a text is missing or wrong.
        """
        try:
            return cls._read(locale, Reader(content, f"{locale}.yaml"))
        except ValueError as error:
            raise CueBookError(str(error)) from error

    @classmethod
    def _read(cls, locale: str, top: Reader) -> "CueBook":
        cues, words = top.inner("cues"), top.inner("words")
        rate = top.number("words_per_minute", 80, 450)
        if not rate.is_integer():
            raise top.refuse("words_per_minute", "a whole number")
        book = cls(
            locale=locale,
            language=_text(top, "language"),
            voice=_text(top, "voice"),
            words_per_minute=int(rate),
            cues={key: _variants(cues, key) for key in PLACEHOLDERS},
            words={key: _text(words, key) for key in WORDS},
            exercises=_titles(top, "exercises"),
            spoken_exercises=(
                _titles(top, "spoken_exercises") if top.has("spoken_exercises") else {}
            ),
            programmes=_titles(top, "programmes") if top.has("programmes") else {},
            programme_descriptions=(
                _titles(top, "programme_descriptions") if top.has("programme_descriptions") else {}
            ),
            descriptions=_titles(top, "descriptions") if top.has("descriptions") else {},
            sentences=_sentences(top.inner("sentences")) if top.has("sentences") else {},
        )
        for reader in (cues, words, top):
            reader.finish()
        return book

    def title(self, exercise: str, default: str) -> str:
        """Return the title of an exercise, or the default if the book has none.

        A default that names one side, as that of a set for one side, gives a title that does, too.
        """
        return self._of_side(self.exercises, exercise, default)

    def spoken(self, exercise: str, default: str) -> str:
        """Return the name of an exercise within a sentence; without one it is the title."""
        spoken = exercise in self.spoken_exercises
        titles = self.spoken_exercises if spoken else self.exercises
        return self._of_side(titles, exercise, default)

    def _of_side(self, titles: Mapping[str, str], exercise: str, default: str) -> str:
        plain, side = side_of_title(default)
        title = titles.get(exercise, plain)
        return f"{title}, {self.words[f'side_{side}']}" if side else title

    def programme(self, name: str, default: str) -> str:
        """Return the title of a programme, or the default if the book has none."""
        return self.programmes.get(name, default)

    def programme_description(self, name: str, default: str) -> str:
        """Return what is done in a programme, or the default if the book does not say."""
        return self.programme_descriptions.get(name, default)

    def description(self, exercise: str, default: str) -> str:
        """Return how an exercise is done, or the default if the book does not say."""
        return self.descriptions.get(exercise, default)

    def texts(
        self,
        key: str,
        values: Mapping[str, object] | None = None,
        *,
        side: Side = Side.BOTH,
        severity: Severity | None = None,
    ) -> tuple[str, ...]:
        """Return the alternative texts of a cue.

        Args:
            key: a key of ``PLACEHOLDERS``.
            values: a value for each placeholder of the key.
            side: selects the texts for a side where the book has them.
            severity: ``SEVERE`` selects the severe texts where the book has them.
        """
        variants = self.cues[key]
        wanted = ["severe"] if severity is Severity.SEVERE else []
        wanted += [] if side is Side.BOTH else [side.name.lower()]
        wanted += [_ONE] if values and values.get("count") == 1 else []
        chosen = next((name for name in wanted if name in variants), _DEFAULT)
        return tuple(text.format_map(values or {}) for text in variants[chosen])


@lru_cache(maxsize=64)
def _book(path: Path, version: Version) -> CueBook:
    """The book as a version of its file has it; the names of all languages are asked for often."""
    return CueBook._read(path.stem, read_yaml(path))


def locales(folder: Path) -> list[str]:
    """Names of the languages in the folder, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def languages(folder: Path) -> dict[str, str]:
    """The languages' own names by locale; unusable files are left out."""
    names = {}
    for locale in locales(folder):
        with contextlib.suppress(CueBookError):
            names[locale] = CueBook.load(folder, locale).language
    return names


def _titles(top: Reader, key: str) -> Mapping[str, str]:
    titles = top.inner(key)
    return {name: _text(titles, name) for name in titles.keys}


def _sentences(reader: Reader) -> Mapping[str, str]:
    known = {each.name.lower(): each.placeholders for each in Sentence}
    reader.expect_keys(known)
    return {key: _checked(reader.raw(key), reader, key, known[key]) for key in reader.keys}


def _variants(cues: Reader, key: str) -> Mapping[str, tuple[str, ...]]:
    if not cues.has_mapping(key):
        return {_DEFAULT: _texts(cues, key, PLACEHOLDERS[key])}
    reader = cues.inner(key)
    variants = {
        name: _texts(reader, name, PLACEHOLDERS[key])
        for name in _VARIANTS
        if reader.has(name) or name == _DEFAULT
    }
    reader.finish()
    return variants


def _texts(reader: Reader, key: str, placeholders: frozenset[str]) -> tuple[str, ...]:
    value = reader.raw(key)
    texts = value if isinstance(value, list) and value else [value]
    return tuple(_checked(text, reader, key, placeholders) for text in texts)


def _text(reader: Reader, key: str) -> str:
    return _checked(reader.raw(key), reader, key, frozenset())


def _checked(text: object, reader: Reader, key: str, placeholders: frozenset[str]) -> str:
    """Return a text that is not empty and uses only the placeholders allowed."""
    if not isinstance(text, str) or not text.strip():
        raise reader.refuse(key, "a text that is not empty")
    try:
        used = [field for field in Formatter().parse(text) if field[1] is not None]
    except ValueError as error:
        malformed = f"{reader.key_path(key)} has a malformed placeholder: {error}"
        raise reader.mistake(malformed, key) from None
    for _, name, spec, conversion in used:
        if name not in placeholders or spec or conversion:
            allowed = ", ".join(f"{{{each}}}" for each in sorted(placeholders)) or "none"
            raise reader.mistake(
                f"{reader.key_path(key)} uses the placeholder {{{name}}}; allowed: {allowed}", key
            )
    return text.strip()
