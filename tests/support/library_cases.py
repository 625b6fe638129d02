"""Made-up results of many recordings, as their part files hold them."""

import random
from collections.abc import Iterator

from apsa_perception.recordings.schema import ERRORS, FAILURES, QUALITY, RECORDINGS, Row

REASON = "/data/trial_007.mp4 is not a video that can be decoded; expected a video file"
_EXERCISES = ("arm_raise", "lunge", "squat")
_ERRORS = ("knee_valgus", "trunk_lean_forward", "insufficient_depth", "too_fast")


def library_rows(recordings: int) -> Iterator[tuple[str, Row]]:
    """Rows of recordings of three exercises; every 50th failed, the 7th with markup in its name."""
    chance = random.Random(1)
    for number in range(recordings):
        exercise = _EXERCISES[number % 3]
        name = f"site_{number % 4}/person_{number // 10:03d}/trial_{number:04d}.mcap"
        if number == 6:
            name = "<b>trial</b>_&_a_long_name_without_any_space_in_it_that_goes_on_and_on.mp4"
        common = {"recording": name, "exercise": exercise}
        if number % 50 == 7:
            yield FAILURES, {**common, "reason": REASON}
            continue
        scores = [
            None if chance.random() < 0.2 else chance.random() for _ in range(chance.randint(0, 14))
        ]
        known = [score for score in scores if score is not None]
        for score in scores:
            grade = "not_judged" if score is None else "good" if score >= 0.8 else "poor"
            yield QUALITY, {**common, "score": score, "grade": grade}
            if chance.random() < 0.4:
                yield ERRORS, {**common, "scope": "repetition", "error": chance.choice(_ERRORS)}
        yield (
            RECORDINGS,
            {
                **common,
                "notes": "2 frames dropped, such as: an image is empty" if number % 40 == 3 else "",
                "duration_s": 30.0 + number % 60,
                "repetitions": len(scores),
                "judged": len(known),
                "good": sum(score >= 0.8 for score in known),
                "mean_score": sum(known) / len(known) if known else None,
            },
        )
