"""Bags with the message definitions of another version, serialized without ROS."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from rosbags.interfaces import Nodetype
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from support.bag_writer import BagWriter, read_definitions
from support.paths import ROOT

VERSION_0_1_0 = ROOT / "tests" / "data" / "version_0.1.0" / "apsa_msgs" / "msg"
"""The definitions that version 0.1.0 had."""

Message = tuple[str, str, int, Any]
"""Topic, type, stamp in nanoseconds, and an object with some of the fields."""


def definitions_bag(folder: Path, definitions: dict[str, str], messages: Iterable[Message]) -> Path:
    """Write messages with these definitions into a bag.

    Fields that an object lacks are zero or empty; those that the definition lacks are left out.
    """
    types = get_typestore(Stores.ROS2_JAZZY)
    for name, text in definitions.items():
        types.register(get_types_from_msg(text, name))
    with BagWriter(folder, definitions) as bag:
        for topic, kind, stamp_ns, message in messages:
            data = types.serialize_cdr(_filled(types, kind, message), kind)
            bag.write(topic, kind, stamp_ns, bytes(data))
    return folder


def old_definitions() -> dict[str, str]:
    """Text of each message of version 0.1.0 by type name."""
    return read_definitions(VERSION_0_1_0)


def _filled(types: Any, kind: str, message: Any) -> Any:
    _, fields = types.fielddefs[kind]
    values = {
        name: _value(types, *described, getattr(message, name, None)) for name, described in fields
    }
    return types.types[kind](**values)


def _value(types: Any, node: Nodetype, described: Any, value: Any) -> Any:
    if node == Nodetype.NAME:
        return _filled(types, described, value)
    if node == Nodetype.BASE:
        base, _ = described
        return value if value is not None else ("" if base == "string" else 0)
    (inner, what), count = described
    items = list(value) if value is not None else [None] * count
    if inner == Nodetype.NAME or what[0] == "string":
        return [_value(types, inner, what, item) for item in items]
    return np.array([item or 0 for item in items], dtype=what[0])
