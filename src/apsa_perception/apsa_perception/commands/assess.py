"""Command: judge a library of recordings and write tables of the results.

python -m apsa_perception.commands.assess --recordings folder --exercise squat --out results
"""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any

import apsa_perception
from apsa_perception.bringup.node_settings import weights_of
from apsa_perception.commands.arguments import INTERRUPTED, params_file_argument, user_settings
from apsa_perception.commands.judge_recording import (
    Choices,
    judge_recording,
    library_of,
    ranges_of,
)
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import path_of, share_dir
from apsa_perception.recordings.discovery import Recording, Task, find_recordings
from apsa_perception.recordings.exercise_table import is_table, read_exercises

_MOST_WORKERS = 1024
SOME_FAILED = 3
"""Exit code when recordings could not be judged; those that could be have results."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        # Imported late, so that --help and this sentence need none of them.
        from apsa_perception.recordings.library_run import run
    except ModuleNotFoundError as error:
        print(
            f"{error.name} is not installed; make assess installs it, or: "
            "pip install --no-deps -r requirements/assess.txt",
            file=sys.stderr,
        )
        return 2
    try:
        settings = user_settings(options)
        choices = Choices(settings.pose, settings.assessment, options.image_topic)
        library = library_of(choices.assessment)
        base, recordings = find_recordings(options.recordings)
        exercises = _exercises(options.exercise, base, recordings, library, choices)
        tasks = _tasks(recordings, exercises, library, choices)
        done = run(tasks, judge_recording, choices, options.out, options.scheduler, options.workers)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped: the next run with the same OUT goes on from here", file=sys.stderr)
        return INTERRUPTED
    for problem in library.problems:
        print(problem, file=sys.stderr)
    print(
        f"{done.judged} recordings judged, {done.kept} unchanged since an earlier run, "
        f"{done.failed} failed; see {options.out / 'index.html'}"
    )
    return SOME_FAILED if done.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m apsa_perception.commands.assess")
    parser.add_argument(
        "--recordings", required=True, help="folder, glob in quotes, or one bag or video"
    )
    parser.add_argument("--out", type=path_of, required=True, help="folder for the results")
    parser.add_argument(
        "--exercise",
        default="",
        help="name of the exercise, or a .csv file with the columns recording,exercise; "
        "empty: the parameter",
    )
    parser.add_argument(
        "--scheduler", default="", help="Dask scheduler, such as tcp://host:8786; empty: none"
    )
    parser.add_argument(
        "--workers",
        type=_number_of_workers,
        default="",
        help="processes on this machine; default: one for each core",
    )
    params_file_argument(parser)
    parser.add_argument("--image-topic", default="", help="topic in bags with several")
    return parser


def _number_of_workers(text: str) -> int:
    if not text:
        return len(os.sched_getaffinity(0))
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_WORKERS}")
    return int(text)


def _exercises(
    text: str,
    base: Path,
    recordings: Sequence[Recording],
    library: ExerciseLibrary,
    choices: Choices,
) -> Mapping[Path, str]:
    """The exercise of each recording, by its path."""
    if is_table(text):
        return read_exercises(path_of(text), base, recordings, library)
    name = library.get(text or choices.assessment.exercise).name  # it may be an alias
    return dict.fromkeys((each.path for each in recordings), name)


def _tasks(
    recordings: Iterable[Recording],
    exercises: Mapping[Path, str],
    library: ExerciseLibrary,
    choices: Choices,
) -> list[Task]:
    """The recordings with their exercises and all that the results depend on."""
    weights = weights_of(choices.assessment)
    models = share_dir("apsa_perception") / "models"
    files = [Path(apsa_perception.__file__).parent, models]
    if weights is not None and models not in weights.parents:
        files.append(weights)
    ranges = sorted(ranges_of(choices.assessment).excursions.items())
    common = [asdict(choices), repr(ranges), *map(_digest, files)]
    inputs = {
        name: json.dumps([common, asdict(library.get(name)) if name else None], default=_plain)
        for name in {"", *exercises.values()}
    }
    return [
        Task(each, name, inputs[name])
        for each in recordings
        for name in [exercises.get(each.path, "")]
    ]


def _digest(path: Path) -> str:
    """Hash of a file, or of the files of a folder."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """Values that JSON lacks, in the same order in every process."""
    if isinstance(value, Enum):
        return value.name
    return sorted(map(_plain, value)) if isinstance(value, frozenset | set) else str(value)


if __name__ == "__main__":
    sys.exit(main())
