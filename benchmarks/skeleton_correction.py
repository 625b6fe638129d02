"""Errors of skeletons as the pose model sees them and corrected.

python benchmarks/skeleton_correction.py [--drawn DIR] [--media DIR] [--model MODEL] --json OUT

``--drawn``: single drawings of ``make camera``, such as ``runs/camera/irds``, whose true joints are
known. ``--media``: clips of real people, of which lengths of bones and jumps can be checked, and a
person in four calibrated cameras (``balance_4cam``), whose joints were triangulated. ``--model``:
size of the pose model that sees the clips; drawings were seen when they were made.
"""

import argparse
import csv
import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from body_limits import foot_slide, out_of_range
from tqdm import tqdm

from apsa_perception.apsa.refinement import normalised
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.pose.backend import DEFAULT_MODEL, POSE_MODELS, open_backend
from apsa_perception.pose.bone_lengths import BONE_VECTORS
from apsa_perception.pose.estimator import PoseEstimator
from apsa_perception.pose.skeleton_correction import corrected
from apsa_perception.sources.video import VideoReader
from apsa_training.camera.drawn_files import MIN_SEEN_SHARE, poses_of, stamps_ns_of
from apsa_training.data.provenance import provenance, strict
from apsa_training.evaluation.refinement_figures import ANGLES, angles

YAW_DEG = (0.0, 20.0, 40.0, 65.0, 90.0)
CAMERAS = ("cam01", "cam02", "cam03", "cam04")
_HIPS = [Joint.LEFT_HIP, Joint.RIGHT_HIP]
_LIMBS = [
    Joint[f"{side}_{part}"]
    for side in ("LEFT", "RIGHT")
    for part in ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")
]

Figures = dict[str, float]


class Recording(NamedTuple):
    """One person: ``(T, 20, ...)`` as in ``CanonicalPose``, numbers and stamps of the pictures."""

    poses: CanonicalPose
    frames: npt.NDArray[np.int64]
    stamps_ns: list[int]
    image_size: tuple[int, int]


def errors(joints: FloatArray, truth: FloatArray) -> Figures:
    """Mean absolute errors: joints of the limbs in millimetres, angles in degrees."""
    difference = (joints - truth)[:, _LIMBS]
    found = {
        "joint_mm": 1e3 * float(np.linalg.norm(difference, axis=-1).mean()),
        "across_mm": 1e3 * float(np.linalg.norm(difference[..., :2], axis=-1).mean()),
        "depth_mm": 1e3 * float(np.abs(difference[..., 2]).mean()),
    }
    for name in ANGLES:
        off = np.abs(angles(joints, name) - angles(truth, name))
        found[f"{name}_deg"] = float(off.mean())
    return found


def from_hips(joints: FloatArray) -> FloatArray:
    """The joints from the middle of the hips."""
    return np.asarray(joints - joints[:, _HIPS].mean(axis=1, keepdims=True))


def drawn_figures(folder: Path) -> dict[str, Any]:
    """Errors on drawn people, in all and by the camera's direction; each drawing counts the same.

    The size of the body, which one picture does not tell, is set to the true one.
    """
    kinds: tuple[str, ...] = ("seen", "corrected")
    rows: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    yaw, frames, spent_s = [], 0, 0.0
    for path in tqdm(sorted(folder.glob("*_drawn_*.npz")), unit="drawing", disable=None):
        with np.load(path, allow_pickle=False) as one:
            if one["seen"].mean() < MIN_SEEN_SHARE:
                continue
            poses, stamps_ns = poses_of(one), stamps_ns_of(one)
            width, height = one["image_size"].tolist()
            truth = from_hips(one["truth"][one["seen"]].astype(float))
            yaw.append(abs(float(one["yaw_deg"])))
        size_m = float(np.median(normalised(truth)[0]))
        began = time.perf_counter()
        moved = corrected(poses, stamps_ns, (width, height))
        spent_s += time.perf_counter() - began
        frames += len(stamps_ns)
        for kind, joints in zip(kinds, (poses.positions, moved), strict=True):
            limits = out_of_range(joints, poses)
            limits |= foot_slide(joints, poses, stamps_ns, (width, height))
            rows[kind].append(errors(normalised(joints)[1] * size_m, truth) | limits)
    bins = {f"{a:g}-{b:g}": (a, b) for a, b in pairwise(YAW_DEG)}
    turned = np.array(yaw)
    return {
        "drawings": len(turned),
        "frames": frames,
        "ms_per_frame": 1e3 * spent_s / frames,
        "all": {kind: _mean(rows[kind]) for kind in kinds},
        "by_yaw_deg": {
            name: {
                kind: _mean([rows[kind][i] for i in np.flatnonzero((turned >= a) & (turned < b))])
                for kind in kinds
            }
            for name, (a, b) in bins.items()
        },
    }


def clip_figures(folder: Path, model: str) -> dict[str, dict[str, Figures]]:
    """What can be checked of real people: variation of bones, jitter and jumps."""
    found = {}
    for path in sorted(folder.glob("*.mp4")):
        recording = _seen(path, model)
        if recording is None:
            continue
        moved = corrected(recording.poses, recording.stamps_ns, recording.image_size)
        found[path.stem] = {
            "seen": _steadiness(recording.poses.positions, recording),
            "corrected": _steadiness(moved, recording),
        }
    return found


def four_camera_figures(folder: Path, model: str) -> dict[str, dict[str, Figures]]:
    """Errors of each camera against the triangulated reference."""
    with (folder / "reference_3d.csv").open() as file:
        rows = list(csv.DictReader(file))
    world = np.zeros((len(rows), JOINT_COUNT, 3))
    for joint in _LIMBS:
        world[:, joint] = [[float(r[f"{joint.name.lower()}_{a}"]) for a in "xyz"] for r in rows]
    cameras = json.loads((folder / "cameras.json").read_text())["cameras"]
    found = {}
    for camera in CAMERAS:
        path = folder / f"{camera}.mp4"
        recording = _seen(path, model)
        if recording is None:
            raise ValueError(f"nobody was found in {path}")
        usable = recording.frames < len(world)
        rotation = np.array(cameras[camera]["R_world_to_camera"])
        truth = world[recording.frames[usable]] @ rotation.T
        moved = corrected(recording.poses, recording.stamps_ns, recording.image_size)
        found[camera] = {
            kind: errors(from_hips(joints)[usable], from_hips(truth)) | _limits(joints, recording)
            for kind, joints in (("seen", recording.poses.positions), ("corrected", moved))
        }
    return found


def _seen(path: Path, model: str) -> Recording | None:
    """The person with the lowest number in a clip, not corrected; None if nobody is there long."""
    estimator = PoseEstimator(open_backend(model=model), corrected=False)
    with VideoReader(path) as video:
        people = [estimator.process(rgb, stamp_ns) for stamp_ns, rgb in video]
    estimator.close()
    found = [(frame, each[0]) for frame, each in enumerate(people) if each]
    found = [(frame, one) for frame, one in found if one.body_id == found[0][1].body_id]
    if len(found) < 0.5 * len(people):
        return None
    frames, bodies = zip(*found, strict=True)
    poses = CanonicalPose(
        *(np.stack([getattr(one, name) for one in bodies]) for name in CanonicalPose._fields)
    )
    stamps_ns = [one.stamp_ns for one in bodies]
    return Recording(poses, np.array(frames), stamps_ns, bodies[0].image_size)


def _limits(joints: FloatArray, recording: Recording) -> Figures:
    slide = foot_slide(joints, recording.poses, recording.stamps_ns, recording.image_size)
    return out_of_range(joints, recording.poses) | slide


def _steadiness(joints: FloatArray, recording: Recording) -> Figures:
    observed = recording.poses.observed
    lengths = np.linalg.norm(BONE_VECTORS @ joints, axis=-1)
    variation = []
    for column, ends in zip(lengths.T, np.abs(BONE_VECTORS).astype(bool), strict=True):
        both = observed[:, ends].all(axis=1)
        if both.mean() > 0.5:
            variation.append(column[both].std() / column[both].mean())
    steady = observed[1:] & observed[:-1]
    steps = np.linalg.norm(np.diff(joints, axis=0), axis=-1)
    bends = np.linalg.norm(np.diff(joints, n=2, axis=0), axis=-1)
    return {
        "bone_variation_percent": 100.0 * float(np.mean(variation)),
        "jitter_mm": 1e3 * float(np.median(bends[steady[1:]])),
        "largest_step_mm": 1e3 * float(np.percentile(steps[steady], 99.5)),
        **_limits(joints, recording),
    }


def _mean(rows: list[Figures]) -> Figures:
    """Mean of each figure over the rows that have it."""
    names = {name: None for row in rows for name in row}
    return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}


def main(argv: list[str] | None = None) -> int:
    """Measure, print and write the figures; return the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="python benchmarks/skeleton_correction.py")
    parser.add_argument("--drawn", type=Path, help="folder of single drawings")
    parser.add_argument("--media", type=Path, help="folder of clips")
    parser.add_argument("--model", choices=POSE_MODELS, default=DEFAULT_MODEL)
    parser.add_argument("--json", type=Path, required=True, help="where to write the figures")
    options = parser.parse_args(arguments)
    if not options.drawn and not options.media:
        parser.error("nothing to measure: expected --drawn, --media or both")
    report = provenance("benchmarks.skeleton_correction", arguments)
    if options.drawn:
        report["drawn"] = drawn_figures(options.drawn)
    if options.media:
        report["clips"] = clip_figures(options.media, options.model)
        report["four_cameras"] = four_camera_figures(options.media / "balance_4cam", options.model)
    text = json.dumps(strict(report), indent=1)
    options.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
