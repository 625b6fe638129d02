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
from apsa_perception.bringup.node_settings import NODES, AssessmentNodeSettings, PoseNodeSettings
from apsa_perception.commands.arguments import INTERRUPTED
from apsa_perception.commands.judge_recording import (
    Choices,
    judge_recording,
    library_of,
    weights_of,
)
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import path_of, path_or_none, share_dir
from apsa_perception.recordings.discovery import Recording, Task, find_recordings
from apsa_perception.recordings.exercise_table import is_table, read_exercises
from apsa_perception.ros.parameter_file import check_file, read_settings

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
        choices = _choices(options)
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
        default=len(os.sched_getaffinity(0)),
        help="processes on this machine; default: one for each core",
    )
    parser.add_argument(
        "--params-file", type=path_or_none, help="parameter file that the coach is started with"
    )
    parser.add_argument("--image-topic", default="", help="topic in bags with several")
    return parser


def _number_of_workers(text: str) -> int:
    cores = len(os.sched_getaffinity(0))
    if not text:
        return cores
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_WORKERS}")
    return int(text)


def _choices(options: argparse.Namespace) -> Choices:
    file = options.params_file
    if file is not None:
        check_file(file, NODES)
    return Choices(
        read_settings(PoseNodeSettings, "pose_node", file),
        read_settings(AssessmentNodeSettings, "assessment_node", file),
        options.image_topic,
    )


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
    name = text or choices.assessment.exercise
    library.get(name)
    return dict.fromkeys((each.path for each in recordings), name)


def _tasks(
    recordings: Iterable[Recording],
    exercises: Mapping[Path, str],
    library: ExerciseLibrary,
    choices: Choices,
) -> list[Task]:
    """The recordings with their exercises and all that the results depend on."""
    models = [share_dir("apsa_perception") / "models", weights_of(choices.assessment)]
    code = Path(apsa_perception.__file__).parent
    common = [asdict(choices), _digest(code, "*.py"), *(_digest(m, "*") for m in models if m)]
    definitions = {name: asdict(library.get(name)) for name in set(exercises.values())}
    return [
        Task(each, name, json.dumps([common, definitions.get(name)], default=_plain))
        for each in recordings
        for name in [exercises.get(each.path, "")]
    ]


def _digest(path: Path, pattern: str) -> str:
    """Hash of a file, or of the files of a folder."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob(pattern)) if path.is_dir() else [path]:
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """Values that JSON lacks, in the same order in every process."""
    if isinstance(value, Enum):
        return value.name
    return sorted(map(_plain, value)) if isinstance(value, frozenset | set) else str(value)


if __name__ == "__main__":
    sys.exit(main())
