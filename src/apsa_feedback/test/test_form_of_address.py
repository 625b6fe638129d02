"""The coach addresses people in one form: German Sie, Spanish usted, Chinese 您."""

import re
from collections.abc import Iterator, Mapping

import pytest

from apsa_feedback.coaching.cue_book import CueBook
from support.feedback_cases import book

_GERMAN_IMPERATIVES = (
    *("Achte", "Beende", "Belaste", "Beweg", "Bleib", "Dreh", "Drück", "Fang", "Frag"),
    *("Geh", "Halt", "Halte", "Heb", "Hör", "Komm", "Lass", "Lehn", "Leg", "Mach", "Neig", "Nimm"),
    *("Richte", "Ruh", "Schau", "Senk", "Setz", "Stell", "Steh", "Streck", "Such", "Tipp", "Öffne"),
    *("Versuch", "Warte", "Wähl", "Zeig", "Zieh"),
)
_SPANISH_IMPERATIVES = (
    *("Acerca", "Aleja", "Apoya", "Da", "Descansa", "Dobla", "Elige", "Empieza", "Enciende"),
    *("Endereza", "Espera", "Estira", "Extiende", "Gira", "Haz", "Levanta", "Lleva", "Llega"),
    *("Mantén", "Mira", "Mueve", "Pon", "Quita", "Relaja", "Reparte", "Sigue", "Sube", "Termina"),
    *("Toca", "Toma", "Vuelve", "Vas", "Has", "Puedes", "Estás", "Tienes", "Quieres"),
)
_OTHER_FORM: Mapping[str, re.Pattern[str]] = {
    "de": re.compile(
        r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?)\b"
        rf"|(?:^|[.:,!?] |und |bitte |Bitte )(?i:{'|'.join(_GERMAN_IMPERATIVES)})(?= |[.!,]|$)"
    ),
    "es": re.compile(
        r"\b([Tt]ú|[Tt]e|[Tt]i|[Tt]us?|contigo)\b"
        r"|\b\w+[aei]rte\b"
        r"|\b\w*[áéíó]\w+[ae]te\b"
        rf"|(?:^|[.:!?¡¿] |¡|¿)(?:{'|'.join(_SPANISH_IMPERATIVES)})\b"
    ),
    "zh": re.compile("你"),
}
_FORMER = {
    "de": ("Halte die Knie über den Zehen.", "Zeig deine Hände.", "Bitte bleib allein im Bild."),
    "es": ("Mantén la espalda erguida.", "Quédate sin moverte.", "No te inclines.", "Gírate."),
    "zh": ("我看不到你。",),
}


def sentences(texts: CueBook) -> Iterator[str]:
    """Everything of a book that addresses somebody; titles and names are not sentences."""
    for variants in texts.cues.values():
        for alternatives in variants.values():
            yield from alternatives
    yield from texts.words.values()
    yield from texts.descriptions.values()
    yield from texts.programme_descriptions.values()


@pytest.mark.parametrize("locale", _OTHER_FORM)
def test_everybody_is_addressed_in_one_form(locale: str) -> None:
    found = [text for text in sentences(book(locale)) if _OTHER_FORM[locale].search(text)]
    assert not found


@pytest.mark.parametrize("locale", _OTHER_FORM)
def test_the_other_form_would_be_found(locale: str) -> None:
    for text in _FORMER[locale]:
        assert _OTHER_FORM[locale].search(text), text
