"""Command: the person's own range of an exercise, from a recording of their assessment.

python -m apsa_perception.commands.assess_range --source clip.mp4 --exercise squat --person P-017
"""

import argparse
import sys
from pathlib import Path

from apsa_perception.assessment.offline import assessed_ranges
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.commands.arguments import (
    exercise_arguments,
    folder_argument,
    library_of,
    refuse_camera,
    run,
)
from apsa_perception.commands.frames import add_source_arguments, frames_of


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_perception.commands.assess_range")
    add_source_arguments(parser)
    exercise_arguments(parser)
    parser.add_argument("--person", required=True, help="pseudonym, such as P-017; never a name")
    folder_argument(parser, "--folder", "ranges_dir")
    options = parser.parse_args(arguments)

    def write() -> Path:
        refuse_camera(options.source, "record a clip or a bag first")
        known = PersonalRanges.load(options.folder, options.person)
        library = library_of(options)
        frames = frames_of(options.source, options.image_topic, options.mirrored)
        ranges = assessed_ranges(frames, options.exercise, library, known)
        return ranges.save(options.folder, options.person)

    return run(write)


if __name__ == "__main__":
    sys.exit(main())
