"""Command line of the commands that write a file, and the settings of the user's nodes."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from apsa_perception.bringup.node_settings import (
    NODES,
    AssessmentNodeSettings,
    PoseNodeSettings,
)
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import path_of, path_or_none
from apsa_perception.ros.parameter_file import check_file, read_settings
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.select import is_camera

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


@dataclass(frozen=True)
class UserSettings:
    """The settings with which the coach will judge what a command records."""

    pose: PoseNodeSettings
    assessment: AssessmentNodeSettings


def params_file_argument(parser: argparse.ArgumentParser) -> None:
    """Add the option that ``user_settings`` reads."""
    parser.add_argument(
        "--params-file", type=path_or_none, help="parameter file that the coach is started with"
    )


def user_settings(options: argparse.Namespace) -> UserSettings:
    """Return the settings that the nodes have with the user's parameter file.

    Raises:
        ParameterError: the file or a value in it cannot be used.
    """
    file = options.params_file
    if file is not None:
        check_file(file, NODES)
    pose = read_settings(PoseNodeSettings, "pose_node", file)
    if getattr(options, "mirrored", False):
        pose = replace(pose, mirrored=True)
    assessment = read_settings(AssessmentNodeSettings, "assessment_node", file)
    return UserSettings(pose, assessment)


def folder_argument(parser: argparse.ArgumentParser, name: str, parameter: str) -> None:
    """Add an option for a folder; without it the parameter of the assessment node applies."""
    parser.add_argument(name, type=path_of, help=f"folder; default: the parameter {parameter}")


def exercise_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that ``library_of`` reads."""
    parser.add_argument("--exercise", required=True, help="name of the exercise")
    folder_argument(parser, "--exercises", "exercises_dir")
    folder_argument(parser, "--own-exercises", "own_exercises_dir")


def library_of(options: argparse.Namespace, settings: AssessmentNodeSettings) -> ExerciseLibrary:
    """Return the exercises; ``ValueError`` where the requested one is not among them."""
    library = ExerciseLibrary.load(
        options.exercises or path_or_none(settings.exercises_dir),
        options.own_exercises or path_or_none(settings.own_exercises_dir),
    )
    library.get(options.exercise)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    return library


def refuse_camera(source: str, instead: str) -> None:
    """Refuse a source without an end.

    Raises:
        SourceError: it is a camera device; one sentence with what to do instead.
    """
    if is_camera(source):
        raise SourceError(f"the camera {source} never ends; {instead}")


def run(write: Callable[[], Path]) -> int:
    """Write a file and print where it is, or what is wrong; return the exit code."""
    try:
        path = write()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped: nothing was written", file=sys.stderr)
        return INTERRUPTED
    print(f"written to {path}")
    return 0
