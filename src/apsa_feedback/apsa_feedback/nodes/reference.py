"""Command: a reference for the robot from a clip in which the exercise is done well.

python -m apsa_feedback.nodes.reference --source clip.mp4 --exercise arm_raise --folder references
"""

import argparse
import sys
from pathlib import Path

from apsa_feedback.robot.reference import best_repetition, save
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.nodes.parameters import share_dir
from apsa_perception.nodes.teach_in import OWN_EXERCISES_DIR
from apsa_perception.pose.clip import skeletons_of_clip


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    installed = share_dir("apsa_perception") / "config" / "exercises"
    parser = argparse.ArgumentParser(prog="python -m apsa_feedback.nodes.reference")
    parser.add_argument("--source", type=Path, required=True, help="clip of good repetitions")
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--folder", type=Path, required=True, help="folder of the references")
    parser.add_argument("--exercises", type=Path, default=installed)
    parser.add_argument("--own-exercises", type=Path, default=OWN_EXERCISES_DIR)
    options = parser.parse_args(arguments)
    try:
        library = ExerciseLibrary.load(options.exercises, options.own_exercises.expanduser())
        library.get(options.exercise)
        movement = best_repetition(skeletons_of_clip(options.source), options.exercise, library)
        path = save(movement, options.folder, options.exercise)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
