"""Cue books are complete in every language; wrong ones are refused in one sentence."""

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml

from apsa_feedback.coaching.cue_book import CueBook, CueBookError, locales
from apsa_feedback.coaching.cue_keys import PLACEHOLDERS
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, Severity, Side
from support.feedback_cases import CUE_FOLDER, book


def content() -> Any:
    return yaml.safe_load((CUE_FOLDER / "en.yaml").read_text(encoding="utf-8"))


def test_four_languages_ship() -> None:
    assert locales(CUE_FOLDER) == ["de", "en", "es", "zh"]


@pytest.mark.parametrize("locale", ["de", "en", "es", "zh"])
@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_error_has_a_cue_in_every_language(locale: str, code: ErrorCode) -> None:
    for side in Side:
        for severity in Severity:
            assert book(locale).texts(code.name.lower(), {"count": 3}, side=side, severity=severity)


@pytest.mark.parametrize("locale", ["de", "en", "es", "zh"])
def test_no_two_exercises_have_the_same_title(locale: str) -> None:
    library = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
    translated = book(locale).exercises
    titles = [translated.get(name, library.get(name).title) for name in library.names]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("locale", ["de", "en", "es", "zh"])
def test_every_cue_has_at_least_two_wordings_of_its_own(locale: str) -> None:
    told: dict[str, str] = {}
    for key, variants in book(locale).cues.items():
        for variant, texts in variants.items():
            assert len(texts) >= 2, (key, variant)
            for text in texts:
                assert told.setdefault(text, f"{key}.{variant}") == f"{key}.{variant}", text
            assert len(set(texts)) == len(texts), (key, variant)


@pytest.mark.parametrize("locale", ["de", "en", "es", "zh"])
def test_every_text_fills_its_placeholders(locale: str) -> None:
    values = {"count": 7, "good": 5, "best": 31, "exercise": "Squat", "error": "knees"}
    values |= {"next": "Lunge", "seconds": 30, "took": "12.4", "found": "Plank"}
    texts = book(locale)
    for key in texts.cues:
        for side, severity in itertools.product(Side, (Severity.MILD, Severity.SEVERE)):
            fitting = {name: values[name] for name in PLACEHOLDERS[key]}
            for filled in texts.texts(key, fitting, side=side, severity=severity):
                assert "{" not in filled
                assert "}" not in filled


def test_languages_do_not_share_texts() -> None:
    texts = {locale: book(locale).texts("knee_valgus") for locale in locales(CUE_FOLDER)}
    assert len(set(texts.values())) == len(texts)


def test_side_and_severity_choose_the_text() -> None:
    left, *_ = book().texts("knee_valgus", side=Side.LEFT)
    severe, *_ = book().texts("knee_valgus", side=Side.LEFT, severity=Severity.SEVERE)
    assert "left" in left
    assert "right" not in left
    assert severe.startswith("Stop")


def test_a_cue_has_all_its_texts() -> None:
    assert len(book().texts("encouragement")) == 3


def test_english_names_an_exercise_within_a_sentence() -> None:
    library = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
    families = {exercise.family for exercise in library}  # as the network names them
    assert set(book().spoken_exercises) == set(library.names) | families
    values = {"exercise": book().spoken("squat", "Squat")}
    assert book().texts("session_started", values)[0] == "Let's start with squats."
    assert book().spoken("my_own", "My own") == "My own"
    assert book("de").spoken("squat", "Squat") == "Kniebeuge"


def test_a_single_repetition_is_spoken_in_the_singular() -> None:
    said = {count: book().texts("session_ended", {"count": count, "good": 0}) for count in (1, 2)}
    assert said[1][0] == "Done: one repetition, 0 good."
    assert said[2][0] == "Done: 2 repetitions, 0 good."


def _drop_cue(data: Any) -> None:
    del data["cues"]["too_fast"]


def _drop_word(data: Any) -> None:
    del data["words"]["grade_good"]


def _placeholder(data: Any) -> None:
    data["cues"]["count"] = "{number} done"


def _attribute(data: Any) -> None:
    data["cues"]["count"] = "{count.__class__}"


def _brace(data: Any) -> None:
    data["cues"]["count"] = "{count"


def _variant(data: Any) -> None:
    data["cues"]["knee_valgus"]["middle"] = "Hello."


def _no_default(data: Any) -> None:
    del data["cues"]["knee_valgus"]["default"]


def _number(data: Any) -> None:
    data["cues"]["too_fast"] = 3


def _rate(data: Any) -> None:
    data["words_per_minute"] = 10


def _unknown_key(data: Any) -> None:
    data["cues"]["too_high"] = "Lower."


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (_drop_cue, "too_fast"),
        (_drop_word, "grade_good"),
        (_placeholder, "{number}"),
        (_attribute, "{count.__class__}"),
        (_brace, "cues.count has a malformed"),
        (_variant, "middle"),
        (_no_default, "default"),
        (_number, "cues.too_fast is 3"),
        (_unknown_key, "too_high"),
        (_rate, "words_per_minute is 10"),
    ],
)
def test_a_wrong_book_is_refused_in_one_line(spoil: Any, named: str) -> None:
    data = content()
    spoil(data)
    with pytest.raises(CueBookError) as caught:
        CueBook.from_mapping("en", data)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_text_is_reported_with_file_and_line(tmp_path: Path) -> None:
    text = (CUE_FOLDER / "en.yaml").read_text(encoding="utf-8")
    lines = text.replace("  turn: [", "  turn: [3, ").splitlines()
    line = next(i for i, each in enumerate(lines, 1) if each.startswith("  turn:"))
    (tmp_path / "en.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CueBookError, match=rf"en\.yaml:{line}: cues\.turn is "):
        CueBook.load(tmp_path, "en")


@pytest.mark.parametrize("text", ["", "- a\n- b", "cues: [", "\x80"])
def test_a_file_that_is_not_a_book_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "xx.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(CueBookError) as caught:
        CueBook.load(tmp_path, "xx")
    assert "xx.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_locale_names_the_allowed_ones() -> None:
    with pytest.raises(CueBookError, match="'fr'; expected one of de, en, es, zh"):
        book("fr")


def test_a_locale_is_not_a_path() -> None:
    with pytest.raises(CueBookError, match="no cues for locale"):
        book("../cues/en")
