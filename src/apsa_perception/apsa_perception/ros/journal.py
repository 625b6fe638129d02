"""Journal of received messages, from which a node that crashed restores its state."""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rclpy.serialization import deserialize_message, serialize_message

from apsa_perception.model.files import append_private, private_folder


class Journal:
    """Appends messages to a private file, which is there only until the node ends as intended.

    A failure is reported once and costs only the recovery after a crash.

    Args:
        folder: where; None: nothing is kept.
        name: name of the node.
        kinds: message types by topic.
        failed: called with a reason and a sentence when the file cannot be read or written.
    """

    def __init__(
        self,
        folder: Path | None,
        name: str,
        kinds: Mapping[str, type],
        failed: Callable[[str, str], None],
    ) -> None:
        self._path = folder / f"{name}.journal" if folder else None
        self._kinds = kinds
        self._failed = failed

    def read(self) -> list[tuple[str, Any]]:
        """Return topic and message of all entries; an entry cut off by the crash is dropped."""
        if self._path is None or not self._path.exists():
            return []
        try:
            data = self._path.read_bytes()
            complete = data[: data.rfind(b"\n") + 1]
            if complete != data:
                with self._path.open("r+b") as file:
                    file.truncate(len(complete))
        except OSError as error:
            self._give_up(error)
            return []
        return list(self._entries(complete))

    def add(self, topic: str, message: Any) -> None:
        """Append a message."""
        if self._path is None:
            return
        data = base64.b64encode(serialize_message(message)).decode()
        try:
            private_folder(self._path.parent)
            append_private(self._path, f"{topic} {data}\n")
        except OSError as error:
            self._give_up(error)

    def remove(self) -> None:
        """Keep nothing: the node ends as intended."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _entries(self, data: bytes) -> Iterator[tuple[str, Any]]:
        for line in data.decode(errors="replace").splitlines():
            topic, _, encoded = line.partition(" ")
            try:
                content = base64.b64decode(encoded, validate=True)
                yield topic, deserialize_message(content, self._kinds[topic])
            except (KeyError, binascii.Error, RuntimeError) as error:
                self._failed("journal", f"{self._path} has an entry that cannot be used: {error}")

    def _give_up(self, error: OSError) -> None:
        self._failed("journal", f"{self._path} cannot be used ({error.strerror or error})")
        self._path = None
