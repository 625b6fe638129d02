"""What messages say in English is shown in the language of the page."""

from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from apsa_feedback.coaching.cue_keys import CueKey
from apsa_feedback.coaching.session_notes import note_of
from apsa_feedback.coaching.translation import reason_words, translated
from apsa_feedback.outputs.report.page import page as report_page
from apsa_feedback.outputs.report.session_record import SessionRecord
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_feedback.outputs.screen.frame_header import frame
from apsa_feedback.outputs.screen.quality_details import quality_details
from apsa_feedback.outputs.screen.therapist_content import TherapistContent
from apsa_feedback.stream.views import View
from apsa_perception.assessment.personal_ranges import check_pseudonym
from apsa_perception.assessment.session import Session
from apsa_perception.exercises.file import check_name
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade, NotJudgedReason, RequestError, SessionEvent
from apsa_perception.model.results import MeasureResult, QualityResult, RepetitionResult
from apsa_perception.model.sentences import Sentence, said
from support.feedback_cases import CUE_FOLDER, book, live, repetition, session

EXERCISES = ExerciseLibrary.load(CUE_FOLDER.parent / "exercises")
OTHERS = ["de", "es", "zh"]
LOOKS_LIKE_SQUAT = Sentence.ANOTHER_EXERCISE.text(found=EXERCISES.get("squat").title, asked="Lunge")


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("sentence", list(Sentence))
def test_every_sentence_is_found_again_and_has_a_translation(
    locale: str, sentence: Sentence
) -> None:
    english = sentence.text(**{name: f"<{name}>" for name in sentence.placeholders})
    found = said(english)
    assert found is not None
    assert found.sentence is sentence
    shown = translated(english, book(locale))
    assert shown.locale == locale
    used = {
        name
        for _, name, _, _ in Formatter().parse(book(locale).sentences[found[0].name.lower()])
        if name
    }
    assert used <= sentence.placeholders
    assert shown.text != english


def refusal(ask: object) -> str:
    with pytest.raises(RequestError) as caught:
        ask()  # type: ignore[operator]
    return str(caught.value)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        (
            "de",
            ("Pseudonym", "Kleinbuchstabe", "Zustand der Sitzung: Nicht gestartet", "'nothing'"),
        ),
        ("es", ("seudónimo", "minúscula", "Estado de la sesión: Sin empezar", "'nothing'")),
        ("zh", ("代号", "小写字母", "训练状态：", "'nothing'")),
    ],
)
def test_what_the_coach_refuses_is_told_in_the_language(
    tmp_path: Path, locale: str, expected: tuple[str, ...]
) -> None:
    asked = (
        lambda: check_pseudonym("Anna"),
        lambda: check_name(tmp_path, "No Name"),
        lambda: Session(0).pause(),
        lambda: EXERCISES.get("nothing"),
    )
    for ask, part in zip(asked, expected, strict=True):
        shown = translated(refusal(ask), book(locale))
        assert part in shown.text
        assert shown.locale == locale


@pytest.mark.parametrize("locale", ["en", *OTHERS])
def test_an_upside_down_picture_is_named_so_in_the_language(locale: str) -> None:
    """By the note about the session, and by the reason of a repetition without a score."""
    said_first = book(locale).texts(CueKey.CAMERA_UPSIDE_DOWN)[0]
    assert said_first != book(locale).texts(CueKey.CAMERA_SIDEWAYS)[0]
    sentence = Sentence.UPSIDE_DOWN.text()
    status = replace(session(1.0), event=SessionEvent.CAMERA_SIDEWAYS, message=sentence)
    assert note_of(status, book(locale)) == said_first
    assert reason_words("sideways", sentence, book(locale)) == said_first
    other = replace(status, message="the picture is turned by about 40 degrees")
    assert note_of(other, book(locale)) == book(locale).texts(CueKey.CAMERA_SIDEWAYS)[0]


def test_what_has_no_translation_stays_english_and_says_so() -> None:
    assert translated("squat.yaml:8: measure is 'knee'", book("de")).locale == "en"
    assert translated("cannot skip a set: no programme is under way", book()).locale == "en"


@pytest.mark.parametrize("locale", ["en", *OTHERS])
@pytest.mark.parametrize("reason", [each for each in NotJudgedReason if each])
def test_a_repetition_without_a_score_says_why_in_the_language(
    locale: str, reason: NotJudgedReason
) -> None:
    (quality,) = [
        each
        for each in repetition(3.0, 1, grade=Grade.NOT_JUDGED, reason=reason)
        if isinstance(each, QualityResult)
    ]
    quality = replace(quality, reason="the English sentence")
    words = book(locale).words[f"unjudged_{reason.name.lower()}"]
    assert quality_details(quality, None, book(locale))["reason"] == words
    therapist = TherapistContent(book(locale), EXERCISES)
    therapist.on_event(quality)
    (row,) = therapist.state()["repetitions"]
    assert row["reason"] == words


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "began before the starting position"),
        ("de", "bevor die Ausgangsstellung"),
        ("es", "la posición inicial"),
        ("zh", "起始姿势"),
    ],
)
def test_a_repetition_that_began_too_early_says_so_everywhere(locale: str, expected: str) -> None:
    sentence = Sentence.REST_NOT_SEEN.text()
    done, judged, *_ = repetition(3.0, 1, grade=Grade.NOT_JUDGED, reason=NotJudgedReason.UNCERTAIN)
    assert isinstance(done, RepetitionResult)
    assert isinstance(judged, QualityResult)
    quality = replace(judged, reason=sentence)
    assert expected in quality_details(quality, None, book(locale))["reason"]
    record = SessionRecord("", "squat", "Squat")
    record.add_repetition(done)
    record.add_quality(quality)
    assert expected in report_page(record, book(locale), "2026-11-04T18:00:00+01:00")


def test_the_exercise_that_a_repetition_resembles_is_named() -> None:
    (quality,) = [
        each
        for each in repetition(
            3.0, 1, grade=Grade.NOT_JUDGED, reason=NotJudgedReason.ANOTHER_EXERCISE
        )
        if isinstance(each, QualityResult)
    ]
    quality = replace(quality, reason=Sentence.RESEMBLES.text(found="side lunge"))
    shown = quality_details(quality, None, book("de"))["reason"]
    assert shown == "Sie sieht nach einer anderen Übung aus: Ausfallschritt zur Seite"


def test_a_repetition_that_cannot_be_of_the_exercise_says_why_in_the_language() -> None:
    sentence = Sentence.LEGS_MOVE.text(asked="Arm raise")
    assert reason_words("another_exercise", sentence, book()) == sentence
    german = reason_words("another_exercise", sentence, book("de"))
    assert "Arm raise" not in german  # the English title
    assert "ein bein bewegt sich" in german.lower()


def test_hidden_limbs_are_named_in_the_language() -> None:
    sentence = Sentence.JOINTS_HIDDEN.text(joints="right knee, right ankle")
    german = reason_words("joints_hidden", sentence, book("de"))
    assert "Knie (rechts), Sprunggelenk (rechts)" in german
    assert german.startswith("Zu oft verdeckt: ")
    assert "Knee (right)" in reason_words("joints_hidden", sentence, book())


def test_a_measure_says_why_it_has_no_value_in_the_language() -> None:
    hidden = Sentence.NOT_SEEN.text(joints="left knee, right ankle")
    measure = MeasureResult("knee_angle", float("nan"), "deg", reason=hidden)
    view = View(1, (), (0, 0), None, live(0.0, measures=(measure,)))
    (shown,) = frame(view, book("de"))["measures"]
    assert shown["reason"] == "Nicht zu sehen: Knie (links), Sprunggelenk (rechts)."


@pytest.mark.parametrize(
    ("locale", "expected"), [("de", "2 von 5 Wiederholungen"), ("es", "2 de 5"), ("zh", "已有2次")]
)
def test_a_recording_tells_its_progress_in_the_language(locale: str, expected: str) -> None:
    content = TherapistContent(book(locale), EXERCISES)
    news = Sentence.RECORDING_SEEN.text(name="my_squat", found=2, count=5)
    content.on_event(replace(session(1.0), event=SessionEvent.RECORDING_STARTED, message=news))
    state = content.state()
    assert expected in state["detail"]
    assert state["detail_locale"] == locale


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en", "This looks like squats."), ("de", "Kniebeuge"), ("es", "Sentadilla"), ("zh", "深蹲")],
)
def test_the_page_names_what_the_movement_looks_like(locale: str, expected: str) -> None:
    content = ScreenContent(book(locale), EXERCISES)
    content.on_event(session(0.0))
    content.on_event(
        replace(session(9.0), event=SessionEvent.ANOTHER_EXERCISE, message=LOOKS_LIKE_SQUAT)
    )
    assert expected in content.state()["note"]
