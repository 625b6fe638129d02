"""The judgement frame by frame equals that of the whole window."""

import numpy as np
import pytest

from apsa_perception.model.skeleton import DEFAULT_UP
from apsa_training.evaluation.streaming_judge import StreamingJudge
from support.samples import judge, model, named


def push_all(stream: StreamingJudge, name: str, start: int = 0) -> list[tuple[int, float]]:
    sequence = named(name)
    found = []
    for row in range(start, len(sequence.stamps_s)):
        prediction = stream.push(
            float(sequence.stamps_s[row]),
            sequence.positions[row],
            sequence.confidence[row],
            sequence.confidence[row] >= 0.5,
        )
        if prediction is not None:
            found.append((row, prediction.score))
    return found


@pytest.mark.parametrize("name", ["102_18_0", "204_18_2", "206_18_4"])
def test_stream_equals_batch_for_the_same_frames(name: str) -> None:
    sequence = named(name)
    stream = StreamingJudge(model(), sequence.exercise, DEFAULT_UP, interval=10)
    in_progress = push_all(stream, name)
    assert len(in_progress) == len(sequence.stamps_s) // 10
    for row, score in in_progress:
        part = slice(0, row + 1)
        whole = model().judge(
            sequence.positions[part],
            sequence.stamps_s[part],
            sequence.confidence[part],
            sequence.confidence[part] >= 0.5,
            sequence.exercise,
            DEFAULT_UP,
        )
        assert score == pytest.approx(whole.score, abs=1e-4)
    last, whole = stream.judge(), judge(sequence)
    assert last.score == pytest.approx(whole.score, abs=1e-4)
    assert np.allclose(last.joint_relevance, whole.joint_relevance, atol=1e-4)
    assert np.allclose(last.moment_relevance, whole.moment_relevance, atol=1e-4)


def test_reset_starts_a_new_repetition() -> None:
    sequence = named("204_18_3_21")
    stream = StreamingJudge(model(), sequence.exercise, DEFAULT_UP, interval=1000)
    push_all(stream, "102_18_1")
    stream.reset()
    push_all(stream, "204_18_3_21")
    assert stream.judge().score == pytest.approx(judge(sequence).score, abs=1e-4)


def test_long_repetitions_keep_the_latest_frames() -> None:
    sequence = named("102_18_0")
    stream = StreamingJudge(model(), sequence.exercise, DEFAULT_UP, interval=1000, max_frames=30)
    push_all(stream, "102_18_0")
    tail = StreamingJudge(model(), sequence.exercise, DEFAULT_UP, interval=1000)
    push_all(tail, "102_18_0", start=len(sequence.stamps_s) - 30)
    assert stream.judge().score == tail.judge().score


def test_no_frames_are_not_judged() -> None:
    stream = StreamingJudge(model(), "side_tap_left", DEFAULT_UP)
    assert stream.judge().abstained


def test_stamps_must_increase_and_exercise_be_known() -> None:
    stream = StreamingJudge(model(), "side_tap_left", DEFAULT_UP)
    frame = (np.zeros((20, 3)), np.ones(20), np.ones(20, dtype=bool))
    stream.push(1.0, *frame)
    with pytest.raises(ValueError, match="not later"):
        stream.push(1.0, *frame)
    with pytest.raises(KeyError, match="not trained"):
        StreamingJudge(model(), "plank", DEFAULT_UP)
