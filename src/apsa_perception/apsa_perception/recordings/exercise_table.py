"""Which exercise each recording is: one for all, or a table of both."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.recordings.discovery import Recording, name_of

COLUMNS = ["recording", "exercise"]


class TableError(ValueError):
    """A table of exercises cannot be used; one sentence with the line."""


def is_table(text: str) -> bool:
    """Whether the user named a table rather than an exercise."""
    return text.lower().endswith(".csv")


def read_exercises(
    path: Path, base: Path, recordings: Sequence[Recording], library: ExerciseLibrary
) -> Mapping[Path, str]:
    """Return the exercise of each recording of a table, by the path of the recording.

    Args:
        path: CSV file with the columns ``recording`` and ``exercise``; others are ignored.
        base: folder that the paths in the table are relative to.
        recordings: those that were found.
        library: the exercises.

    Raises:
        TableError: the file cannot be read, or a line has a mistake.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise TableError(
                    f"{path}:1: the first line has no column {' and no column '.join(missing)}; "
                    f"expected {','.join(COLUMNS)}"
                )
            return _exercises(path, base, recordings, library, reader)
    except OSError as error:
        raise TableError(
            f"{path} cannot be read ({error.strerror}); expected a CSV file with the columns "
            f"{','.join(COLUMNS)}"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{path} is not a CSV file in UTF-8: {error}") from error


def _exercises(
    path: Path,
    base: Path,
    recordings: Sequence[Recording],
    library: ExerciseLibrary,
    reader: "csv.DictReader[str]",
) -> dict[Path, str]:
    found = {each.path for each in recordings}
    chosen: dict[Path, str] = {}
    for row in reader:
        where = f"{path}:{reader.line_num}"
        named, exercise = ((row[name] or "").strip() for name in COLUMNS)
        if not named or not exercise:
            empty = COLUMNS[0] if not named else COLUMNS[1]
            raise TableError(f"{where}: {empty} is empty; expected {','.join(COLUMNS)}")
        recording = Path(base / Path(named).expanduser()).absolute()
        if recording not in found:
            raise TableError(
                f"{where}: {name_of(recording, base)} is not among the {len(found)} recordings "
                f"found; paths are relative to {base}"
            )
        if recording in chosen:
            raise TableError(f"{where}: {named} has a line already; expected one for each")
        try:
            chosen[recording] = library.get(exercise).name  # it may be an alias
        except ValueError as error:
            raise TableError(f"{where}: {error}") from error
    return chosen
