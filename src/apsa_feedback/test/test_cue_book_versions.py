"""Cue books are read once, and again after a change."""

import os
from pathlib import Path

import pytest

from apsa_feedback.coaching.cue_book import CueBook, CueBookError
from support.feedback_cases import CUE_FOLDER


def test_a_book_is_read_again_only_after_its_file_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "en.yaml"
    text = (CUE_FOLDER / "en.yaml").read_text()
    file.write_text(text)
    first = CueBook.load(tmp_path, "en")
    assert CueBook.load(tmp_path, "en") is first
    file.write_text(text.replace("language: English", "language: Plain English"))
    os.utime(file, ns=(1, 1))
    assert CueBook.load(tmp_path, "en").language == "Plain English"


@pytest.mark.parametrize("locale", ["fr", "../en", "a\0b", ""])
def test_a_language_that_does_not_exist_is_refused(locale: str) -> None:
    with pytest.raises(CueBookError, match="there are no cues for locale"):
        CueBook.load(CUE_FOLDER, locale)
