"""Results of the assessment over the shipped repetitions, with the network.

    python -m support.assessed_sample FILE

writes them as they are now; ``tests/data/assessed_sample.json`` holds what was given before the
assessment was made faster, and changes only with an intended change of answers.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from apsa_perception.assessment.assessor import Assessor
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.model.skeleton import Skeleton
from apsa_perception.recordings.collector import Collector
from apsa_training.data.sequences import MotionSequence
from support.figures import Frames, library
from support.samples import drawn, model, sample

PERIOD_NS = 33_333_333
_REST = 20
_PER_FAMILY = 2


def frames(sequence: MotionSequence, pictured: bool) -> Frames:
    """The repetition three times, standing still around it; joints are hidden now and then."""
    last = len(sequence.positions) - 1
    once = [*[0] * _REST, *range(last + 1), *[last] * _REST]
    found: Frames = []
    for number, index in enumerate(once * 3):
        stamp_ns = (number + 1) * PERIOD_NS
        positions, confidence = sequence.positions[index], sequence.confidence[index].copy()
        if number % 17 == 5:
            confidence[number % 20] = 0.2
        pixels = np.full((20, 2), np.nan)
        if pictured:
            pixels = np.array([320.0, 240.0]) + 200.0 * positions[:, :2]
        size, source = ((640, 480), "blazepose_full") if pictured else ((0, 0), "kinect_v2")
        body = Skeleton(
            stamp_ns, 1, positions, pixels, confidence, sequence.observed[index], size, None, source
        )
        found.append((stamp_ns, [body]))
    return found


def sample_rows() -> dict[str, Any]:
    """Rows of the tables by the name of the repetition."""
    exercises, found = library(), {}
    for data, pictured in ((sample(), False), (drawn(), True)):
        taken: dict[str, int] = {}
        for one in data.sequences:
            if one.exercise not in exercises.names or taken.get(one.exercise, 0) == _PER_FAMILY:
                continue
            taken[one.exercise] = taken.get(one.exercise, 0) + 1
            collector = Collector(one.name, one.exercise)
            assessor = Assessor(exercises, AssessmentSettings(), model())
            assessor.start(one.exercise)
            for stamp_ns, people in frames(one, pictured):
                for result in assessor.update(stamp_ns, people):
                    collector.add(replace(result, session_id=""))
            found[f"{one.name}, {'drawn' if pictured else 'recorded'}"] = collector.rows
    return found


if __name__ == "__main__":
    text = json.dumps(sample_rows(), indent=0, allow_nan=False)
    Path(sys.argv[1]).write_text(text.replace("\n", "") + "\n")
