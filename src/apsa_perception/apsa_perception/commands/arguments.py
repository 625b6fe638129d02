"""What the commands that write a file have in common."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import path_of
from apsa_perception.ros.parameters import read_defaults, share_dir
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.select import is_camera

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C has stopped, as shells have it."""


def folder_argument(parser: argparse.ArgumentParser, name: str, parameter: str) -> None:
    """Add an option for a folder, by default that of a parameter of the assessment node."""
    config = share_dir("apsa_perception") / "config" / "perception.yaml"
    default = path_of(read_defaults(config, "assessment_node")[parameter])
    parser.add_argument(name, type=path_of, default=default)


def exercise_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that ``library_of`` reads."""
    installed = share_dir("apsa_perception") / "config" / "exercises"
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--exercises", type=path_of, default=installed)
    folder_argument(parser, "--own-exercises", "own_exercises_dir")


def library_of(options: argparse.Namespace) -> ExerciseLibrary:
    """The exercises of the options; ``ValueError`` where the wanted one is not among them."""
    library = ExerciseLibrary.load(options.exercises, options.own_exercises)
    library.get(options.exercise)
    return library


def refuse_camera(source: str, instead: str) -> None:
    """Refuse a source that never ends.

    Raises:
        SourceError: it is a camera device; one sentence with what to do instead.
    """
    if is_camera(source):
        raise SourceError(f"the camera {source} never ends; {instead}")


def run(write: Callable[[], Path]) -> int:
    """Say where the file went, or in one sentence what is wrong; return the exit code."""
    try:
        path = write()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped: what was seen is discarded, and nothing is written", file=sys.stderr)
        return INTERRUPTED
    print(f"written to {path}")
    return 0
