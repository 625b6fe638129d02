"""Command: the person's own range of an exercise, from a recording of their assessment.

python -m apsa_perception.nodes.assess_range --source clip.mp4 --exercise squat --person P-017
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.nodes.frames import Frame, add_source_arguments, frames_of
from apsa_perception.nodes.parameters import share_dir
from apsa_perception.nodes.teach_in import OWN_EXERCISES_DIR

RANGES_DIR = Path("~/.apsa/ranges")


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
    parser = argparse.ArgumentParser(prog="python -m apsa_perception.nodes.assess_range")
    add_source_arguments(parser)
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--person", required=True, help="pseudonym, such as P-017; never a name")
    parser.add_argument("--folder", type=Path, default=RANGES_DIR)
    parser.add_argument(
        "--exercises", type=Path, default=share_dir("apsa_perception") / "config" / "exercises"
    )
    parser.add_argument("--own-exercises", type=Path, default=OWN_EXERCISES_DIR)
    options = parser.parse_args(arguments)
    folder = options.folder.expanduser()
    try:
        known = PersonalRanges.load(folder, options.person)
        library = ExerciseLibrary.load(options.exercises, options.own_exercises.expanduser())
        library.get(options.exercise)
        frames = frames_of(options.source, options.image_topic, options.mirrored)
        path = assess_range(frames, options.exercise, library, known).save(folder, options.person)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
