"""Figures of the recognition of exercises on people who were not trained on, as the coach runs it.

Two repetitions of one person are streamed. A depth sensor sees two different ones; each drawing has
its own view, so that one drawing is streamed twice. Besides the exercise that is recognised, each
stream says whether another one than asked for would be noticed, for every exercise asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from apsa_perception.assessment.exercise_recognition import ExerciseRecognition
from apsa_perception.assessment.offline import assess
from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.recognition.model import NONE, RecognitionModel
from apsa_perception.recognition.watch import REPETITIONS, Recognised
from apsa_training.augmentation.figure_movements import MOVEMENTS, frames_of
from apsa_training.data.assessment_frames import PERIOD_NS, Frames, by_subject, held
from apsa_training.data.coached_repetitions import (
    HELD_S,
    coached_exercise,
    coached_family,
    from_rest,
)
from apsa_training.data.sequences import MotionData, MotionSequence

WRONG, RIGHT, NOTHING = "another", "right", "none"


@dataclass(frozen=True)
class Stream:
    """What two repetitions of one person were recognised as.

    Attributes:
        family: what was done.
        correct: whether it was executed correctly.
        counted: repetitions that the coach counts if this exercise is asked for.
        outcome: ``RIGHT``, ``WRONG`` or ``NOTHING``.
        told: exercises that, if asked for, would have been told to be another one.
        asked: number of exercises asked for besides the own one.
    """

    family: str
    correct: bool
    counted: int
    outcome: str
    told: tuple[str, ...]
    asked: int


def streams(
    data: MotionData,
    folds: Sequence[int],
    models: Sequence[RecognitionModel],
    library: ExerciseLibrary,
) -> list[Stream]:
    """Stream two repetitions of each person, exercise and label.

    Args:
        data: recordings of one repetition each.
        folds: of each recording.
        models: of each fold, trained without its people.
        library: the exercises.
    """
    fold_of = {one.subject: fold for one, fold in zip(data.sequences, folds, strict=True)}
    exercises = tuple(library)
    found = []
    for own in by_subject(data.sequences).values():
        for label in (1, 0):
            chosen = [from_rest(one) for one in own if one.correct == label][:REPETITIONS]
            if len(chosen) == REPETITIONS:
                model = models[fold_of[chosen[0].subject]]
                found.append(_stream(chosen, model, exercises, library))
    return found


def everyday(model: RecognitionModel, library: ExerciseLibrary, seeds: Iterable[int]) -> Any:
    """Return how often each constructed everyday movement is taken for an exercise."""
    exercises, kept = tuple(library), tuple(seeds)
    figures: dict[str, Any] = {}
    for name, make in MOVEMENTS.items():
        taken = []
        for seed in kept:
            generator = np.random.default_rng(seed)
            frames = frames_of(make(generator), generator)
            taken += [one.family for one in _recognise(frames, model, exercises, 0.0)[:1]]
        figures[name] = {"takes": len(kept), "recognised": len(taken), "as": sorted(set(taken))}
    return figures


def figures_of(found: Sequence[Stream]) -> dict[str, Any]:
    """Return the figures of streams, all together and by family."""
    families = sorted({one.family for one in found})
    return {
        "all": _figures(found),
        "correct": _figures([one for one in found if one.correct]),
        "counted": _figures([one for one in found if one.counted >= REPETITIONS]),
        "families": {
            name: _figures([one for one in found if one.family == name]) for name in families
        },
    }


def _figures(found: Sequence[Stream]) -> Mapping[str, float]:
    count = max(1, len(found))
    asked = max(1, sum(one.asked for one in found))
    return {
        "streams": len(found),
        "right": sum(one.outcome == RIGHT for one in found) / count,
        "another": sum(one.outcome == WRONG for one in found) / count,
        "told_when_right": sum(one.family in one.told for one in found) / count,
        "told_when_wrong": sum(len({*one.told} - {one.family}) for one in found) / asked,
    }


def _stream(
    chosen: Sequence[MotionSequence],
    model: RecognitionModel,
    exercises: Sequence[ExerciseDefinition],
    library: ExerciseLibrary,
) -> Stream:
    first = chosen[0]
    frames = _in_a_row([first, first] if first.seen_by else chosen)
    recognised = _recognise(frames, model, exercises, first.camera_pitch_deg)
    family = coached_family(first)
    name = coached_exercise(first, library)
    settings = AssessmentSettings(camera_pitch_deg=first.camera_pitch_deg)
    asked = {each.family: each for each in exercises if each.family in model.families}
    told = []
    for each in asked.values():
        recognition = ExerciseRecognition(model, (), settings.max_gap_s)
        recognition.ask_for(each)
        if any(recognition.is_another(one, 0.0) for one in recognised):
            told.append(each.family)
    outcome = NOTHING
    if recognised:
        outcome = RIGHT if recognised[0].family == family else WRONG
    return Stream(
        family=family,
        correct=bool(first.correct),
        counted=len(assess(frames, name, library, settings).repetitions),
        outcome=outcome,
        told=tuple(told),
        asked=len(asked.keys() - {family, NONE}),
    )


def _recognise(
    frames: Frames,
    model: RecognitionModel,
    exercises: Sequence[ExerciseDefinition],
    pitch_deg: float,
) -> list[Recognised]:
    settings = AssessmentSettings(camera_pitch_deg=pitch_deg)
    recognition = ExerciseRecognition(model, exercises, settings.max_gap_s)
    postures = PostureTracker(settings)
    found = [recognition.update(one, postures.posture(one)) for _, (one,) in frames]
    return [one for one in found if one is not None]


def _in_a_row(chosen: Sequence[MotionSequence]) -> Frames:
    """Frames of recordings one after the other, each with its first and last posture held."""
    frames: Frames = []
    for one in chosen:
        last_ns = frames[-1][0] if frames else 0
        own = held(one, HELD_S)
        shift = last_ns + PERIOD_NS - own[0][0]
        frames += [
            (stamp + shift, [replace(body, stamp_ns=stamp + shift)]) for stamp, (body,) in own
        ]
    return frames
