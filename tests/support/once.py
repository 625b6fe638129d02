"""Results that all processes of a test run share."""

import fcntl
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


class Once:
    """Makes each result once in a test run, in whichever process asks for it first.

    Args:
        folder: of the run; the processes have it in common.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, object] = {}

    def get(self, name: str, make: Callable[[], Result]) -> Result:
        """The result of a name, which says all that it depends on; not to be changed."""
        if name not in self._known:
            file = self._folder / f"{name}.pickle"
            with file.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not file.exists():
                    whole = file.with_suffix(".new")
                    whole.write_bytes(pickle.dumps(make()))
                    whole.replace(file)
            self._known[name] = pickle.loads(file.read_bytes())
        return self._known[name]  # type: ignore[return-value]
