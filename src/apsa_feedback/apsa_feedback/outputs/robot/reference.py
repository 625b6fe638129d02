"""Reference movements on disk: one table of angles per exercise, ``<exercise>.csv``."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from apsa_feedback.outputs.robot.human_angles import ANGLES
from apsa_feedback.outputs.robot.movement import Movement, MovementTrack
from apsa_perception.assessment.offline import assess
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.file import is_name
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Grade
from apsa_perception.model.skeleton import Skeleton

_TIME = "time_s"


def path_of(folder: Path, exercise: str) -> Path:
    """Return the path of an exercise's reference."""
    return folder / f"{exercise}.csv"


def load(folder: Path, exercise: str) -> Movement | None:
    """Read the reference of an exercise; None if there is none.

    Raises:
        ValueError: the file is not a reference; one sentence with what is allowed.
    """
    path = path_of(folder, exercise)
    if not (is_name(exercise) and path.is_file()):  # messages may hold any text
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        header, *rows = [row for row in csv.reader(lines) if row] or [["none"]]
    except (OSError, ValueError, csv.Error) as error:
        raise ValueError(f"the reference {path} cannot be read: {error}") from None
    unknown = [name for name in header[1:] if name not in ANGLES]
    if header[0] != _TIME or len(header) < 2 or unknown or len({*header}) < len(header):
        raise ValueError(
            f"the reference {path} has the columns {', '.join(header)}; expected {_TIME} and, "
            f"once each, any of {', '.join(ANGLES)}"
        )
    if any(len(row) != len(header) for row in rows):
        raise ValueError(f"the reference {path} has a row without {len(header)} numbers")
    try:
        table = np.array(rows, dtype=float)
    except ValueError as error:
        raise ValueError(f"the reference {path} is not a table of numbers: {error}") from None
    if len(table) < 2 or not np.isfinite(table).all() or (np.diff(table[:, 0]) <= 0).any():
        raise ValueError(f"the reference {path} needs two or more rows of numbers, times rising")
    times_s = table[:, 0] - table[0, 0]
    return Movement(times_s, dict(zip(header[1:], table[:, 1:].T, strict=True)))


def save(movement: Movement, folder: Path, exercise: str) -> Path:
    """Write the reference of an exercise in place of the previous one; return its path.

    Raises:
        ValueError: the folder cannot be written to; one sentence.
    """
    path = path_of(folder, exercise)
    table = np.column_stack([movement.times_s, *movement.angles.values()])
    header = ",".join([_TIME, *movement.angles])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        np.savetxt(path, table, fmt="%.4f", delimiter=",", header=header, comments="")
    except OSError as error:
        raise ValueError(
            f"{path} cannot be written: {error.strerror}; expected a writable folder"
        ) from error
    return path


def best_repetition(
    frames: Sequence[tuple[int, Sequence[Skeleton]]],
    exercise: str,
    library: ExerciseLibrary,
    settings: AssessmentSettings | None = None,
) -> Movement:
    """Return the repetition with the largest range among those judged to be without an error.

    Raises:
        ValueError: there is none; one sentence says what was found instead.
    """
    run = assess(frames, exercise, library, settings)
    repetitions = {one.index: one for one in run.repetitions}
    errors = {one.repetition: [error.name for error in one.errors] for one in run.verdicts}
    # A repetition that was not judged, for example from a wrong view, has no errors either.
    not_judged = {
        one.repetition: f"not judged because {one.reason}"
        for one in run.qualities
        if one.grade is Grade.NOT_JUDGED
    }
    good = [one for i, one in repetitions.items() if not errors[i] and i not in not_judged]
    if not good:
        named = {name for names in errors.values() for name in names}
        seen = ", ".join([*sorted(named), *sorted({*not_judged.values()})])
        raise ValueError(
            f"{len(repetitions)} repetitions of '{exercise}' were found"
            f"{': ' + seen if seen else ''}; expected a judged one without an error"
        )
    best = max(good, key=lambda one: abs(one.peak_value - one.rest_value))
    track = MovementTrack()
    for stamp_ns, people in frames:
        for person in people:
            if person.body_id == best.body_id and stamp_ns <= best.end_ns:
                track.add(stamp_ns, person)
    movement = track.between(best.start_ns, best.end_ns)
    if movement is None:
        raise ValueError("no angle was observed for most of the best repetition")
    return movement
