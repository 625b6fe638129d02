"""Command: a new exercise from a few good repetitions, recorded or live.

python -m apsa_perception.commands.teach_in --source clip.mp4 --name my_squat
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from apsa_perception.assessment.posture_tracker import Preparation
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.subject_chooser import SubjectChooser
from apsa_perception.commands.arguments import (
    folder_argument,
    params_file_argument,
    refuse_camera,
    run,
    user_settings,
)
from apsa_perception.commands.frames import Frame, add_source_arguments, frames_of
from apsa_perception.exercises.demonstration import Demonstration
from apsa_perception.exercises.file import check_name, write_exercise
from apsa_perception.exercises.teach import teach
from apsa_perception.model.paths import path_or_none, share_dir

_LOOK_EVERY = 10


def demonstration(
    frames: Iterable[Frame], settings: AssessmentSettings, repetitions: int = 0
) -> Demonstration:
    """Return what the exerciser shows, prepared for measuring as in a session.

    Args:
        frames: stamp in nanoseconds and people; the first ones show the rest posture.
        settings: settings of the session.
        repetitions: number after which to stop; 0: at the last frame.
    """
    subject, preparation = SubjectChooser(settings.keep_body_s), Preparation(settings)
    shown = Demonstration()
    for number, (stamp_ns, people) in enumerate(frames):
        person = subject.choose(stamp_ns, people)
        if person is None:
            continue
        shown.add(stamp_ns, preparation.posture(person))
        if repetitions and number % _LOOK_EVERY == 0 and shown.count() >= repetitions:
            break
    return shown


def record(
    frames: Iterable[Frame],
    name: str,
    title: str,
    folder: Path,
    settings: AssessmentSettings | None = None,
    repetitions: int = 0,
) -> Path:
    """Write ``<folder>/<name>.yaml`` and return its path; settings None: the defaults.

    Raises:
        ValueError: the name is not allowed or taken, or the frames show no exercise.
    """
    check_name(folder, name)
    shown = demonstration(frames, settings or AssessmentSettings(), repetitions)
    return write_exercise(folder, name, teach(shown, name, title))


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_perception.commands.teach_in")
    add_source_arguments(parser)
    parser.add_argument("--name", required=True, help="name of the new exercise")
    parser.add_argument("--title", default="", help="title for people; default from the name")
    parser.add_argument(
        "--repetitions", type=int, default=0, help="stop after this number; required for a camera"
    )
    folder_argument(parser, "--folder", "own_exercises_dir")
    params_file_argument(parser)
    options = parser.parse_args(arguments)

    def write() -> Path:
        installed = share_dir("apsa_perception") / "config" / "exercises"
        if (installed / f"{options.name}.yaml").is_file():
            raise ValueError(
                f"the name {options.name!r} belongs to an installed exercise; choose another one"
            )
        if not options.repetitions:
            refuse_camera(options.source, "set --repetitions to the number to record")
        settings = user_settings(options)
        folder = options.folder or path_or_none(settings.assessment.own_exercises_dir)
        if folder is None:
            raise ValueError("there is no folder for the exercise; set --folder")
        chosen = AssessmentSettings.of(settings.assessment)
        frames = frames_of(options.source, options.image_topic, settings.pose)
        named = options.name, options.title
        return record(frames, *named, folder, chosen, options.repetitions)

    return run(write)


if __name__ == "__main__":
    sys.exit(main())
