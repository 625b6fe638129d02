"""Library of the exercises in folders of YAML files."""

from collections.abc import Iterator
from pathlib import Path

from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.file import is_name, load_exercise
from apsa_perception.model.codes import RequestError, RequestErrorCode


class ExerciseLibrary:
    """All exercises, by name.

    A new or changed file is read when its exercise is requested, so that additions and edits take
    effect the next time the exercise is chosen.

    Args:
        folders: folders of the files; a name may occur in one of them only.

    Raises:
        ValueError: a file has a mistake, or a name occurs twice.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._exercises: dict[str, ExerciseDefinition] = {}
        self._read: dict[Path, tuple[int, int]] = {}
        places: dict[str, Path] = {}
        for path in self._paths():
            if path.stem in places:
                raise ValueError(
                    f"the exercise {path.stem!r} is defined twice: in {places[path.stem].parent} "
                    f"and in {path.parent}"
                )
            places[path.stem] = path
            self._take(path)

    @staticmethod
    def load(folder: str | Path, own: str | Path | None = None) -> "ExerciseLibrary":
        """Load all ``*.yaml`` files of a folder, at least one, and of the user's own folder if any.

        Raises:
            ValueError: there is no file, a file has a mistake, or a name occurs twice.
        """
        folder = Path(folder)
        if not any(folder.glob("*.yaml")):
            raise ValueError(f"{folder} has no exercise files (*.yaml)")
        return ExerciseLibrary(folder) if own is None else ExerciseLibrary(folder, Path(own))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all exercises including those of new files, sorted."""
        new = (path.stem for path in self._paths() if is_name(path.stem))
        return tuple(sorted({*self._exercises, *new}))

    def get(self, name: str) -> ExerciseDefinition:
        """Return the exercise as its file defines it now.

        Raises:
            RequestError: there is no such exercise, or its file has a mistake.
        """
        if is_name(name):
            for path in (folder / f"{name}.yaml" for folder in self._folders):
                if path.is_file():
                    self._take(path)
                    break
        if name not in self._exercises:
            raise RequestError(
                RequestErrorCode.UNKNOWN_EXERCISE,
                f"no exercise {name!r}; expected one of {', '.join(self.names)}",
            )
        return self._exercises[name]

    def known(self, name: str) -> ExerciseDefinition | None:
        """Return the exercise as last read without a mistake; None if there is none."""
        try:
            return self.get(name)
        except ValueError:
            return self._exercises.get(name)

    def __iter__(self) -> Iterator[ExerciseDefinition]:
        """Iterate over all exercises by name, except new files with a mistake."""
        known = (self.known(name) for name in self.names)
        return (exercise for exercise in known if exercise is not None)

    def __len__(self) -> int:
        return len(self.names)

    def _paths(self) -> list[Path]:
        return [
            path
            for folder in self._folders
            for path in sorted(folder.glob("*.yaml"))
            if not path.name.startswith(".")  # a temporary file of an editor
        ]

    def _take(self, path: Path) -> None:
        """Read the file if it has changed."""
        status = path.stat()
        version = (status.st_mtime_ns, status.st_size)
        if self._read.get(path) != version:
            try:
                self._exercises[path.stem] = load_exercise(path)
            except ValueError as error:
                raise RequestError(
                    RequestErrorCode.EXERCISE_FILE, f"{error} (in {path.parent})"
                ) from error
            self._read[path] = version
