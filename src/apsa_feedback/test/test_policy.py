"""What the coach says, and when it is silent."""

import itertools
import random
from dataclasses import replace

import pytest

from apsa_feedback.coaching.policy import CuePolicy
from apsa_feedback.coaching.session_notes import note_of
from apsa_feedback.coaching.settings import CueSettings
from apsa_feedback.stream.events import Event, EventGroup
from apsa_perception.model.codes import (
    CuePriority,
    ErrorCode,
    Grade,
    NotJudgedReason,
    SessionEvent,
    SessionState,
    Severity,
    Side,
)
from apsa_perception.model.results import MeasureResult, QualityResult
from apsa_perception.model.sentences import Sentence
from support.feedback_cases import (
    KNEE,
    SETTINGS,
    START,
    book,
    cues,
    error,
    frames,
    keys,
    live,
    ns,
    repetition,
    session,
)
from support.runs import EXERCISES

HIDDEN_KNEE = MeasureResult("knee_flexion", float("nan"), "deg", reason="The legs are hidden.")
HIDDEN_VALGUS = MeasureResult("knee_valgus", float("nan"), "deg", reason="Seen from the side.")


def test_an_error_is_named_once_and_again_only_after_the_set_time() -> None:
    said = cues([*START, *frames(3.0, 30.0, error())])
    times = [cue.stamp_ns / 1e9 for cue in said if cue.error_code is ErrorCode.KNEE_VALGUS]
    assert times == [3.0, 15.0, 27.0]


@pytest.mark.parametrize(("asked_s", "text"), [(3.0, "take 3 seconds"), (1.0, "Slower on the way")])
def test_who_misses_the_tempo_hears_what_it_asks_for(asked_s: float, text: str) -> None:
    hasty = replace(error(ErrorCode.RETURN_TOO_FAST), limit=asked_s, measure="tempo_back", unit="s")
    said = cues([*START, *repetition(4.0, 1, hasty)])
    (cue,) = (each for each in said if each.error_code is ErrorCode.RETURN_TOO_FAST)
    assert text in cue.text


def test_a_repeated_error_is_worded_differently() -> None:
    texts = [cue.text for cue in cues([*START, *frames(3.0, 20.0, error())])][1:]
    assert len(texts) == 2
    assert texts[0] != texts[1]


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("code", list(ErrorCode))
def test_an_error_that_stays_is_told_again_and_again_in_other_words(
    code: ErrorCode, side: Side
) -> None:
    said = cues([*START, *frames(3.0, 60.0, error(code, side=side))])[1:]
    assert [cue.stamp_ns / 1e9 for cue in said] == [3.0, 15.0, 27.0, 39.0, 51.0]
    assert all(a.text != b.text for a, b in itertools.pairwise(said))


def test_the_only_text_of_a_cue_waits_until_something_else_was_said() -> None:
    short = "Knees out."
    texts = replace(book(), cues={**book().cues, "knee_valgus": {"default": (short,)}})
    lean = error(ErrorCode.TRUNK_LEAN_LATERAL)
    events = [*START, *frames(3.0, 30.0, error()), *frames(30.0, 33.0, lean)]
    said = cues([*events, *frames(33.0, 40.0, error())], texts)[1:]
    assert [cue.key for cue in said] == ["knee_valgus", "trunk_lean_lateral", "knee_valgus"]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_no_sentence_is_said_twice_in_a_row_and_gaps_are_kept(seed: int) -> None:
    chance = random.Random(seed)
    events: list[Event] = [session()]
    seconds, state, number = 0.0, SessionState.RUNNING, 0
    for _ in range(600):
        seconds = round(seconds + 0.1, 1)
        if chance.random() < 0.03:
            number += state is SessionState.CLOSED
            state = chance.choice(list(SessionState))
            name = f"s{number}"
            events.append(session(seconds, state, name, repetitions=chance.randrange(2)))
        wrong = [
            error(chance.choice(list(ErrorCode)), chance.choice(list(Severity)),
                  chance.choice(list(Side)))
            for _ in range(chance.randrange(3))
        ]  # fmt: skip
        if chance.random() < 0.05:
            events += repetition(seconds, chance.randrange(1, 9), *wrong)
        events.append(live(seconds, *wrong, body_id=int(chance.random() < 0.9)))
    said = cues(events, encourage_after=1, count_every=1)
    assert len(said) > 5
    for before, after in itertools.pairwise(said):
        assert before.text != after.text
        gap_s = (after.stamp_ns - before.stamp_ns) / 1e9
        answers = after.key.startswith(("session", "calibrat", "set_ended"))
        urgent = after.priority > before.priority and after.priority >= CuePriority.FORM
        assert gap_s >= SETTINGS.min_gap_s or answers or urgent


def test_one_cue_at_a_time_by_severity_then_code() -> None:
    lean = error(ErrorCode.TRUNK_LEAN_FORWARD, Severity.MODERATE)
    depth = error(ErrorCode.INSUFFICIENT_DEPTH, Severity.MODERATE)
    mild = error(ErrorCode.KNEE_VALGUS, Severity.MILD)
    said = cues([*START, *frames(3.0, 8.0, depth, mild, lean)])[1:]
    assert [cue.key for cue in said] == ["trunk_lean_forward", "insufficient_depth", "knee_valgus"]
    gaps = [(b.stamp_ns - a.stamp_ns) / 1e9 for a, b in itertools.pairwise(said)]
    assert gaps == [SETTINGS.min_gap_s] * 2


def test_a_severe_error_does_not_wait_for_the_gap() -> None:
    severe = error(ErrorCode.TRUNK_LEAN_FORWARD, Severity.SEVERE)
    said = cues([*START, *frames(3.0, 3.5, error()), *frames(3.5, 4.0, error(), severe)])[1:]
    assert [(cue.key, cue.priority) for cue in said] == [
        ("knee_valgus", CuePriority.FORM),
        ("trunk_lean_forward", CuePriority.SAFETY),
    ]
    assert said[1].stamp_ns / 1e9 == 3.5


def test_an_error_that_becomes_severe_is_named_again_at_once() -> None:
    severe = error(severity=Severity.SEVERE)
    said = cues([*START, *frames(3.0, 4.0, error()), *frames(4.0, 6.0, severe)])[1:]
    assert [cue.priority for cue in said] == [CuePriority.FORM, CuePriority.SAFETY]


def test_little_depth_is_never_a_matter_of_safety() -> None:
    severe = error(ErrorCode.INSUFFICIENT_DEPTH, Severity.SEVERE)
    assert cues([*START, *frames(3.0, 4.0, severe)])[-1].priority is CuePriority.FORM


def test_an_error_found_with_the_repetition_is_named_even_if_it_must_wait() -> None:
    asymmetry = error(ErrorCode.ASYMMETRY)
    events = [*START, *frames(3.0, 4.0, error()), *repetition(4.0, 1, error(), asymmetry)]
    said = cues([*events, *frames(4.0, 8.0)])[1:]
    assert [(cue.key, cue.stamp_ns / 1e9) for cue in said] == [
        ("knee_valgus", 3.0),
        ("asymmetry", 5.0),
    ]


def corrected(*, second: tuple[object, ...]) -> list[str]:
    """An error is named in repetition 1; ``second`` is repetition 2."""
    first = [*START, *frames(3.0, 3.5, error()), *frames(3.5, 4.0), *repetition(4.0, 1, error())]
    return keys([*first, *frames(4.0, 7.0), *second, *frames(7.0, 11.0)])


def test_a_corrected_error_is_praised_after_a_whole_repetition_without_it() -> None:
    assert corrected(second=repetition(7.0, 2)) == [
        "session_started",
        "knee_valgus",
        "praise_corrected",
    ]


def test_praise_needs_a_repetition_that_was_judged() -> None:
    hidden = repetition(7.0, 2, grade=Grade.NOT_JUDGED, reason=NotJudgedReason.UNCERTAIN)
    assert "praise_corrected" not in corrected(second=hidden)


def test_praise_needs_the_measure_that_showed_the_error() -> None:
    turned_away = repetition(7.0, 2, measures=(KNEE, HIDDEN_VALGUS))
    assert "praise_corrected" not in corrected(second=turned_away)


def test_praise_needs_a_repetition_that_began_after_the_error_was_named() -> None:
    same = repetition(4.5, 2)
    events = [*START, *frames(3.0, 3.5, error()), *frames(3.5, 4.5), *same, *frames(4.5, 9.0)]
    assert "praise_corrected" not in keys(events)


def test_no_praise_for_somebody_else() -> None:
    events = [*START, *frames(3.0, 4.0, error()), *frames(4.0, 8.0, body_id=2)]
    assert "praise_corrected" not in keys([*events, *repetition(8.0, 2), live(8.0, body_id=2)])


def test_counts_and_target() -> None:
    events = [session(target=4), live(0.0)]
    for index in range(1, 5):
        status = session(5.0 * index, target=4, repetitions=index)
        events += [status, *repetition(5.0 * index, index), live(5.0 * index)]
    resting = session(20.1, SessionState.RESTING, target=4, repetitions=4)
    said = cues([*events, replace(resting, seconds_left=30)], count_every=2)
    assert [cue.key for cue in said] == ["session_started", "count", "last_one", "set_ended"]
    assert said[1].text == "2 done."
    assert said[3].text == "Set complete: 4 repetitions, 4 good. Rest for 30 seconds."


def test_good_repetitions_in_a_row_are_encouraged() -> None:
    events = list(START)
    grades = [Grade.GOOD, Grade.FAIR, Grade.GOOD, Grade.GOOD]
    for index, grade in enumerate(grades, 1):
        events += [*repetition(5.0 * index, index, grade=grade), live(5.0 * index)]
    said = cues(events, encourage_after=2)
    assert [(cue.key, cue.stamp_ns / 1e9) for cue in said[1:]] == [("encouragement", 20.0)]


def test_a_movement_that_does_not_return_gives_a_hint() -> None:
    again = replace(session(5.0), event=SessionEvent.NOT_RETURNED)
    events = [*START, *frames(0.1, 5.0), again, *frames(5.0, 8.0)]
    said = cues(events)
    assert [cue.key for cue in said] == ["session_started", "return_to_rest"]
    assert said[1].stamp_ns / 1e9 == 5.0


@pytest.mark.parametrize(
    ("exercise", "words"),
    [
        ("squat", "Stand up fully"),
        ("lunge", "Stand up fully"),
        ("hip_hinge", "Stand up fully"),
        ("single_leg_squat_left", "Stand up fully"),
        ("sit_to_stand", "Sit down fully"),
        ("march", "foot back on the floor"),
        ("arm_raise", "Lower your arms"),
        ("push_up", "Straighten your arms"),
        ("bridge", "starting position"),
        ("shoulder_press", "starting position"),
        ("seated_knee_extension", "starting position"),
        ("no_such_exercise", "starting position"),
    ],
)
def test_pulses_get_the_hint_in_the_words_of_the_exercise(exercise: str, words: str) -> None:
    policy = CuePolicy(SETTINGS, book(), EXERCISES)
    running = replace(session(), exercise=exercise, title=exercise)
    pulse = replace(running, stamp_ns=ns(5.0), event=SessionEvent.NOT_RETURNED, message="again")
    policy.step(EventGroup(0, (running,)))
    cue = policy.step(EventGroup(ns(5.0), (pulse,)))
    assert cue is not None
    assert words in cue.text
    assert words in note_of(pulse, book(), EXERCISES.known(exercise))


def test_no_cue_answers_an_exercise_that_was_left() -> None:
    lunge = replace(session(6.0, session_id="s2"), exercise="lunge", title="Lunge")
    late = repetition(6.1, 1, error(severity=Severity.SEVERE))
    events = [*START, *frames(0.1, 5.9), lunge, *late, live(6.2, error()), *frames(6.3, 9.0)]
    said = cues(events)
    assert [cue.key for cue in said] == ["session_started", "session_started"]
    same = replace(lunge, exercise="squat", title="Squat")
    assert "knee_valgus" in keys([*START, *frames(0.1, 5.9), same, *late, *frames(6.3, 9.0)])


def test_two_repetitions_of_another_exercise_in_a_row_are_told() -> None:
    another = {"grade": Grade.NOT_JUDGED, "reason": NotJudgedReason.ANOTHER_EXERCISE}
    first, second = repetition(4.0, 1, **another), repetition(8.0, 2, **another)
    good = repetition(12.0, 3)
    once = [*START, *frames(0.1, 4.0), *first, *frames(4.0, 12.0), *good, *frames(12.0, 14.0)]
    assert "another_exercise" not in keys(once)
    twice = [*START, *frames(0.1, 4.0), *first, *frames(4.0, 8.0), *second, *frames(8.0, 10.0)]
    (told,) = [cue for cue in cues(twice) if cue.key == "another_exercise"]
    assert told.stamp_ns / 1e9 == 8.0
    assert "squats" in told.text
    sentence = Sentence.RESEMBLES.text(found="side lunge")
    named = [replace(e, reason=sentence) if isinstance(e, QualityResult) else e for e in twice]
    (told,) = [cue for cue in cues(named) if cue.key == "looks_like"]
    assert "side lunges" in told.text
    sentence = Sentence.LEGS_MOVE.text(asked="Squat")
    unnamed = [replace(e, reason=sentence) if isinstance(e, QualityResult) else e for e in twice]
    assert "another_exercise" in keys(unnamed)


@pytest.mark.parametrize(
    "state", [SessionState.IDLE, SessionState.PAUSED, SessionState.CALIBRATING, SessionState.CLOSED]
)
def test_errors_are_named_only_while_the_session_runs(state: SessionState) -> None:
    events = [*START, *frames(0.1, 4.0), session(4.0, state), *frames(4.0, 9.0, error())]
    assert "knee_valgus" not in keys(events)


def test_no_session_no_cue() -> None:
    assert not cues(frames(0.0, 9.0, error()))


def test_a_clock_that_runs_back_resets_the_policy() -> None:
    events = [*START, live(100.0, error()), live(0.1), *frames(0.2, 1.0, error())]
    said = cues(events)
    assert [cue.key for cue in said] == ["session_started", "knee_valgus", "knee_valgus"]
    assert said[1].text != said[2].text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_gap_s", -1.0),
        ("keep_s", float("nan")),
        ("error_repeat_s", 1.0),
        ("praise_after", 0),
        ("count_every", -1),
    ],
)
def test_settings_that_make_no_sense_are_refused(name: str, value: float) -> None:
    settings = {**vars(SETTINGS), name: value}
    with pytest.raises(ValueError, match=name):
        CueSettings(**settings)
