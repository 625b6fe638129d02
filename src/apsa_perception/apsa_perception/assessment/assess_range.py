"""Command: the person's own range of an exercise, from a clip of their assessment.

python -m apsa_perception.assessment.assess_range --source clip.mp4 --exercise squat --person P-017
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.personal import PersonalRanges
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.pose.clip import skeletons_of_clip
from apsa_perception.results import RepetitionResult
from apsa_perception.skeleton.types import Skeleton

RANGES_DIR = Path("~/.apsa/ranges")


def assess_range(
    frames: Iterable[tuple[int, Sequence[Skeleton]]],
    exercise: str,
    library: ExerciseLibrary,
    known: PersonalRanges,
) -> PersonalRanges:
    """Add the range that the frames show; ``ValueError`` where they hold too few repetitions."""
    assessor = Assessor(library, AssessmentSettings(), None)
    assessor.start(exercise)
    results = [one for stamp_ns, people in frames for one in assessor.update(stamp_ns, people)]
    return known.with_assessment([one for one in results if isinstance(one, RepetitionResult)])


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_perception.assessment.assess_range")
    parser.add_argument("--source", type=Path, required=True, help="clip of the assessment")
    parser.add_argument("--exercise", required=True)
    parser.add_argument("--person", required=True, help="pseudonym, such as P-017; never a name")
    parser.add_argument("--folder", type=Path, default=RANGES_DIR)
    parser.add_argument("--exercises", type=Path, default=Path("config/exercises"))
    options = parser.parse_args(arguments)
    folder = options.folder.expanduser()
    try:
        known = PersonalRanges.load(folder, options.person)
        library = ExerciseLibrary.load(options.exercises)
        library.get(options.exercise)
        frames = skeletons_of_clip(options.source)
        path = assess_range(frames, options.exercise, library, known).save(folder, options.person)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
