"""How lost images change the answers: the shipped repetitions with images left out at random.

python3 scripts/bootstrap.py --with test --with evaluate -- python benchmarks/lost_images.py
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from apsa_perception.assessment.offline import Run, assess
from support.assessed_sample import frames
from support.figures import Frames, library
from support.samples import drawn, model, sample

SHARES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7)
_PER_EXERCISE = 4


def recordings() -> list[tuple[str, Frames]]:
    """Exercise and frames at 30 images a second, of the depth sensor and of drawn images."""
    exercises, found = library(), []
    for data, pictured in ((sample(), False), (drawn(), True)):
        taken: dict[str, int] = {}
        for one in data.sequences:
            if one.exercise in exercises.names and taken.get(one.exercise, 0) < _PER_EXERCISE:
                taken[one.exercise] = taken.get(one.exercise, 0) + 1
                found.append((one.exercise, frames(one, pictured)))
    return found


def same_answers(run: Run, whole: Run) -> tuple[bool, int, int]:
    """Whether as many repetitions were counted; judged repetitions, and those with equal grade."""
    equal = len(run.repetitions) == len(whole.repetitions)
    pairs = zip(run.qualities, whole.qualities, strict=True) if equal else ()
    grades = [one.grade == other.grade for one, other in pairs]
    return equal, len(grades), sum(grades)


def main() -> None:
    """Print a line for each share."""
    exercises, network = library(), model()
    chosen = recordings()
    whole = [assess(each, name, exercises, model=network) for name, each in chosen]
    total = sum(len(run.repetitions) for run in whole)
    print(f"{len(chosen)} recordings, {total} repetitions")
    for share in SHARES:
        random = np.random.default_rng(0)
        counted = judged = equal = 0
        for (name, each), reference in zip(chosen, whole, strict=True):
            arrived = [one for one in each if random.random() >= share]
            run = assess(arrived, name, exercises, model=network)
            same, pairs, grades = same_answers(run, reference)
            counted, judged, equal = counted + same, judged + pairs, equal + grades
        print(
            f"{share:.0%} lost: same count in {counted / len(chosen):.0%} of the recordings; "
            f"there same grade of {equal / max(judged, 1):.0%} of the repetitions"
        )


if __name__ == "__main__":
    main()
