"""Command: a reference movement for the robot, from a clip of a well performed exercise.

python -m apsa_feedback.commands.record_reference --source clip.mp4 --exercise arm_raise \\
    --folder references
"""

import argparse
import sys
from pathlib import Path

from apsa_feedback.outputs.robot.reference import best_repetition, save
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.commands.arguments import (
    exercise_arguments,
    library_of,
    params_file_argument,
    refuse_camera,
    run,
    user_settings,
)
from apsa_perception.commands.frames import add_source_arguments, frames_of
from apsa_perception.model.paths import path_of


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_feedback.commands.record_reference")
    add_source_arguments(parser)
    exercise_arguments(parser)
    parser.add_argument("--folder", type=path_of, required=True, help="folder of the references")
    params_file_argument(parser)
    options = parser.parse_args(arguments)

    def write() -> Path:
        refuse_camera(options.source, "record a clip or a bag first")
        settings = user_settings(options)
        library = library_of(options, settings.assessment)
        frames = list(frames_of(options.source, options.image_topic, settings.pose))
        chosen = AssessmentSettings.of(settings.assessment)
        movement = best_repetition(frames, options.exercise, library, chosen)
        return save(movement, options.folder, options.exercise)

    return run(write)


if __name__ == "__main__":
    sys.exit(main())
