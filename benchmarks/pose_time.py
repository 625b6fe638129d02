"""Time of the pose model by its size, and by the number of people: the sample's, side by side."""

import contextlib
import statistics
import time
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.pose.backend import POSE_MODELS, PoseBackend
from apsa_perception.pose.litert_backend import LiteRtBackend
from apsa_perception.sources.video import VideoReader

COUNTS = (1, 2, 4)
FRAMES = 60
ROUNDS = 3
COLUMN_PX = (240, 540)


def processor_ms(clip: Path, people: int, limit: int) -> tuple[float, float]:
    """Measure the model on a number of people.

    Args:
        clip: a clip of one person in the middle.
        people: how many copies of them are side by side.
        limit: how many people the model may find.

    Returns:
        Milliseconds of processor time a frame, and how many people were found, on average.
    """
    backend = LiteRtBackend(max_people=limit)
    busy, found = 0.0, 0
    with VideoReader(clip, decoding_threads=1) as video:
        for stamp_ns, rgb in islice(video, FRAMES):
            half = round(rgb.shape[0] * COLUMN_PX[0] / COLUMN_PX[1] / 2)
            middle = rgb.shape[1] // 2
            column = cv2.resize(rgb[:, middle - half : middle + half], COLUMN_PX)
            picture = np.zeros((COLUMN_PX[1], COLUMN_PX[0] * max(COUNTS), 3), np.uint8)
            for place in range(people):
                across = round((place + 0.5) * picture.shape[1] / people - COLUMN_PX[0] / 2)
                picture[:, across : across + COLUMN_PX[0]] = column
            before = time.process_time()
            found += len(backend.detect(picture, stamp_ns))
            busy += time.process_time() - before
    backend.close()
    return 1e3 * busy / FRAMES, found / FRAMES


def pose_ms_by_people(clip: Path) -> dict[str, dict[str, float]]:
    """Return the time of the pose model by the number of people in view."""
    figures = {}
    for people in COUNTS:
        busy, found = processor_ms(clip, people, max(COUNTS))
        figures[str(people)] = {"ms_per_frame": round(busy, 2), "people_found": round(found, 2)}
    busy, _ = processor_ms(clip, 1, 1)
    return {**figures, "1, the only one searched for": {"ms_per_frame": round(busy, 2)}}


def pose_ms_by_model(clip: Path) -> dict[str, float]:
    """Return the time of each model on one person in ms a frame: the median of rounds in turn.

    MediaPipe, with its full model, is among them where it is installed.
    """
    backends: dict[str, PoseBackend] = {name: LiteRtBackend(name) for name in POSE_MODELS}
    with contextlib.suppress(ImportError):
        from apsa_perception.pose.mediapipe_backend import MediaPipeBackend

        backends["mediapipe"] = MediaPipeBackend()
    with VideoReader(clip, decoding_threads=1) as video:
        pictures = list(islice(video, FRAMES))
    busy: dict[str, list[float]] = {name: [] for name in backends}
    for _ in range(ROUNDS):
        for name, backend in backends.items():
            backend.reset()
            busy[name].append(_processor_ms(backend, pictures))
    for backend in backends.values():
        backend.close()
    return {name: round(statistics.median(each), 2) for name, each in busy.items()}


def _processor_ms(backend: PoseBackend, pictures: list[tuple[int, RgbImage]]) -> float:
    before = time.process_time()
    for stamp_ns, rgb in pictures:
        backend.detect(rgb, stamp_ns)
    return 1e3 * (time.process_time() - before) / len(pictures)
