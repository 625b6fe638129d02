"""Command: a person's own range of motion in an exercise, from a recorded assessment.

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
    params_file_argument,
    refuse_camera,
    run,
    user_settings,
)
from apsa_perception.commands.frames import Frame, add_source_arguments, frames_of
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.paths import path_of


def assess_range(
    frames: Iterable[Frame],
    exercise: str,
    library: ExerciseLibrary,
    known: PersonalRanges,
    settings: AssessmentSettings,
) -> PersonalRanges:
    """Add the range that the frames show; ``ValueError`` where they have too few repetitions."""
    assessor = Assessor(library, settings, None)
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
    params_file_argument(parser)
    options = parser.parse_args(arguments)

    def write() -> Path:
        refuse_camera(options.source, "record a clip or a bag first")
        settings = user_settings(options)
        folder = options.folder or path_of(settings.assessment.ranges_dir)
        known = PersonalRanges.load(folder, options.person)
        library = library_of(options, settings.assessment)
        frames = frames_of(options.source, options.image_topic, settings.pose)
        chosen = AssessmentSettings.of(settings.assessment)
        ranges = assess_range(frames, options.exercise, library, known, chosen)
        return ranges.save(folder, options.person)

    return run(write)


if __name__ == "__main__":
    sys.exit(main())
