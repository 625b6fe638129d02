"""Importer of the packed array files (``irds.npz``, ``kimore.npz``, ``ui_prmd_kinect.npz``)."""

import zipfile
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsa_training.data.sequence_builders import (
    KinectRecording,
    UnusableError,
    irds_sequence,
    kimore_sequence,
    ui_prmd_sequence,
)
from apsa_training.data.sequences import MotionData, MotionSequence

Arrays = Mapping[str, npt.NDArray[np.generic]]


def load_packed(path: str | Path) -> MotionData:
    """Load a packed file of IRDS, KIMORE or UI-PRMD, recognised by its arrays.

    Raises:
        ValueError: the file is missing, damaged or has another layout.
    """
    path = Path(path)
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise ValueError(f"data file {path} not found") from error
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a readable array file (.npz): {error}") from error
    if "joints_planes" not in arrays or "offsets" not in arrays:
        raise ValueError(f"{path} is not a packed motion file: joints_planes or offsets is missing")
    for mark, source, build in (
        ("gesture", "irds", _irds),
        ("squat_errors", "kimore", _kimore),
        ("movement", "ui_prmd", _ui_prmd),
    ):
        if mark in arrays:
            return _load(source, arrays, build)
    raise ValueError(f"{path} is no known data set; expected one of irds, kimore, ui_prmd")


def unpack_joints(planes: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Decode byte planes: ``(4, 3 J, T)`` uint8 -> ``(T, J, 3)`` float32."""
    values = np.ascontiguousarray(planes.transpose(1, 2, 0)).view("<f4")[..., 0].T
    return np.ascontiguousarray(values.reshape(-1, planes.shape[1] // 3, 3))


Build = Callable[[Arrays, int, slice, npt.NDArray[np.float32]], MotionSequence]


def _load(source: str, arrays: Arrays, build: Build) -> MotionData:
    joints = unpack_joints(arrays["joints_planes"].astype(np.uint8, copy=False))
    offsets = arrays["offsets"].astype(int).tolist()
    sequences, dropped = [], []
    for i, (start, stop) in enumerate(pairwise(offsets)):
        try:
            sequences.append(build(arrays, i, slice(start, stop), joints[start:stop]))
        except UnusableError as error:
            dropped.append((str(arrays["file_name"][i]), str(error)))
    return MotionData(source, tuple(sequences), tuple(dropped))


def _irds(arrays: Arrays, i: int, frames: slice, joints: npt.NDArray[np.float32]) -> MotionSequence:
    clock = arrays["time_ms"][frames].astype(np.float64) / 1000.0
    return irds_sequence(
        str(arrays["file_name"][i]),
        int(arrays["subject"][i]),
        int(arrays["gesture"][i]),
        int(arrays["label"][i]),
        KinectRecording(joints, arrays["tracking"][frames].astype(int), clock),
    )


def _kimore(
    arrays: Arrays, i: int, frames: slice, joints: npt.NDArray[np.float32]
) -> MotionSequence:
    scores = zip(arrays["score_names"], arrays["scores"][i].astype(np.float64), strict=True)
    faults = zip(arrays["squat_error_names"], arrays["squat_errors"][i].astype(int), strict=True)
    return kimore_sequence(
        str(arrays["subject"][i]),
        str(arrays["group"][i]),
        int(arrays["exercise"][i]),
        KinectRecording(joints, arrays["tracking"][frames].astype(int)),
        {str(name): float(value) for name, value in scores if np.isfinite(value)},
        {str(name): bool(value) for name, value in faults if value >= 0},
    )


def _ui_prmd(
    arrays: Arrays, i: int, frames: slice, joints: npt.NDArray[np.float32]
) -> MotionSequence:
    return ui_prmd_sequence(
        str(arrays["file_name"][i]),
        int(arrays["subject"][i]),
        int(arrays["movement"][i]),
        bool(arrays["correct"][i]),
        joints,
    )
