"""Header and checksum of weight files; needs no torch, whose import takes seconds."""

import hashlib
import json
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apsa_perception.apsa.domain import Domain
from apsa_perception.biomechanics.view import ALL_VIEWS, View

FORMAT = 3
"""Version of the header."""

HEADER_KEY = "apsa"
"""Key of the model's metadata in the header of a safetensors file."""

CHECKSUM_KEY = "sha256"
"""Key of the checksum beside it."""

_METADATA = "__metadata__"

_KINDS: dict[str, type[object]] = {
    "name": str,
    "version": str,
    "exercises": list,
    "families": list,
    "ignored": dict,
    "alike": list,
    "network": dict,
    "recognition": dict,
    "limits": dict,
    "sources": dict,
    "uncertain_band": float,
    "training": dict,
}
"""Types of the values of the model's metadata."""


def checksum(content: bytes) -> str:
    """Return the SHA-256 of a safetensors file without the checksum in it.

    Args:
        content: the whole file; the header may be in any order.

    Raises:
        ValueError: it is no safetensors file.
    """
    header, tensors = _split(content)
    metadata = {key: value for key, value in _metadata(header).items() if key != CHECKSUM_KEY}
    canonical = json.dumps({**header, _METADATA: metadata}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode() + b"\0" + tensors).hexdigest()


def read_weight_file(path: Path) -> tuple[dict[str, Any], bytes]:
    """Return the model's metadata and the checked content of a weight file.

    Raises:
        ValueError: the file is damaged or no model of this version; one sentence.
    """
    if not path.is_file():
        raise ValueError(f"model file {path} not found")
    try:
        content = path.read_bytes()
        stated = _metadata(_split(content)[0])
    except (OSError, ValueError, RecursionError) as error:
        raise ValueError(f"{path} cannot be read as a safetensors file: {error}") from error
    text = stated.get(HEADER_KEY)
    if not isinstance(text, str):
        raise ValueError(f"{path} is not an APSA model: it has no header {HEADER_KEY!r}")
    if CHECKSUM_KEY not in stated:
        raise ValueError(f"{path} has no checksum; write it again with this version of APSA")
    if stated[CHECKSUM_KEY] != checksum(content):
        raise ValueError(f"{path} is damaged: its checksum does not fit; copy it again")
    try:
        return _checked(json.loads(text)), content
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} does not match this version of APSA: {error}") from error


def judged_views(header: Mapping[str, Any], family: str, source: str) -> frozenset[View]:
    """Return the views from which a network judges a family in skeletons of a source.

    Args:
        header: the metadata of its file.
        family: exercise without its side.
        source: as in ``Skeleton3D.source``; one that is not known counts as a depth sensor.
    """
    domain = named_domain(header["sources"], source) or Domain.DEPTH_SENSOR
    limits = header["limits"][domain]
    if family not in limits["judged"]:
        return frozenset()
    return frozenset(map(View, limits.get("views", {}).get(family, ALL_VIEWS)))


def named_domain(sources: Mapping[str, str], source: str) -> Domain | None:
    """Return the domain of a source by the beginning of its name; None: it is not known."""
    known = (Domain(name) for start, name in sources.items() if source.startswith(start))
    return next(known, None)


def _split(content: bytes) -> tuple[dict[str, Any], bytes]:
    """The header, and the bytes of the tensors."""
    if len(content) < 8:
        raise ValueError("it is too short")
    (length,) = struct.unpack_from("<Q", content)
    if length > len(content) - 8:
        raise ValueError("its header is incomplete")
    header = json.loads(content[8 : 8 + length])
    if not isinstance(header, dict):
        raise ValueError("its header is not an object")
    return header, content[8 + length :]


def _metadata(header: dict[str, Any]) -> dict[str, Any]:
    metadata = header.get(_METADATA, {})
    return metadata if isinstance(metadata, dict) else {}


def _checked(values: Any) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise ValueError("the header is not an object")
    if values.get("format") != FORMAT:
        raise ValueError(f"the format is {values.get('format')!r}; expected {FORMAT}")
    for key, kind in _KINDS.items():
        value = values.get(key)
        if not isinstance(float(value) if type(value) is int else value, kind):
            found = type(value).__name__
            raise ValueError(f"{key} in the header is {found}; expected {kind.__name__}")
    names = [*values["exercises"], *values["families"]]
    if not values["exercises"] or not all(isinstance(name, str) for name in names):
        raise ValueError("exercises and families in the header are not lists of names")
    for domain in Domain:
        limits = values["limits"].get(domain)
        if not isinstance(limits, dict):
            raise ValueError(f"the header has no limits for {domain}")
        numbers = [limits.get("slope"), values["uncertain_band"]]
        for limit in ("novelty", "likeness"):
            one_each = limits.get(f"{limit}_limits")
            if not isinstance(one_each, list) or len(one_each) != len(values["families"]):
                raise ValueError(f"the header does not have one {limit} limit for each family")
            numbers += one_each
        if not all(isinstance(each, int | float) and math.isfinite(each) for each in numbers):
            raise ValueError("a number in the header is not finite")
        judged = limits.get("judged")
        if not isinstance(judged, list) or not set(judged) <= set(values["families"]):
            raise ValueError(f"the families judged by {domain} in the header are not families")
        _check_views(limits.get("views", {}), judged)
    return values


def _check_views(views: Any, judged: list[str]) -> None:
    if not isinstance(views, dict) or not set(views) <= set(judged):
        raise ValueError("the views in the header are not those of families that are judged")
    for family, names in views.items():
        if not isinstance(names, list) or not names or not ALL_VIEWS.issuperset(names):
            expected = ", ".join(sorted(ALL_VIEWS))
            raise ValueError(f"the views of {family} in the header are not some of {expected}")
