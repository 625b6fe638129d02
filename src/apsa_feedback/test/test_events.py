"""Results are released in one order, whatever the order of arrival of their messages."""

import itertools
import random
from dataclasses import replace

from apsa_feedback.stream.events import Event, EventGroup, ReorderBuffer
from apsa_feedback.stream.session_tracker import NewSession, SessionTracker
from apsa_perception.model.codes import SessionState
from apsa_perception.model.results import SessionStatus
from support.feedback_cases import error, live, ns, repetition, session, skeleton


def play(events: list[Event], buffer: ReorderBuffer | None = None) -> list[EventGroup]:
    buffer = buffer or ReorderBuffer()
    groups = [group for event in events for group in buffer.add(event)]
    return groups + buffer.flush()


def stream() -> list[list[Event]]:
    """Messages by topic: skeletons, errors, the rest."""
    seconds = [step / 10 for step in range(30)]
    rep, quality, errors = repetition(1.5, 1, error())
    error_topic: list[Event] = []
    for second in seconds:
        error_topic += [errors] if second == 1.5 else []
        error_topic.append(live(second))
    return [[skeleton(s) for s in seconds], error_topic, [rep], [quality], [session()]]


def arrival(seed: int) -> list[Event]:
    """The topics interleaved at random: each in order, none late by more than a frame."""
    noise = random.Random(seed)
    messages = [
        (event.stamp_ns + noise.uniform(0, ns(0.09)), index, event)
        for topic in stream()
        for index, event in enumerate(topic)
    ]
    merged = [event for *_, event in sorted(messages, key=lambda message: message[0])]
    for topic in stream():  # a topic never overtakes itself
        places = [i for i, event in enumerate(merged) if type(event) is type(topic[0])]
        for place, event in zip(places, topic, strict=True):
            merged[place] = event
    return merged


def summary(groups: list[EventGroup]) -> list[tuple[int, list[str]]]:
    return [(g.stamp_ns, [f"{type(e).__name__}" for e in g.events]) for g in groups]


def test_any_order_of_arrival_gives_the_same_groups() -> None:
    expected = summary(play(arrival(0)))
    assert len(expected) == 30
    for seed in range(1, 50):
        assert summary(play(arrival(seed))) == expected


def test_a_stamp_waits_for_newer_live_errors() -> None:
    buffer = ReorderBuffer()
    assert not buffer.add(live(0.0))
    assert not buffer.add(skeleton(0.1))
    assert [g.stamp_ns for g in buffer.add(live(0.1))] == [0]


def test_the_summary_of_a_repetition_comes_before_the_live_errors_of_its_frame() -> None:
    rep, quality, errors = repetition(2.0, 1)
    (group,) = play([live(2.0), errors, skeleton(2.0), quality, rep, session(2.0)])
    names = [type(event).__name__ for event in group.events]
    assert names == [
        "SessionStatus", "SkeletonFrame", "RepetitionResult", "QualityResult", "ErrorSet",
        "ErrorSet",
    ]  # fmt: skip
    assert group.events[4] is errors


def test_late_results_are_dropped_and_counted_but_not_the_session() -> None:
    buffer = ReorderBuffer()
    late = session(0.0)
    groups = play([live(0.0), live(0.1), skeleton(0.0), late, live(0.2)], buffer)
    assert buffer.dropped == 1
    assert [g.stamp_ns for g in groups if late in g.events] == [ns(0.1)]


def test_a_restarted_source_is_followed() -> None:
    groups = play([live(9.0), live(9.1), live(0.0), live(0.1)])
    assert [g.stamp_ns / 1e9 for g in groups] == [9.0, 9.1, 0.0, 0.1]


def test_skeletons_do_not_accumulate_while_the_assessment_is_silent() -> None:
    buffer = ReorderBuffer(max_stamps=10)
    released = [g for step in range(100) for g in buffer.add(skeleton(step / 10))]
    assert len(released) == 90


def test_an_idle_stream_releases_the_session_but_keeps_frames_under_assessment() -> None:
    buffer = ReorderBuffer()
    closed = session(5.0)
    for event in (live(0.0), skeleton(0.1), closed):
        buffer.add(event)
    assert [g.stamp_ns / 1e9 for g in buffer.flush_idle()] == [0.0, 5.0]
    assert [g.stamp_ns / 1e9 for g in play([live(0.1)], buffer)] == [0.1]


def boundaries(groups: list[EventGroup]) -> list[float]:
    """Seconds at which a new session begins."""
    events = [event for group in groups for event in group.events]
    for before, event in itertools.pairwise(events):
        if isinstance(before, NewSession):
            assert isinstance(event, SessionStatus)
    return [event.stamp_ns / 1e9 for event in events if isinstance(event, NewSession)]


def test_another_exercise_or_another_id_begins_a_new_session() -> None:
    lunge = replace(session(1.0, session_id=""), exercise="lunge")
    running = replace(lunge, session_id="s2", stamp_ns=ns(1.1))
    again = replace(lunge, session_id="s3", stamp_ns=ns(2.0))
    assert boundaries(play([session(), live(0.0), lunge, running, live(1.1), again])) == [1.0, 2.0]


def test_the_first_status_and_an_id_that_is_given_later_begin_no_new_session() -> None:
    closed = session(2.0, SessionState.CLOSED)
    assert boundaries(play([session(session_id=""), session(0.1), live(0.1), closed])) == []


def test_the_first_session_on_a_topic_is_not_a_new_one_but_the_next_is() -> None:
    tracker = SessionTracker()
    assert tracker.mark(live(0.0)) == (live(0.0),)
    assert tracker.mark(session()) == (session(),)
    other = session(3.0, session_id="s2")
    assert tracker.mark(other) == (NewSession(ns(3.0)), other)
