"""The exercises of some folders of YAML files."""

from collections.abc import Iterator
from pathlib import Path

from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.file import is_name, load_exercise


class ExerciseLibrary:
    """All exercises, by name.

    A file that is new or has changed since is read when its exercise is asked for, so that what a
    therapist adds or edits holds from the next choice on.

    Args:
        folders: where the files are; a name must be in one of them only.

    Raises:
        ValueError: names the file, the key, what is allowed and the line.
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
        """Load every ``*.yaml`` file of a folder that must hold some, and of the user's own if any.

        Raises:
            ValueError: names the file, the key, what is allowed and the line.
        """
        folder = Path(folder)
        if not any(folder.glob("*.yaml")):
            raise ValueError(f"there are no exercise files (*.yaml) in {folder}")
        return ExerciseLibrary(folder) if own is None else ExerciseLibrary(folder, Path(own))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all exercises, sorted; those of new files too."""
        new = (path.stem for path in self._paths() if is_name(path.stem))
        return tuple(sorted({*self._exercises, *new}))

    def get(self, name: str) -> ExerciseDefinition:
        """Return the exercise as its file has it now.

        Raises:
            ValueError: there is none, with the allowed names; or a mistake in its file.
        """
        if is_name(name):
            for path in (folder / f"{name}.yaml" for folder in self._folders):
                if path.is_file():
                    self._take(path)
                    break
        if name not in self._exercises:
            raise ValueError(f"there is no exercise {name!r}; allowed are {', '.join(self.names)}")
        return self._exercises[name]

    def known(self, name: str) -> ExerciseDefinition | None:
        """The exercise as its file has it now or had it before a mistake; None if unknown."""
        try:
            return self.get(name)
        except ValueError:
            return self._exercises.get(name)

    def __iter__(self) -> Iterator[ExerciseDefinition]:
        """All exercises by name, but for new files with a mistake."""
        known = (self.known(name) for name in self.names)
        return (exercise for exercise in known if exercise is not None)

    def __len__(self) -> int:
        return len(self.names)

    def _paths(self) -> list[Path]:
        return [
            path
            for folder in self._folders
            for path in sorted(folder.glob("*.yaml"))
            if not path.name.startswith(".")  # what an editor has not finished
        ]

    def _take(self, path: Path) -> None:
        """Read the file unless it is as it was."""
        status = path.stat()
        version = (status.st_mtime_ns, status.st_size)
        if self._read.get(path) != version:
            try:
                self._exercises[path.stem] = load_exercise(path)
            except ValueError as error:
                raise ValueError(f"{error} (in {path.parent})") from error
            self._read[path] = version
