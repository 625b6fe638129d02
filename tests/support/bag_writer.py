"""Writes serialized messages to a rosbag2 bag that ROS 2 Jazzy and newer can play."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from rosbags.interfaces import Connection
from rosbags.rosbag2 import StoragePlugin, Writer, WriterError
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from apsa_perception.sources.errors import SourceError

Storage = Literal["mcap", "sqlite3"]
_PLUGINS = {"mcap": StoragePlugin.MCAP, "sqlite3": StoragePlugin.SQLITE3}


def read_definitions(msg_folder: Path) -> dict[str, str]:
    """Return the text of each message of a package by type name.

    Args:
        msg_folder: ``<share>/<package>/msg`` or ``<source of the package>/msg``.
    """
    package = msg_folder.resolve().parent.name
    return {
        f"{package}/msg/{path.stem}": path.read_text(encoding="utf-8")
        for path in sorted(msg_folder.glob("*.msg"))
    }


class BagWriter:
    """A new bag; a context manager that finishes it on leaving."""

    def __init__(
        self, path: str | Path, definitions: Mapping[str, str], storage: Storage = "mcap"
    ) -> None:
        """Create the bag's folder.

        Args:
            path: folder that does not exist yet.
            definitions: text of the messages that ROS's common interfaces do not hold, by type
                name, such as ``read_definitions`` returns.
            storage: file format.

        Raises:
            SourceError: the folder exists or cannot be made.
        """
        self._types = get_typestore(Stores.ROS2_JAZZY)
        added = {}
        for name, text in definitions.items():
            added.update(get_types_from_msg(text, name))
        self._types.register({k: v for k, v in added.items() if k not in self._types.types})
        self._connections: dict[str, Connection] = {}
        try:
            self._writer = Writer(path, version=9, storage_plugin=_PLUGINS[storage])
            self._writer.open()
        except (WriterError, OSError) as error:
            raise SourceError(
                f"bag {path} cannot be written ({error}); allowed: a folder that does not exist yet"
            ) from error

    def write(self, topic: str, type_name: str, stamp_ns: int, data: bytes) -> None:
        """Append a message.

        Args:
            topic: name.
            type_name: such as ``sensor_msgs/msg/Image``.
            stamp_ns: when it was received.
            data: its CDR bytes, with the encapsulation header.

        Raises:
            SourceError: the type is neither a common one nor among the definitions.
        """
        if topic not in self._connections:
            if type_name not in self._types.types:
                raise SourceError(
                    f"{topic} has type {type_name}, whose definition is not known; "
                    "allowed: ROS's common interfaces and the definitions given"
                )
            self._connections[topic] = self._writer.add_connection(
                topic, type_name, typestore=self._types
            )
        self._writer.write(self._connections[topic], stamp_ns, data)

    def close(self) -> None:
        """Write the index; without it the bag is damaged."""
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
