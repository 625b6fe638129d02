"""Library of the exercises in folders of YAML files."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.exercises.figure import Figure
from apsa_perception.exercises.figure_file import load_figures
from apsa_perception.exercises.figure_pose import FigurePose
from apsa_perception.exercises.file import SUFFIXES, is_name, load_exercise
from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.model.file_version import Version, version_of
from apsa_perception.model.paths import share_dir
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.suggestions import alike


class ExerciseLibrary:
    """All exercises, by name.

    A new or changed file is read when its exercise is requested, so that additions and edits take
    effect the next time the exercise is chosen.

    Args:
        folders: folders of the files; a name may occur in one of them only.
        own: the user's own folder, whose files with a mistake are left out; None: none.

    Attributes:
        problems: one sentence for each file of the user that was left out.

    Raises:
        ValueError: an installed file has a mistake, or a name occurs twice.
    """

    def __init__(self, *folders: Path, own: Path | None = None) -> None:
        self._own = own
        self._folders = folders if own is None else (*folders, own)
        self.problems: tuple[str, ...] = ()
        self._exercises: dict[str, ExerciseDefinition] = {}
        places: dict[str, Path] = {}
        for path in self._paths():
            if path.stem in places:
                raise _twice(places[path.stem], path)
            places[path.stem] = path
            try:
                self._take(path)
            except ValueError as error:
                if path.parent != own:
                    raise
                self.problems += (f"an own exercise is left out: {error}",)

    @staticmethod
    def load(folder: str | Path | None = None, own: str | Path | None = None) -> "ExerciseLibrary":
        """Load the exercise files of a folder, and of the user's own folder if any.

        Args:
            folder: has at least one file; None: the installed one.
            own: the user's own folder.

        Raises:
            ValueError: there is no file, an installed file has a mistake, or a name occurs twice.
        """
        folder = Path(folder or share_dir("apsa_perception") / "config" / "exercises")
        if not any(path.suffix.lower() in SUFFIXES for path in folder.glob("*")):
            raise ValueError(f"{folder} has no exercise files (*.yaml)")
        return ExerciseLibrary(folder, own=None if own is None else Path(own))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all exercises including those of new files, sorted."""
        new = (path.stem for path in self._paths() if is_name(path.stem))
        return tuple(sorted({*self._exercises, *new}))

    @property
    def own_names(self) -> frozenset[str]:
        """Names of the exercises in the user's own folder."""
        return frozenset(path.stem for path in self._paths() if path.parent == self._own)

    @property
    def mistakes(self) -> dict[str, str]:
        """What is wrong with each of the user's files that cannot be used now, by its name."""
        found = {}
        for path in self._paths():
            if path.parent != self._own:
                continue
            try:
                if is_name(path.stem):
                    self.get(path.stem)
                else:
                    self._take(path)
            except ValueError as error:
                found[path.stem] = str(error)
        return found

    def get(self, name: str) -> ExerciseDefinition:
        """Return the exercise as its file defines it now, by its name or an alias.

        Raises:
            RequestError: there is no such exercise, it has two files, or its file has a mistake.
        """
        if is_name(name):
            paths = [path for path in self._paths() if path.stem == name]
            if len(paths) > 1:
                raise _twice(*paths[:2])
            if paths:
                self._take(paths[0])
        if name not in self._exercises:
            for each in self._exercises.values():
                if name in each.aliases:
                    return self.get(each.name)
            raise self._unknown(name)
        return self._exercises[name]

    def has(self, name: str) -> bool:
        """Whether a file, which may have a mistake, or an alias has this name."""
        aliases = (alias for each in self._exercises.values() for alias in each.aliases)
        return name in self.names or name in aliases

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

    def _unknown(self, name: str) -> RequestError:
        """The refusal of a name, with the exercises that people call so."""
        near = alike(name, {each.name: each.other_names for each in self._exercises.values()})
        sentence = Sentence.CALLED_OTHERWISE if near else Sentence.UNKNOWN_EXERCISE
        return RequestError(
            RequestErrorCode.UNKNOWN_EXERCISE,
            sentence.text(name=repr(name), alike=" or ".join(near), names=", ".join(self.names)),
        )

    def _paths(self) -> list[Path]:
        return [
            path
            for folder in self._folders
            for path in sorted(folder.glob("*"))
            if path.suffix.lower() in SUFFIXES
            and not path.name.startswith(".")  # a temporary file of an editor
        ]

    def _take(self, path: Path) -> None:
        """Read the file, unless a library of this process has read this version of it."""
        try:
            version = version_of(path)
        except OSError as error:
            raise RequestError(
                RequestErrorCode.EXERCISE_FILE, f"{path} cannot be read: {error.strerror}"
            ) from error
        try:
            self._exercises[path.stem] = _definition(path, version, path.parent == self._own)
        except ValueError as error:
            raise RequestError(
                RequestErrorCode.EXERCISE_FILE, f"{error} (in {path.parent})"
            ) from error


@cache
def _installed_figures() -> Mapping[str, Figure[FigurePose]]:
    return load_figures()


@lru_cache(maxsize=1024)
def _definition(path: Path, version: Version, own: bool) -> ExerciseDefinition:
    """The exercise as a version of its file has it, with the installed figure unless it is own."""
    exercise = load_exercise(path)
    if exercise.figure is not None or own:
        return exercise
    return replace(exercise, figure=_installed_figures().get(exercise.name))


def _twice(first: Path, second: Path) -> RequestError:
    places = (first.parent, second.parent) if first.name == second.name else (first, second)
    return RequestError(
        RequestErrorCode.EXERCISE_FILE,
        f"the exercise {first.stem!r} is defined twice: in {places[0]} and in {places[1]}",
    )
