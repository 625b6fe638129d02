"""Recordings as the coach cuts them: its counting decides where a repetition begins and ends."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from apsa_perception.apsa.seat import SEATED_FAMILIES, middle_of_sitting
from apsa_perception.assessment.offline import Run, assess
from apsa_perception.assessment.quality import QualityModel
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import NotJudgedReason
from apsa_perception.model.results import QualityResult, RepetitionResult
from apsa_perception.model.time import to_nanoseconds, to_seconds
from apsa_perception.repetition.history import LEAD_IN_NS
from apsa_training.data.assessment_frames import Frames, by_subject, concatenated, held
from apsa_training.data.sequences import UNLABELLED, MotionData, MotionSequence

HELD_S = 2.0
"""So long somebody stands still before and after a repetition that was drawn alone: longer than the
coach waits until it takes a posture for rest, or for a limb that is out of sight."""
_COACHED_AS = {"deep_squat": "squat"}


def coached_family(sequence: MotionSequence) -> str:
    """Return the family of a recording as the coach's exercises call it."""
    return _COACHED_AS.get(sequence.family, sequence.family)


def coached_exercise(sequence: MotionSequence, library: ExerciseLibrary) -> str:
    """Return the name of the exercise that a person would choose for a recording.

    Of an exercise for either side, the coach finds the side itself.
    """
    for name in (_COACHED_AS.get(sequence.family, sequence.exercise), sequence.family):
        if name in library.names:
            return name
    return sequence.exercise


@dataclass(frozen=True)
class CoachedRecording:
    """A recording of one repetition and what the coach made of it.

    Attributes:
        recording: the recording.
        exercise: the exercise that was coached.
        repetitions: those counted in it, with their quality.
    """

    recording: MotionSequence
    exercise: str
    repetitions: tuple[tuple[RepetitionResult, QualityResult], ...]


def coach_all(
    data: MotionData, library: ExerciseLibrary, model: QualityModel | None
) -> Iterator[CoachedRecording]:
    """Run recordings through the assessment.

    The repetitions that a person did before a depth sensor are coached one after the other. Each
    drawing has its own view, so it is coached alone, with its first and last posture held and the
    camera's pitch known, as after a calibration.

    Args:
        data: recordings of one repetition each; those without a label are left out.
        library: the exercises; recordings of others are left out.
        model: the network; None: rules only.
    """
    for exercise, own in _known(data, library):
        if own[0].seen_by:
            for one in own:
                settings = AssessmentSettings(camera_pitch_deg=one.camera_pitch_deg)
                run = assess(held(one, HELD_S), exercise, library, settings, model)
                yield CoachedRecording(one, exercise, tuple(_with_quality(run)))
        else:
            yield from _in_a_row(own, exercise, library, model)


def _in_a_row(
    recordings: Sequence[MotionSequence],
    exercise: str,
    library: ExerciseLibrary,
    model: QualityModel | None,
) -> Iterator[CoachedRecording]:
    frames = concatenated(recordings)
    counted = list(_with_quality(assess(frames, exercise, library, model=model)))
    for one, start, end in _spans(recordings, frames):
        inside = [
            (repetition, quality)
            for repetition, quality in counted
            if start <= (repetition.start_ns + repetition.end_ns) / 2 < end
        ]
        yield CoachedRecording(one, exercise, tuple(inside))


def _with_quality(run: Run) -> Iterator[tuple[RepetitionResult, QualityResult]]:
    quality = {one.repetition: one for one in run.qualities}
    for repetition in run.repetitions:
        yield repetition, quality[repetition.index]


def _spans(
    recordings: Sequence[MotionSequence], frames: Frames
) -> Iterator[tuple[MotionSequence, int, int]]:
    """Start and end of each recording in nanoseconds, as ``concatenated`` places it."""
    first = 0
    for one in recordings:
        last = first + len(one.stamps_s) - 1
        yield one, frames[first][0], frames[last][0] + to_nanoseconds(0.04)
        first = last + 1


def as_coached(data: MotionData, library: ExerciseLibrary, kept: Path | None = None) -> MotionData:
    """Return the recordings cut as the coach cuts them; those that it would not judge are dropped.

    Args:
        data: recordings of one repetition each; those without a label are left out.
        library: the exercises; recordings of others are left out.
        kept: file in which the coach's counting is kept for the next time; None: it is not.
    """
    counted = _counted(data, library, kept)
    cut, dropped = [], list(data.dropped)
    for _, own in _known(data, library):
        in_a_row = [] if own[0].seen_by else concatenated(own)
        starts = [start for _, start, _ in _spans(own, in_a_row)] if in_a_row else [0] * len(own)
        for one, start in zip(own, starts, strict=True):
            times = next(counted)
            if len(times) == 1:
                frames = held(one, HELD_S) if one.seen_by else in_a_row
                start_ns, end_ns = times[0]
                cut.append(_cut(one, frames, max(start_ns, start), end_ns))
            else:
                dropped.append((one.name, f"the coach counts {len(times)} repetitions to judge"))
    return replace(data, sequences=tuple(cut), dropped=tuple(dropped))


def _counted(
    data: MotionData, library: ExerciseLibrary, kept: Path | None
) -> Iterator[list[tuple[int, int]]]:
    """Start and end of what the coach would judge, of each recording as ``coach_all`` orders it."""
    if kept is not None and kept.is_file():
        yield from json.loads(kept.read_text(encoding="utf-8"))
        return
    judged = [
        [
            (quality.window_start_ns, quality.window_end_ns)
            for _, quality in coached.repetitions
            if quality.not_judged_reason is NotJudgedReason.NONE
        ]
        for coached in coach_all(data, library, None)
    ]
    if kept is not None:
        partial = kept.with_suffix(".partial")
        partial.write_text(json.dumps(judged), encoding="utf-8")
        partial.replace(kept)
    yield from judged


def _known(
    data: MotionData, library: ExerciseLibrary
) -> Iterator[tuple[str, list[MotionSequence]]]:
    """Labelled recordings of the exercises of the library, by subject and exercise."""
    labelled = [from_rest(one) for one in data.sequences if one.correct != UNLABELLED]
    for own in by_subject(labelled).values():
        exercise = coached_exercise(own[0], library)
        if exercise in library.names:
            yield exercise, own


def without_lead_in(data: MotionData) -> MotionData:
    """Return recordings of ``as_coached`` from the beginning of the repetition on.

    The moments before it are for the quality network only.
    """
    sequences = []
    for one in data.sequences:
        kept = one.stamps_s >= to_seconds(LEAD_IN_NS)
        if kept.any():
            sequences.append(
                replace(
                    one,
                    positions=one.positions[kept],
                    pixels=None if one.pixels is None else one.pixels[kept],
                    stamps_s=one.stamps_s[kept] - one.stamps_s[kept][0],
                    confidence=one.confidence[kept],
                    observed=one.observed[kept],
                )
            )
    return replace(data, sequences=tuple(sequences))


def from_rest(one: MotionSequence) -> MotionSequence:
    """Return the recording; a round between seats recorded from standing begins on the seat."""
    if one.family not in SEATED_FAMILIES:
        return one
    first = middle_of_sitting(one.positions, one.up)
    if not first:
        return one
    order = np.roll(np.arange(len(one.stamps_s)), -first)
    steps_s = np.diff(one.stamps_s, prepend=one.stamps_s[0] - np.median(np.diff(one.stamps_s)))
    stamps_s = np.cumsum(steps_s[order])
    return replace(
        one,
        positions=one.positions[order],
        pixels=None if one.pixels is None else one.pixels[order],
        stamps_s=stamps_s - stamps_s[0],
        confidence=one.confidence[order],
        observed=one.observed[order],
    )


def _cut(one: MotionSequence, frames: Frames, start_ns: int, end_ns: int) -> MotionSequence:
    bodies = [people[0] for stamp, people in frames if start_ns <= stamp <= end_ns]
    stamps_ns = np.array([body.stamp_ns for body in bodies])
    return replace(
        one,
        positions=np.stack([body.positions for body in bodies]),
        pixels=None if one.pixels is None else np.stack([body.pixels for body in bodies]),
        stamps_s=(stamps_ns - stamps_ns[0]) / 1e9,
        confidence=np.stack([body.confidence for body in bodies]),
        observed=np.stack([body.observed for body in bodies]),
        as_coached=True,
    )
