"""The shelf of cue books: read once, and again after a change."""

import os
from pathlib import Path

import pytest

from apsa_feedback.coaching.cue_book import CueBookError
from apsa_feedback.coaching.cue_shelf import CueShelf
from support.feedback_cases import CUE_FOLDER


def test_a_book_is_read_again_only_after_its_file_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "en.yaml"
    text = (CUE_FOLDER / "en.yaml").read_text()
    file.write_text(text)
    shelf = CueShelf(tmp_path)
    first = shelf.load("en")
    assert shelf.load("en") is first
    file.write_text(text.replace("language: English", "language: Plain English"))
    os.utime(file, ns=(1, 1))
    assert shelf.load("en").language == "Plain English"


@pytest.mark.parametrize("locale", ["fr", "../en", "a\0b", ""])
def test_a_language_that_does_not_exist_is_refused(locale: str) -> None:
    with pytest.raises(CueBookError, match="there are no cues for locale"):
        CueShelf(CUE_FOLDER).load(locale)
