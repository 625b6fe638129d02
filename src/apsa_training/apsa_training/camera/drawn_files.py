"""Packed drawings: what the camera saw, the truth and the labels in one array file.

Frames are concatenated, ``offsets`` tells where each drawing begins, labels have one entry a
drawing. The file of a single drawing holds what the pose model saw; in a packed set the skeletons
are corrected, as the coach does it.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.model.codes import ErrorCode, Side
from apsa_perception.model.skeleton import CanonicalPose
from apsa_perception.pose.skeleton_correction import corrected
from apsa_training.camera.observation import Observation
from apsa_training.data.sequences import MotionData, MotionSequence

POSE_MODEL = "mediapipe_pose_full"
"""What drawn people are seen by; ``blazepose_full`` is the same model."""
MIN_SEEN_SHARE = 0.5
"""Drawings in which the person is found in fewer pictures are no use for training."""

ARRAYS = (
    "stamps_s",
    "seen",
    "positions",
    "pixels",
    "confidence",
    "observed",
    "truth",
    "true_pixels",
)
_LABELS = (
    "name", "subject", "family", "side", "correct", "is_patient", "yaw_deg", "pitch_deg", "fov_deg",
    "error", "error_side", "error_size", "error_onset_s",
)  # fmt: skip


def pack(paths: Sequence[Path], target: Path, correct: bool = True) -> int:
    """Join finished drawings into one array file; return how many are in it.

    Drawings in which the person was hardly found are left out.

    Args:
        paths: files of single drawings.
        target: the packed file.
        correct: whether to correct skeletons.
    """
    arrays: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in ARRAYS}
    labels: dict[str, list[object]] = {name: [] for name in _LABELS}
    sizes = []
    offsets = [0]
    for path in sorted(paths):
        with np.load(path, allow_pickle=False) as one:
            if one["seen"].mean() < MIN_SEEN_SHARE:
                continue
            for name in ARRAYS:
                arrays[name].append(
                    _corrected(one) if correct and name == "positions" else one[name]
                )
            for name in _LABELS:
                labels[name].append(one[name][()])
            sizes.append(one["image_size"])
            offsets.append(offsets[-1] + len(one["seen"]))
    if len(offsets) == 1:
        raise ValueError("nobody was found in any drawing")
    packed: dict[str, Any] = {"offsets": np.array(offsets), "image_size": np.array(sizes)}
    packed |= {name: np.concatenate(parts) for name, parts in arrays.items()}
    packed |= {name: np.array(values) for name, values in labels.items()}
    partial = target.with_suffix(".partial.npz")
    np.savez_compressed(partial, **packed)
    partial.replace(target)
    return len(offsets) - 1


def _corrected(one: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.float32]:
    """Positions of one drawing, corrected where a person was found."""
    seen, found = one["seen"], one["positions"].copy()
    width, height = one["image_size"].tolist()
    found[seen] = corrected(poses_of(one), stamps_ns_of(one), (width, height))
    return found


def poses_of(one: Mapping[str, npt.NDArray[Any]]) -> CanonicalPose:
    """Return ``(T, 20, ...)``: the poses of the frames of a single drawing with a person."""
    return CanonicalPose(**{name: one[name][one["seen"]] for name in CanonicalPose._fields})


def stamps_ns_of(one: Mapping[str, npt.NDArray[Any]]) -> list[int]:
    """Return the stamps of these frames."""
    stamps: list[int] = np.round(one["stamps_s"][one["seen"]] * 1e9).astype(np.int64).tolist()
    return stamps


@dataclass(frozen=True)
class Drawn(Observation):
    """An observation with the labels of what was drawn."""

    name: str
    subject: str
    family: str
    side: int
    correct: int
    is_patient: bool
    yaw_deg: float
    pitch_deg: float
    fov_deg: float
    error: int
    error_side: int
    error_size: float
    error_onset_s: float


def is_drawn(path: Path) -> bool:
    """Whether a file holds packed drawings."""
    try:
        with np.load(path, allow_pickle=False) as packed:
            return "true_pixels" in packed.files
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return False


def load_drawings(path: Path) -> Iterator[Drawn]:
    """Yield the drawings of a packed set."""
    with np.load(path, allow_pickle=False) as packed:
        arrays = {name: packed[name] for name in (*ARRAYS, *_LABELS, "offsets", "image_size")}
    for index, (start, stop) in enumerate(pairwise(arrays["offsets"])):
        yield Drawn(
            **{name: arrays[name][start:stop] for name in ARRAYS},
            **{name: arrays[name][index].item() for name in _LABELS},
            image_size=tuple(arrays["image_size"][index].tolist()),
        )


def load_drawn(path: Path) -> MotionData:
    """A packed set as motion data: what the camera saw, with the labels of the recordings.

    Frames without a person are left out.
    """
    sequences = tuple(sequence_of(drawn) for drawn in load_drawings(path))
    return MotionData(path.stem.partition("_camera")[0], sequences)


def sequence_of(drawn: Drawn) -> MotionSequence:
    """A drawing as a labelled recording, without the frames in which nobody was found."""
    seen = drawn.seen
    return MotionSequence(
        name=drawn.name,
        subject=drawn.subject,
        family=drawn.family,
        side=Side(drawn.side),
        correct=drawn.correct,
        is_patient=drawn.is_patient,
        positions=drawn.positions[seen].astype(np.float64),
        stamps_s=drawn.stamps_s[seen],
        confidence=drawn.confidence[seen].astype(np.float64),
        observed=drawn.observed[seen],
        faults=_faults(drawn.error),
        seen_by=POSE_MODEL,
        pixels=drawn.pixels[seen].astype(np.float64),
        image_size=drawn.image_size,
        camera_pitch_deg=drawn.pitch_deg,
    )


def _faults(code: int) -> dict[str, bool]:
    return {ErrorCode(code).name.lower(): True} if code else {}
