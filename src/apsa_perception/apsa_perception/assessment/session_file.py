"""File with the session of a node, which is there only while the node runs or after its crash."""

from collections.abc import Callable
from pathlib import Path

from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.model.files import private_folder, write_private


class SessionFile:
    """Keeps one session; a failure is reported and costs only the recovery after a crash.

    Args:
        folder: where; None: nothing is kept.
        failed: called with a reason and a sentence when the file cannot be read or written.
    """

    def __init__(self, folder: Path | None, failed: Callable[[str, str], None]) -> None:
        self._path = folder / "session.json" if folder else None
        self._failed = failed

    def read(self) -> SavedSession | None:
        """Return the session, if one is kept that can be read."""
        if self._path is None or not self._path.exists():
            return None
        try:
            return SavedSession.from_json(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self._failed("saved session", f"{self._path} cannot be used: {error}")
            return None

    def write(self, session: SavedSession) -> None:
        """Replace what is kept."""
        if self._path is None:
            return
        try:
            private_folder(self._path.parent)
            write_private(self._path, session.to_json(), durable=False)
        except OSError as error:
            self._failed(
                "saved session", f"{self._path} cannot be written ({error.strerror or error})"
            )

    def remove(self) -> None:
        """Keep nothing: the node ends as intended."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
