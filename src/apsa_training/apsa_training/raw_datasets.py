"""Importers of IRDS, UI-PRMD and KIMORE as their owners publish them (folders of text files).

A file that cannot be read is named with the reason and left out; the rest is loaded.
"""

import gzip
import re
from pathlib import Path

import numpy as np

from apsa_perception.model.skeleton import FloatArray
from apsa_training.build import (
    KinectRecording,
    UnusableError,
    irds_sequence,
    kimore_sequence,
    ui_prmd_sequence,
)
from apsa_training.kinect import (
    KINECT_V2_JOINTS,
    KINECT_V2_NAMES,
    TRACKING_UNKNOWN,
    UI_PRMD_JOINTS,
    UI_PRMD_PARENTS,
)
from apsa_training.sequences import MotionData, MotionSequence
from apsa_training.spreadsheet import read_rows

_IRDS_NAME = re.compile(r"(\d+)_(\d+)_(\d+)_(\d+)_(\d+)_([A-Za-z-]+)\.txt")
_IRDS_JOINT = re.compile(r"\((\w+),(\w+),([^,)]+),([^,)]+),([^,)]+),[^)]*\)")
_IRDS_TRACKING = {"NotTracked": 0, "Inferred": 1, "Tracked": 2}
_UI_PRMD_NAME = re.compile(r"m(\d+)_s(\d+)_e(\d+)_positions(_inc)?\.txt(\.gz)?")
_KIMORE_GROUPS = {
    "Expert": "expert",
    "NotExpert": "not_expert",
    "BackPain": "back_pain",
    "Parkinson": "parkinson",
    "Stroke": "stroke",
}
_KIMORE_SCORES = ("cTS", "cPO", "cCF")


def load_published(folder: str | Path) -> tuple[MotionData, ...]:
    """Load the published files below a folder, one result for each data set found.

    Raises:
        ValueError: there are none.
    """
    folder = Path(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = tuple(
        data
        for data in (_irds(files), _ui_prmd(files), _kimore(files))
        if data.sequences or data.dropped
    )
    if not found:
        raise ValueError(f"{folder} holds files of none of IRDS, UI-PRMD, KIMORE")
    return found


def _irds(files: list[Path]) -> MotionData:
    """Raw files, which know tracking and clock, win over simplified ones of the same name."""
    chosen: dict[str, Path] = {}
    for path in files:
        if _IRDS_NAME.fullmatch(path.name) and (
            path.name not in chosen or path.parent.name == "RawData"
        ):
            chosen[path.name] = path
    sequences, dropped = [], []
    for name, path in sorted(chosen.items()):
        match = _IRDS_NAME.fullmatch(name)
        assert match is not None
        subject, _, gesture, _, label = (int(part) for part in match.groups()[:5])
        try:
            recording = read_irds(path)
            sequences.append(irds_sequence(name, subject, gesture, label, recording))
        except (UnusableError, ValueError, OSError) as error:
            dropped.append((name, _sentence(error)))
    return MotionData("irds", tuple(sequences), tuple(dropped))


def read_irds(path: Path) -> KinectRecording:
    """Read a raw or a simplified IRDS file."""
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    lines = [line for line in lines if line.strip()]
    if not lines or not lines[0].startswith("Version"):
        table = _table(lines, 3 * KINECT_V2_JOINTS)
        tracking = np.full((len(table), KINECT_V2_JOINTS), TRACKING_UNKNOWN)
        return KinectRecording(table.reshape(-1, KINECT_V2_JOINTS, 3), tracking)
    joints = np.empty((len(lines) - 1, KINECT_V2_JOINTS, 3))
    tracking = np.empty((len(lines) - 1, KINECT_V2_JOINTS), dtype=int)
    clock = np.empty(len(lines) - 1)
    for row, line in enumerate(lines[1:]):
        found = _IRDS_JOINT.findall(line)
        if tuple(joint[0] for joint in found) != KINECT_V2_NAMES:
            raise UnusableError(f"line {row + 2} does not hold the 25 joints")
        clock[row] = float(line.split(",", 3)[2]) / 1000.0
        joints[row] = [[float(value) for value in joint[2:]] for joint in found]
        tracking[row] = [_IRDS_TRACKING[joint[1]] for joint in found]
    return KinectRecording(joints, tracking, clock)


def _ui_prmd(files: list[Path]) -> MotionData:
    sequences, dropped = [], []
    for path in files:
        match = _UI_PRMD_NAME.fullmatch(path.name)
        if match is None or path.parent.name != "Positions" or "Kinect" not in path.parts:
            continue
        movement, subject = int(match[1]), int(match[2])
        angles = path.parent.with_name("Angles") / path.name.replace("positions", "angles")
        try:
            offsets_cm, angles_deg = _read_ui_prmd(path), _read_ui_prmd(angles)
            if offsets_cm.shape != angles_deg.shape:
                raise UnusableError("positions and angles differ in length")
            absolute = ui_prmd_absolute(offsets_cm, angles_deg)
            correct = match[4] is None
            sequences.append(ui_prmd_sequence(path.name, subject, movement, correct, absolute))
        except (UnusableError, ValueError, OSError, EOFError) as error:
            dropped.append((path.name, _sentence(error)))
    return MotionData("ui_prmd", tuple(sequences), tuple(dropped))


def ui_prmd_absolute(offsets_cm: FloatArray, angles_deg: FloatArray) -> FloatArray:
    """Absolute joints from offsets to the parent and Euler angles (a, b, c), ``(T, 22, 3)`` each.

    position(child) = position(parent) + G(parent) offset(child), G(joint) = G(parent) R(joint),
    R = Rz(c) Rx(a) Ry(b). The order Rz Ry Rx that circulates with the data lets the ankles float.
    """
    a, b, c = np.moveaxis(np.deg2rad(angles_deg), -1, 0)
    local = _turn(c, 2) @ _turn(a, 0) @ _turn(b, 1)
    total = np.empty_like(local)
    absolute = np.empty_like(offsets_cm)
    for joint, parent in enumerate(UI_PRMD_PARENTS):
        if parent < 0:
            total[:, joint], absolute[:, joint] = local[:, joint], offsets_cm[:, joint]
            continue
        total[:, joint] = total[:, parent] @ local[:, joint]
        step = (total[:, parent] @ offsets_cm[:, joint, :, None])[..., 0]
        absolute[:, joint] = absolute[:, parent] + step
    return absolute


def _turn(angle: FloatArray, axis: int) -> FloatArray:
    i, j = (axis + 1) % 3, (axis + 2) % 3
    turn = np.zeros((*angle.shape, 3, 3))
    turn[..., axis, axis] = 1.0
    turn[..., i, i] = turn[..., j, j] = np.cos(angle)
    turn[..., j, i], turn[..., i, j] = np.sin(angle), -np.sin(angle)
    return turn


def _read_ui_prmd(path: Path) -> FloatArray:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = data.decode("ascii", errors="replace").splitlines()
    return _table(lines, 3 * UI_PRMD_JOINTS).reshape(-1, UI_PRMD_JOINTS, 3)


def _kimore(files: list[Path]) -> MotionData:
    sequences: list[MotionSequence] = []
    dropped: list[tuple[str, str]] = []
    for path in files:
        if not path.name.startswith("JointPosition") or path.parent.name != "Raw":
            continue
        exercise_folder = path.parent.parent
        subject, group = exercise_folder.parent.name, exercise_folder.parent.parent.name
        name = f"{group}/{subject}/{exercise_folder.name}"
        try:
            number = int(exercise_folder.name.removeprefix("Es"))
            if group not in _KIMORE_GROUPS or not 1 <= number <= 5:
                raise UnusableError("not in a folder group/subject/Es1..Es5")
            lines = path.read_text(encoding="ascii", errors="replace").splitlines()
            table = _table(lines, 4 * KINECT_V2_JOINTS).reshape(-1, KINECT_V2_JOINTS, 4)
            recording = KinectRecording(table[..., :3], table[..., 3].astype(int))
            scores = _kimore_scores(exercise_folder / "Label", number)
            sequences.append(
                kimore_sequence(subject, _KIMORE_GROUPS[group], number, recording, scores, {})
            )
        except (UnusableError, ValueError, OSError) as error:
            dropped.append((name, _sentence(error)))
    return MotionData("kimore", tuple(sequences), tuple(dropped))


def _kimore_scores(folder: Path, exercise: int) -> dict[str, float]:
    """Scores of one exercise: columns 1-5 total, 6-10 primary outcome, 11-15 control factor."""
    for path in sorted(folder.glob("ClinicalAssessment*.xlsx")):
        for row in reversed(read_rows(path)):
            numbers = [value for value in row if isinstance(value, float)]
            if len(numbers) >= 5 * len(_KIMORE_SCORES):
                picked = numbers[exercise - 1 :: 5]
                return dict(zip(_KIMORE_SCORES, picked, strict=False))
    return {}


def _table(lines: list[str], columns: int) -> FloatArray:
    rows = []
    for number, line in enumerate(lines, start=1):
        fields = [field for field in line.strip().split(",") if field.strip()]
        if not fields:
            continue
        if len(fields) != columns:
            raise UnusableError(f"line {number} has {len(fields)} numbers, not {columns}")
        try:
            rows.append([float(field) for field in fields])
        except ValueError as error:
            raise UnusableError(f"line {number} holds something that is no number") from error
    if not rows:
        raise UnusableError("the file is empty")
    return np.array(rows)


def _sentence(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
