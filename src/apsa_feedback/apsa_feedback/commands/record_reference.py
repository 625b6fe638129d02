"""Command: a reference for the robot from a clip in which the exercise is done well.

python -m apsa_feedback.commands.record_reference --source clip.mp4 --exercise arm_raise \\
    --folder references
"""

import argparse
import sys
from pathlib import Path

from apsa_feedback.outputs.robot.reference import best_repetition, save
from apsa_perception.commands.arguments import exercise_arguments, library_of, refuse_camera, run
from apsa_perception.commands.frames import add_source_arguments, frames_of
from apsa_perception.model.paths import path_of


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_feedback.commands.record_reference")
    add_source_arguments(parser)
    exercise_arguments(parser)
    parser.add_argument("--folder", type=path_of, required=True, help="folder of the references")
    options = parser.parse_args(arguments)

    def write() -> Path:
        refuse_camera(options.source, "record a clip or a bag first")
        library = library_of(options)
        frames = list(frames_of(options.source, options.image_topic, options.mirrored))
        movement = best_repetition(frames, options.exercise, library)
        return save(movement, options.folder, options.exercise)

    return run(write)


if __name__ == "__main__":
    sys.exit(main())
