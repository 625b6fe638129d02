"""Parametric bodies: rest mesh, joint centres and skinning weights of 15 rigid segments.

The mesh comes from ``anny`` (Apache-2.0, its MakeHuman assets CC0), which is needed only to make a
body. Posing and skinning are our own: 15 segments instead of 104 bones, 20 times faster.
"""

import os
import warnings
from dataclasses import astuple, dataclass
from enum import IntEnum, auto
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray


class Segment(IntEnum):
    """Rigid parts that the body is posed by."""

    PELVIS = 0
    CHEST = auto()
    HEAD = auto()
    LEFT_CLAVICLE = auto()
    RIGHT_CLAVICLE = auto()
    LEFT_UPPER_ARM = auto()
    RIGHT_UPPER_ARM = auto()
    LEFT_FOREARM = auto()
    RIGHT_FOREARM = auto()
    LEFT_THIGH = auto()
    RIGHT_THIGH = auto()
    LEFT_SHANK = auto()
    RIGHT_SHANK = auto()
    LEFT_FOOT = auto()
    RIGHT_FOOT = auto()


_SEGMENT_OF_BONE = {
    "root": "PELVIS", "pelvis": "PELVIS", "spine05": "PELVIS", "spine04": "PELVIS",
    "spine03": "CHEST", "spine02": "CHEST", "spine01": "CHEST",
    "neck": "HEAD", "head": "HEAD", "eye": "HEAD", "clavicle": "CLAVICLE", "shoulder": "CLAVICLE",
    "upperarm": "UPPER_ARM", "lowerarm": "FOREARM", "wrist": "FOREARM", "finger": "FOREARM",
    "metacarpal": "FOREARM", "upperleg": "THIGH", "lowerleg": "SHANK", "foot": "FOOT",
    "toe": "FOOT",
}  # fmt: skip
_SIDES = {"L": "LEFT_", "R": "RIGHT_"}
_BONE_OF_JOINT = {
    Joint.SPINE: "spine02", Joint.HEAD: "head",
    Joint.LEFT_SHOULDER: "upperarm01.L", Joint.LEFT_ELBOW: "lowerarm01.L",
    Joint.LEFT_WRIST: "wrist.L", Joint.LEFT_HAND: "finger3-1.L",
    Joint.LEFT_HIP: "upperleg01.L", Joint.LEFT_KNEE: "lowerleg01.L",
    Joint.LEFT_ANKLE: "foot.L", Joint.LEFT_FOOT: "toe2-1.L",
}  # fmt: skip


@dataclass(frozen=True)
class Phenotype:
    """What a person looks like, each 0..1 as ``anny`` has it.

    Attributes:
        gender: 0 male to 1 female.
        age: about 0.33 a child, 0.67 a young adult, 1 an old person.
        muscle: how muscular.
        weight: how heavy.
        height: how tall for the age.
        proportions: from uncommon to ideal.
    """

    gender: float = 0.5
    age: float = 0.67
    muscle: float = 0.5
    weight: float = 0.5
    height: float = 0.5
    proportions: float = 0.5


@dataclass(frozen=True)
class Body:
    """A person at rest, in laboratory axes, standing on z = 0.

    Attributes:
        vertices: ``(V, 3)`` metres.
        quads: ``(Q, 4)`` vertices of each face.
        weights: ``(V, 15)`` share of each segment in a vertex, rows sum to 1.
        joints: ``(20, 3)`` joint centres.
    """

    vertices: FloatArray
    quads: npt.NDArray[np.intp]
    weights: FloatArray
    joints: FloatArray


def load_body(phenotype: Phenotype, folder: Path) -> Body:
    """Return a body, from ``folder`` if it was made before, else made and stored there.

    Raises:
        ImportError: ``anny`` is not installed.
    """
    name = "_".join(f"{round(100 * value):03d}" for value in astuple(phenotype))
    path = folder / f"body_{name}.npz"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _store(_make_body(phenotype, folder), path)
    with np.load(path) as stored:
        return Body(
            vertices=stored["vertices"].astype(np.float64),
            quads=stored["quads"].astype(np.intp),
            weights=stored["weights"] / stored["weights"].sum(axis=1, keepdims=True, dtype=float),
            joints=stored["joints"].astype(np.float64),
        )


def simplified(body: Body, cell_m: float) -> Body:
    """Merge the vertices of each cell of a grid, for pictures that cannot show more.

    Vertices of different segments are never merged, so that the body still bends where it did.

    Args:
        body: any body.
        cell_m: side of the cells in metres.
    """
    segment = body.weights.argmax(axis=1)
    cells = np.column_stack([np.floor(body.vertices / cell_m).astype(np.int64), segment])
    _, first, cell_of = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    quads = cell_of.reshape(-1)[body.quads]
    corners = np.sort(quads, axis=1)
    faces = quads[(np.diff(corners, axis=1) != 0).sum(axis=1) >= 2]
    return Body(body.vertices[first], faces, body.weights[first], body.joints)


def _store(body: Body, path: Path) -> None:
    """Write a body, small enough to ship: 0.03 mm and 1/255 of a weight."""
    partial = path.with_suffix(f".{os.getpid()}.partial.npz")
    np.savez_compressed(
        partial,
        vertices=np.round(body.vertices * 32768).astype(np.int32) / np.float32(32768),
        quads=body.quads.astype(np.uint16),
        weights=np.round(body.weights * 255).astype(np.uint8),
        joints=body.joints,
    )
    partial.replace(path)


def _make_body(phenotype: Phenotype, folder: Path) -> Body:
    import torch

    model = _body_model(folder)
    with torch.no_grad():
        made = model(phenotype_kwargs=vars(phenotype))
    vertices = _facing_x(made["rest_vertices"][0].numpy())
    heads = _facing_x(made["rest_bone_heads"][0].numpy())
    floor = vertices[:, 2].min()
    vertices[:, 2] -= floor
    heads[:, 2] -= floor
    names = list(model.bone_labels)
    segments = np.array([_segment_of(name) for name in names])
    bones, shares = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy()
    weights = np.zeros((len(vertices), len(Segment)))
    rows = np.repeat(np.arange(len(vertices)), bones.shape[1])
    np.add.at(weights, (rows, segments[bones].ravel()), shares.ravel())
    weights /= weights.sum(axis=1, keepdims=True)
    return Body(vertices, _quads(model.faces.numpy()), weights, _joints(heads, names))


@cache
def _body_model(folder: Path) -> Any:
    """The parametric model; making it takes minutes, loading a made one a moment."""
    os.environ.setdefault("ANNY_CACHE_DIR", str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it falls back to its own skinning
        from anny import Anny

        return Anny()


def _facing_x(points: npt.NDArray[np.floating]) -> FloatArray:
    """From the model's axes (facing -y, left x, z up) to those of the laboratory."""
    return np.stack([-points[:, 1], points[:, 0], points[:, 2]], axis=-1).astype(np.float64)


def _segment_of(bone: str) -> Segment:
    name, _, side = bone.partition(".")
    part = next(part for start, part in _SEGMENT_OF_BONE.items() if name.startswith(start))
    one_sided = part not in Segment.__members__
    return Segment[_SIDES[side] + part if one_sided else part]


def _quads(triangles: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
    """Undo the triangulation: triangles ``2 i`` and ``2 i + 1`` are the halves of a quad."""
    first, second = triangles[0::2], triangles[1::2]
    inside = (second[:, :, None] == first[:, None, :]).any(axis=2)
    if not (inside.sum(axis=1) == 2).all():
        raise ValueError("the faces of the body model are not pairs of triangles")
    other = second[~inside]
    shared = (first[:, :, None] == second[:, None, :]).any(axis=2)
    lone = (~shared).argmax(axis=1)
    rows = np.arange(len(first))
    return np.stack(
        [first[rows, lone], first[rows, (lone + 1) % 3], other, first[rows, (lone + 2) % 3]], axis=1
    ).astype(np.intp)


def _joints(heads: FloatArray, names: list[str]) -> FloatArray:
    joints = np.empty((JOINT_COUNT, 3))
    for joint, bone in _BONE_OF_JOINT.items():
        joints[joint] = heads[names.index(bone)]
        if joint.name.startswith("LEFT_"):
            right = Joint[joint.name.replace("LEFT_", "RIGHT_")]
            joints[right] = heads[names.index(bone.removesuffix("L") + "R")]
    joints[Joint.PELVIS] = (joints[Joint.LEFT_HIP] + joints[Joint.RIGHT_HIP]) / 2
    joints[Joint.NECK] = heads[[names.index("clavicle.L"), names.index("clavicle.R")]].mean(axis=0)
    return joints
