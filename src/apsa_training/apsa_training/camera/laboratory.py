"""Data sets drawn and observed: resumable, on all cores, the same from the same seed.

A finished drawing is one file; ``drawn_files.pack`` joins them into one array file for training.
"""

import gc
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from apsa_perception.pose.backend import PoseBackend, open_backend
from apsa_training.camera.body import load_body
from apsa_training.camera.constructed import draw_error, with_error
from apsa_training.camera.drawn_files import ARRAYS
from apsa_training.camera.levelling import levelled
from apsa_training.camera.observation import Observation, observe
from apsa_training.camera.variation import Variation, draw_variation, random_of
from apsa_training.data.sequences import MotionData, MotionSequence


@dataclass(frozen=True)
class Task:
    """One recording to draw.

    Attributes:
        recording: what is done.
        source: data set that it comes from.
        drawing: number of the drawing, from 0.
        seed: of the whole set.
        folder: where the result is kept.
        constructed: whether an error is constructed into the recording, which must be correct.
        limbs: drawn as tapered limbs instead of a mesh.
    """

    recording: MotionSequence
    source: str
    drawing: int
    seed: int
    folder: Path
    constructed: bool = False
    limbs: bool = False

    @property
    def subject(self) -> str:
        """The subject, unique over all data sets."""
        return f"{self.source}-{self.recording.subject}"

    @property
    def path(self) -> Path:
        """File of the result."""
        name = "".join(c if c.isalnum() else "_" for c in self.recording.name)
        kind = ("error" if self.constructed else "drawn") + ("_limbs" if self.limbs else "")
        return self.folder / self.source / f"{name}_{kind}_{self.drawing}_{self.seed}.npz"


def tasks_of(
    data: MotionData,
    drawings: int,
    seed: int,
    folder: Path,
    share: float = 1.0,
    constructed: int = 0,
    limbs: bool = False,
) -> list[Task]:
    """Everything to draw of a data set.

    Args:
        data: the recordings.
        drawings: how often each is drawn.
        seed: of the whole set.
        folder: where results are kept.
        share: share 0..1 of the recordings, evenly over the set.
        constructed: drawings of each correct recording with a constructed error.
        limbs: draw tapered limbs instead of a mesh.
    """
    count = len(data.sequences)
    chosen = np.unique(np.linspace(0, count - 1, max(1, round(share * count))).round().astype(int))
    level = levelled(data.sequences)
    tasks = []
    for recording in (level[index] for index in chosen):
        for drawing in range(drawings):
            tasks.append(Task(recording, data.source, drawing, seed, folder, False, limbs))
        for drawing in range(constructed if recording.correct == 1 else 0):
            tasks.append(Task(recording, data.source, drawing, seed, folder, True, limbs))
    return tasks


def draw(task: Task, backend: PoseBackend) -> Path:
    """Draw and observe one recording, unless that was done before; return its file."""
    path = task.path
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    recording, error, onset_s = task.recording, None, np.nan
    if task.constructed:
        random = random_of(task.seed, task.subject, recording.name, task.drawing, "error")
        error = draw_error(random, recording.family)
        recording, onset_s = with_error(recording, error)
    variation = _variation(task)
    view = variation.viewpoint
    labels: dict[str, Any] = {
        "name": recording.name,
        "subject": recording.subject,
        "family": recording.family,
        "side": int(recording.side),
        "correct": recording.correct,
        "is_patient": recording.is_patient,
        "yaw_deg": view.yaw_deg,
        "pitch_deg": view.pitch_deg,
        "fov_deg": view.fov_deg,
        "error": int(error.code) if error else 0,
        "error_side": int(error.side) if error else 0,
        "error_size": error.size if error else np.nan,
        "error_onset_s": onset_s,
    }
    seen = observe(recording, variation, task.folder / "bodies", backend)
    partial = path.with_suffix(".partial.npz")
    np.savez_compressed(partial, **labels, **_compact(seen), image_size=seen.image_size)
    partial.replace(path)
    return path


def _variation(task: Task) -> Variation:
    drawing = 2 * task.drawing + task.constructed
    drawn = draw_variation(task.seed, task.subject, task.recording.name, drawing)
    return replace(drawn, limbs=task.limbs)


def draw_all(tasks: Sequence[Task], workers: int) -> Iterator[Path]:
    """Draw in several processes; yield the files as they are finished."""
    bodies = dict.fromkeys((_variation(task).phenotype, task.folder / "bodies") for task in tasks)
    for phenotype, folder in bodies:  # made once, before the processes need them
        load_body(phenotype, folder)
    # One process a core already; more threads would only wait for each other.
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=_open_backend) as pool:
        yield from pool.imap_unordered(_draw_in_process, tasks, chunksize=4)


def _compact(seen: Observation) -> dict[str, Any]:
    """Single precision is plenty for what is right to centimetres."""
    values = {name: getattr(seen, name) for name in ARRAYS}
    return {
        name: value.astype(np.float32)
        if value.dtype == np.float64 and name != "stamps_s"
        else value
        for name, value in values.items()
    }


_BACKENDS: list[PoseBackend] = []


def _open_backend() -> None:
    cv2.setNumThreads(1)
    gc.freeze()  # a picture makes thousands of lists; the modules need not be looked through
    _BACKENDS.append(open_backend(max_people=1))


def _draw_in_process(task: Task) -> Path:
    return draw(task, _BACKENDS[0])
