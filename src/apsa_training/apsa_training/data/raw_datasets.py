"""Importers of IRDS, UI-PRMD and KIMORE in their published formats (folders of text files).

An unreadable file is dropped and reported with the reason; the others are loaded.
"""

import gzip
import re
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from scipy.spatial.transform import Rotation

from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.kinect_joints import (
    KINECT_V2_JOINTS,
    KINECT_V2_NAMES,
    TRACKING_UNKNOWN,
    UI_PRMD_JOINTS,
    UI_PRMD_PARENTS,
)
from apsa_training.data.sequence_builders import (
    KinectRecording,
    UnusableError,
    irds_sequence,
    kimore_sequence,
    ui_prmd_sequence,
)
from apsa_training.data.sequences import MotionData, MotionSequence

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


def load_raw(folder: str | Path) -> tuple[MotionData, ...]:
    """Load all raw files below a folder; one result per data set found.

    Raises:
        ValueError: no file of a known data set.
    """
    folder = Path(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = tuple(
        data
        for data in (_irds(files), _ui_prmd(files), _kimore(files))
        if data.sequences or data.dropped
    )
    if not found:
        raise ValueError(f"{folder} has no raw files of IRDS, UI-PRMD or KIMORE")
    return found


def _irds(files: list[Path]) -> MotionData:
    """Prefer raw files, which have tracking states and time stamps, to simplified ones."""
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
            raise UnusableError(f"line {row + 2} does not have the 25 joints of Kinect v2")
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
                raise UnusableError("positions and angles have different numbers of frames")
            absolute = ui_prmd_absolute(offsets_cm, angles_deg)
            correct = match[4] is None
            sequences.append(ui_prmd_sequence(path.name, subject, movement, correct, absolute))
        except (UnusableError, ValueError, OSError, EOFError) as error:
            dropped.append((path.name, _sentence(error)))
    return MotionData("ui_prmd", tuple(sequences), tuple(dropped))


def ui_prmd_absolute(offsets_cm: FloatArray, angles_deg: FloatArray) -> FloatArray:
    """Absolute joints from offsets to the parent and Euler angles (a, b, c), ``(T, 22, 3)`` each.

    position(child) = position(parent) + G(parent) offset(child), G(joint) = G(parent) R(joint),
    R = Rz(c) Rx(a) Ry(b). The order Rz Ry Rx published with the data moves the ankles off the
    ground.
    """
    angles_zxy = angles_deg[..., [2, 0, 1]].reshape(-1, 3)
    rotation = Rotation.from_euler("ZXY", angles_zxy, degrees=True).as_matrix()
    local = rotation.reshape(*angles_deg.shape, 3)
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
                raise UnusableError("the folder is not <group>/<subject>/Es1..Es5")
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
            numbers = [float(value) for value in row if isinstance(value, int | float)]
            if len(numbers) >= 5 * len(_KIMORE_SCORES):
                picked = numbers[exercise - 1 :: 5]
                return dict(zip(_KIMORE_SCORES, picked, strict=False))
    return {}


def read_rows(path: Path) -> list[tuple[object, ...]]:
    """Cell values of the rows of the first sheet of a spreadsheet.

    Raises:
        ValueError: the file is not a readable spreadsheet.
    """
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return list(book.worksheets[0].iter_rows(values_only=True))
        finally:
            book.close()
    except (OSError, KeyError, ValueError, IndexError, BadZipFile, InvalidFileException) as error:
        raise ValueError(f"{path.name} is not a readable spreadsheet") from error


def _table(lines: list[str], columns: int) -> FloatArray:
    rows = []
    for number, line in enumerate(lines, start=1):
        fields = [field for field in line.strip().split(",") if field.strip()]
        if not fields:
            continue
        if len(fields) != columns:
            raise UnusableError(f"line {number} has {len(fields)} numbers; expected {columns}")
        try:
            rows.append([float(field) for field in fields])
        except ValueError as error:
            raise UnusableError(f"line {number} has a field that is not a number") from error
    if not rows:
        raise UnusableError("the file is empty")
    return np.array(rows)


def _sentence(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
