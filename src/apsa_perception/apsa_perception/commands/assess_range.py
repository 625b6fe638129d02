"""Command: the person's own range of an exercise, from a recording of their assessment.

python -m apsa_perception.commands.assess_range --source clip.mp4 --exercise squat --person P-017
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.commands.arguments import (
    exercise_arguments,
    folder_argument,
    library_of,
    refuse_camera,
    run,
)
from apsa_perception.commands.frames import Frame, add_source_arguments, frames_of
from apsa_perception.exercises.library import ExerciseLibrary


def assess_range(
    frames: Iterable[Frame],
    exercise: str,
    library: ExerciseLibrary,
    known: PersonalRanges,
) -> PersonalRanges:
    """Add the range that the frames show; ``ValueError`` where they hold too few repetitions."""
    assessor = Assessor(library, AssessmentSettings(), None)
    assessor.start(exercise)
    for stamp_ns, people in frames:
        assessor.update(stamp_ns, people)
    return assessor.assessed_ranges(known)


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
        ranges = assess_range(frames, options.exercise, library, known)
        return ranges.save(options.folder, options.person)

    return run(write)


if __name__ == "__main__":
    sys.exit(main())
