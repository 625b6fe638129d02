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
    exercises:                  # titles; an exercise without one keeps its own
      squat: Squat

A cue is one text, or a list of texts that are used in turn, or a mapping of variants to either.
The same sentence is never said twice in a row: a cue that has only one waits until something else
has been said, so give it two.
A text for the side is a whole sentence, not a placeholder, because languages inflect it.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from apsa_feedback.coaching.cue_keys import PLACEHOLDERS, WORDS
from apsa_perception.model.codes import Severity, Side

_DEFAULT = "default"
_VARIANTS = (_DEFAULT, "left", "right", "severe")


class CueBookError(ValueError):
    """A cue book that is not usable; the message is one sentence for the operator."""


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
        exercises: titles by the exercise's name.
    """

    locale: str
    language: str
    voice: str
    words_per_minute: int
    cues: Mapping[str, Mapping[str, tuple[str, ...]]]
    words: Mapping[str, str]
    exercises: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path, locale: str) -> "CueBook":
        """Read and check ``<folder>/<locale>.yaml``.

        Raises:
            CueBookError: no such language, or a text is missing or wrong.
        """
        allowed = locales(folder)
        if locale not in allowed:
            raise CueBookError(
                f"there are no cues for locale '{locale}'; allowed are {', '.join(allowed)}"
            )
        path = folder / f"{locale}.yaml"
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            reason = " ".join(str(error).split())
            raise CueBookError(f"the cue book {path} is not readable: {reason}") from error
        try:
            return cls.from_mapping(locale, content)
        except CueBookError as error:
            raise CueBookError(f"{path}: {error}") from None

    @classmethod
    def from_mapping(cls, locale: str, content: Any) -> "CueBook":
        """Check the content of a cue file and return the book."""
        sections = _mapping(
            content,
            "the file",
            ("language", "voice", "words_per_minute", "cues", "words", "exercises"),
        )
        rate = sections["words_per_minute"]
        if not isinstance(rate, int) or not 80 <= rate <= 450:
            raise CueBookError(f"words_per_minute is {rate!r}; allowed are 80 to 450")
        language = _text(sections["language"], "language", frozenset())
        cues = _mapping(sections["cues"], "cues", tuple(PLACEHOLDERS))
        words = _mapping(sections["words"], "words", WORDS)
        titles = _mapping(sections["exercises"], "exercises")
        return cls(
            locale=locale,
            language=language,
            voice=_text(sections["voice"], "voice", frozenset()),
            words_per_minute=rate,
            cues={key: _variants(key, cues[key]) for key in PLACEHOLDERS},
            words={key: _text(words[key], f"words.{key}", frozenset()) for key in WORDS},
            exercises={
                str(key): _text(title, f"exercises.{key}", frozenset())
                for key, title in titles.items()
            },
        )

    def texts(
        self,
        key: str,
        values: Mapping[str, object] | None = None,
        *,
        side: Side = Side.BOTH,
        severity: Severity | None = None,
    ) -> tuple[str, ...]:
        """Return the texts of a cue that take turns.

        Args:
            key: a key of ``PLACEHOLDERS``.
            values: a value for each placeholder of the key.
            side: chooses the texts for a side where the book has them.
            severity: ``SEVERE`` chooses the severe texts where the book has them.
        """
        variants = self.cues[key]
        wanted = ["severe"] if severity is Severity.SEVERE else []
        wanted += [] if side is Side.BOTH else [side.name.lower()]
        chosen = next((name for name in wanted if name in variants), _DEFAULT)
        return tuple(text.format_map(values or {}) for text in variants[chosen])


def locales(folder: Path) -> list[str]:
    """Names of the languages in the folder, sorted."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def languages(folder: Path) -> dict[str, str]:
    """The languages' own names by locale; files that are not usable are left out."""
    names = {}
    for locale in locales(folder):
        with contextlib.suppress(CueBookError):
            names[locale] = CueBook.load(folder, locale).language
    return names


def _mapping(value: Any, where: str, keys: Sequence[str] = ()) -> Mapping[str, Any]:
    """Return a mapping that holds exactly ``keys``, if any are given."""
    if not isinstance(value, Mapping):
        raise CueBookError(f"{where} must be a mapping, not {value!r}")
    if not keys:
        return value
    missing = [key for key in keys if key not in value]
    if missing:
        raise CueBookError(f"{where} lacks {', '.join(missing)}")
    unknown = [str(key) for key in value if key not in keys]
    if unknown:
        raise CueBookError(f"{where} has unknown {', '.join(unknown)}; allowed: {', '.join(keys)}")
    return value


def _variants(key: str, value: Any) -> Mapping[str, tuple[str, ...]]:
    where = f"cues.{key}"
    variants = value if isinstance(value, Mapping) else {_DEFAULT: value}
    if _DEFAULT not in variants:
        raise CueBookError(f"{where} lacks the variant {_DEFAULT}")
    unknown = [str(name) for name in variants if name not in _VARIANTS]
    if unknown:
        raise CueBookError(
            f"{where} has unknown variant {', '.join(unknown)}; allowed: {', '.join(_VARIANTS)}"
        )
    return {
        name: tuple(
            _text(text, f"{where}.{name}", PLACEHOLDERS[key])
            for text in (texts if isinstance(texts, list) and texts else [texts])
        )
        for name, texts in variants.items()
    }


def _text(value: Any, where: str, placeholders: frozenset[str]) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CueBookError(f"{where} must be text, not {value!r}")
    try:
        used = [
            (name, spec, conv)
            for _, name, spec, conv in Formatter().parse(value)
            if name is not None
        ]
    except ValueError as error:
        raise CueBookError(f"{where} has a wrong placeholder: {error}") from None
    for name, spec, conversion in used:
        if name not in placeholders or spec or conversion:
            allowed = ", ".join(f"{{{each}}}" for each in sorted(placeholders)) or "none"
            raise CueBookError(f"{where} uses placeholder {{{name}}}; allowed: {allowed}")
    return value.strip()
