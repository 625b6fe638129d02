"""Library of the programmes in folders of YAML files."""

from pathlib import Path

from apsa_perception.exercises.file import SUFFIXES, is_name
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.model.paths import share_dir
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.suggestions import alike
from apsa_perception.programmes.definition import Programme
from apsa_perception.programmes.file import load_programme


class ProgrammeLibrary:
    """All programmes, by name. A file is read whenever its programme is requested.

    Args:
        exercises: the exercises that programmes can have. With the user's own instead of the
            installed ones, some of the installed programmes cannot be used.
        folder: folder of the installed files.
        own: the user's own folder; None: none.
    """

    def __init__(self, exercises: ExerciseLibrary, folder: Path, own: Path | None = None) -> None:
        self._exercises = exercises
        self._folders = (folder,) if own is None else (folder, own)

    @staticmethod
    def load(
        exercises: ExerciseLibrary, folder: Path | None, own: Path | None
    ) -> "ProgrammeLibrary":
        """Return the programmes of a folder, None: the installed ones, and of the user's own."""
        installed = share_dir("apsa_perception") / "config" / "programmes"
        return ProgrammeLibrary(exercises, folder or installed, own)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all programmes, sorted."""
        return tuple(sorted({path.stem for path in self._paths() if is_name(path.stem)}))

    @property
    def mistakes(self) -> dict[str, str]:
        """What is wrong with each of the user's files that cannot be used now, by its name."""
        found = {}
        for path in self._paths():
            if path.parent == self._folders[0]:
                continue
            try:
                self.get(path.stem)
            except ValueError as error:
                found[path.stem] = str(error)
        return found

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each of the user's files that cannot be used."""
        return tuple(f"an own programme cannot be used: {each}" for each in self.mistakes.values())

    def titles(self) -> dict[str, str]:
        """Titles by name of the programmes that can be used."""
        titles = {}
        for name in self.names:
            try:
                titles[name] = self.get(name).title
            except ValueError:
                continue
        return titles

    def known(self, name: str) -> Programme | None:
        """Return the programme; None if it cannot be had."""
        try:
            return self.get(name)
        except ValueError:
            return None

    def get(self, name: str) -> Programme:
        """Return the programme as its file defines it now.

        Raises:
            RequestError: there is no such programme, it has two files, or its file has a mistake.
        """
        paths = [path for path in self._paths() if path.stem == name]
        if not paths:
            near = alike(name, dict.fromkeys(self.names, ()))
            sentence = Sentence.PROGRAMME_CALLED_OTHERWISE if near else Sentence.UNKNOWN_PROGRAMME
            raise RequestError(
                RequestErrorCode.UNKNOWN_PROGRAMME,
                sentence.text(
                    name=repr(name), alike=" or ".join(near), names=", ".join(self.names)
                ),
            )
        if len(paths) > 1:
            raise RequestError(
                RequestErrorCode.PROGRAMME_FILE,
                f"the programme {name!r} is defined twice: {paths[0]} and {paths[1]}",
            )
        try:
            return load_programme(paths[0], self._exercises)
        except ValueError as error:
            raise RequestError(
                RequestErrorCode.PROGRAMME_FILE, f"{error} (in {paths[0].parent})"
            ) from error

    def _paths(self) -> list[Path]:
        return [
            path
            for folder in self._folders
            for path in sorted(folder.glob("*"))
            if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
        ]
