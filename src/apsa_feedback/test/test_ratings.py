"""The questions about a set, the answer of a viewer, and what is said about pain."""

import queue
from dataclasses import replace

import pytest

from apsa_feedback.nodes.rating_command import rating_request
from apsa_feedback.outputs.screen.command_queue import CommandQueue
from apsa_feedback.outputs.screen.content import ScreenContent
from apsa_perception.model.codes import CuePriority, RatingState, SessionEvent, SessionState
from apsa_perception.model.results import SetRating
from apsa_perception.ros.requests import answer_from_msg
from support.feedback_cases import START, book, cues, session

ASKED = SetRating("s1", RatingState.ASKED)
RESTING = replace(session(5.0, SessionState.RESTING, repetitions=3), rating=ASKED)


@pytest.mark.parametrize(
    ("state", "rating", "asked"),
    [
        (SessionState.RESTING, ASKED, {"session_id": "s1", "aside": False}),
        (SessionState.CLOSED, ASKED, {"session_id": "s1", "aside": False}),
        (SessionState.RUNNING, ASKED, {"session_id": "s1", "aside": True}),  # in the next set
        (SessionState.PAUSED, ASKED, {"session_id": "s1", "aside": True}),
        (SessionState.RESTING, replace(ASKED, state=RatingState.SKIPPED), None),
        (SessionState.RUNNING, replace(ASKED, state=RatingState.ANSWERED), None),
        (SessionState.RESTING, SetRating(), None),
    ],
)
def test_the_page_asks_aside_while_somebody_exercises(
    state: SessionState, rating: SetRating, asked: dict[str, object] | None
) -> None:
    content = ScreenContent(book())
    content.on_event(replace(RESTING, state=state, rating=rating))
    assert content.state()["rating"] == asked


def test_an_answer_of_a_viewer_is_a_request_of_the_service() -> None:
    asked: queue.Queue[str] = queue.Queue()
    commands = CommandQueue({"rate": asked.put})
    commands.start()
    commands.add('{"command": "rate", "value": {"session_id": "s1", "pain": 0, "note": "\\u75db"}}')
    request = rating_request(asked.get(timeout=5))
    commands.close()
    assert answer_from_msg(request) == SetRating("s1", pain=0, note="\u75db")
    assert answer_from_msg(rating_request('{"effort": 4.5}')) == SetRating(effort=4.5)
    assert answer_from_msg(rating_request("{}")) == SetRating()


@pytest.mark.parametrize(
    "text", ["", "3", "[1]", '{"pain": "3"}', '{"pain": 2.5}', '{"pain": 4000}', '{"pain": true}',
             '{"effort": [1]}', '{"note": "\\ud800"}']
)  # fmt: skip
def test_an_answer_that_is_none_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"the rating is .*; expected a JSON object such as"):
        rating_request(text)


@pytest.mark.parametrize("state", [SessionState.PAUSED, SessionState.CLOSED])
def test_pain_at_its_limit_is_said_before_all_else(state: SessionState) -> None:
    told = replace(
        RESTING,
        stamp_ns=RESTING.stamp_ns + 10**8,
        state=state,
        event=SessionEvent.PAIN_LIMIT,
        rating=replace(ASKED, state=RatingState.ANSWERED, pain=8),
    )
    before = RESTING if state is SessionState.PAUSED else replace(RESTING, state=state)
    later = replace(told, stamp_ns=told.stamp_ns + 10**9)
    said = cues([*START, before, told, later])
    assert [cue.key for cue in said].count("pain_limit") == 1
    assert (said[-1].key, said[-1].priority) == ("pain_limit", CuePriority.SAFETY)
