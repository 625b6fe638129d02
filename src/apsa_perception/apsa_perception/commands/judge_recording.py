"""One recording judged as the coach judges it at rate 0, for the table of many recordings."""

import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from apsa_perception.apsa.background import BackgroundModel
from apsa_perception.assessment.after_recording import AfterRecording
from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.bringup.node_settings import (
    AssessmentNodeSettings,
    PoseModelSettings,
    PoseNodeSettings,
    weights_of,
)
from apsa_perception.commands.recorded_frames import Dropped, Frame, RecordedFrames
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import path_of, path_or_none
from apsa_perception.model.results import QualityResult
from apsa_perception.model.stamps import StampGate
from apsa_perception.pose.backend import PoseBackend
from apsa_perception.recordings.collector import Collector
from apsa_perception.recordings.discovery import Recording
from apsa_perception.recordings.schema import FAILURES, RECORDINGS, Rows


@dataclass(frozen=True)
class Choices:
    """What recordings are judged with.

    Attributes:
        pose: settings of the pose node.
        assessment: settings of the assessment node.
        image_topic: topic in bags with several; empty: the only one.
    """

    pose: PoseNodeSettings
    assessment: AssessmentNodeSettings
    image_topic: str = ""


def judge_recording(recording: Recording, exercise: str, choices: Choices) -> Rows:
    """Return the rows of a recording; what is wrong with it is the row of a failure.

    Runs in a worker process, which keeps models for the next recording.
    """
    began = time.process_time()
    collector = Collector(recording.name, exercise)
    dropped = Dropped()
    notes: list[str] = []
    failure = ""
    try:
        frames = RecordedFrames(
            recording.path,
            choices.image_topic,
            choices.pose,
            lambda: _backend(choices.pose.pose),
            dropped,
        )
        notes += frames.problems
        _assess(iter(frames), exercise, choices.assessment, collector, dropped)
        if unusable := _unusable(collector, dropped):
            failure = "; ".join([f"{recording.path} has {unusable}", *dropped.notes()])
    except Exception as error:  # a damaged file must not end the run
        failure = _one_line(str(error)) or type(error).__name__
        if not isinstance(error, ValueError):
            failure = f"{type(error).__name__}: {failure}"
    summary = {
        **collector.summary(),
        "frames_dropped": dropped.frames,
        "computing_s": time.process_time() - began,
        "notes": "; ".join([*notes, *dropped.notes()]),
    }
    _keep_loaded()
    failed = {"recording": recording.name, "exercise": exercise, "reason": failure}
    return {**collector.rows, RECORDINGS: [summary], FAILURES: [failed] if failure else []}


def _unusable(collector: Collector, dropped: Dropped) -> str:
    """What a recording lacks that cannot be judged at all; empty if it has what it takes."""
    if not collector.frames:
        return "no usable frame"
    if collector.frames == 1 and dropped.frames:
        return "only one usable frame"
    return "no usable body" if dropped.bodies and not collector.frames_with_person else ""


def library_of(settings: AssessmentNodeSettings) -> ExerciseLibrary:
    """Return the exercises that the assessment node has.

    Raises:
        ValueError: an installed file has a mistake.
    """
    return ExerciseLibrary.load(
        path_or_none(settings.exercises_dir), path_or_none(settings.own_exercises_dir)
    )


def ranges_of(settings: AssessmentNodeSettings) -> PersonalRanges:
    """Return the ranges of the person that the settings name, if any; raises as ``load``."""
    if not settings.person:
        return PersonalRanges()
    return PersonalRanges.load(path_of(settings.ranges_dir), settings.person)


def _assess(
    frames: Iterator[Frame],
    exercise: str,
    settings: AssessmentNodeSettings,
    collector: Collector,
    dropped: Dropped,
) -> None:
    """Assess frames as the assessment node does: a clock that is set back begins a new session."""
    after = AfterRecording()
    qualities: list[QualityResult] = []
    assessor = _new_assessor(exercise, settings, 0, after)
    stamps = StampGate()
    try:
        for stamp_ns, people in frames:
            try:
                if stamps.check(stamp_ns):
                    assessor = _new_assessor(exercise, settings, assessor.sessions, after)
                    collector.restart()
                results = assessor.update(stamp_ns, people)
            except ValueError as error:
                dropped.frame(error)
                continue
            stamps.accept(stamp_ns)
            for result in results:
                if isinstance(result, QualityResult):
                    qualities.append(result)
                else:
                    collector.add(result)
    finally:  # also before the damage of a recording
        after.finish()
        for quality in qualities:
            collector.add(quality)


def _new_assessor(
    exercise: str, settings: AssessmentNodeSettings, sessions: int, after: AfterRecording
) -> Assessor:
    """Return an assessor of a running session, numbered after so many."""
    weights = weights_of(settings)
    assessor = Assessor(
        _library(settings),
        AssessmentSettings.of(settings),
        None if weights is None else _model(weights, weights.stat().st_mtime_ns),
        ranges=ranges_of(settings),
        sessions=sessions,
        after=after,
    )
    assessor.start(exercise)
    return assessor


@cache
def _keep_loaded() -> None:
    """Leave models and modules out of garbage collections, which would walk through all of them."""
    gc.collect()
    gc.freeze()


@cache
def _library(settings: AssessmentNodeSettings) -> ExerciseLibrary:
    return library_of(settings)


@cache
def _model(weights: Path, changed_ns: int) -> BackgroundModel:
    """The network; a worker of a lab outlives the replacement of its file."""
    return BackgroundModel(weights)


@cache
def _backend(settings: PoseModelSettings) -> PoseBackend:
    return settings.open()


def _one_line(text: str) -> str:
    return " ".join(text.split())
