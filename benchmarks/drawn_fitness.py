"""Counts fitness exercises and times holds on drawn people, true joints against those seen.

    python3 scripts/bootstrap.py --with test --with evaluate -- python benchmarks/drawn_fitness.py

Constructed postures, done right and with an error, are drawn as a person and seen through the pose
estimation. The body is the one in tests/data; clothes, light and surroundings vary. Writes
``results/drawn_fitness.json``.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from apsa_perception.assessment import offline  # noqa: E402
from apsa_perception.assessment.settings import AssessmentSettings  # noqa: E402
from apsa_perception.exercises.library import ExerciseLibrary  # noqa: E402
from apsa_perception.model.codes import ErrorCode  # noqa: E402
from apsa_perception.pose.backend import open_backend  # noqa: E402
from apsa_training.camera.observation import Observation  # noqa: E402
from support.drawn_postures import PITCH_DEG, draw, frames  # noqa: E402
from support.fitness import FITNESS, Fitness  # noqa: E402
from support.held_postures import HOLDS  # noqa: E402
from support.poses import Pose  # noqa: E402
from support.side_planks import SIDE_PLANKS  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "drawn_fitness.json"
COUNT, HELD_S = 4, 6.0
RATE_HZ = 10.0
QUICK_RATE_HZ = 30.0
"""Of repetitions under a second: at 10 Hz they are too short to be judged."""
# The exercise, then the side and the part of the arm that carry the body.
SIDE = {f"side_plank {name}": plank for name, plank in SIDE_PLANKS.items()}
YAWS: dict[str, tuple[float, ...]] = {
    **dict.fromkeys((*FITNESS, *HOLDS), (90.0, 60.0)),
    **dict.fromkeys(
        ("shoulder_press", "jumping_jack", "high_knees", "step_up"),
        (0.0, 35.0),
    ),
    "standing_hip_abduction": (0.0, 15.0, 45.0),
    "seated_march": (0.0, 35.0, 45.0),
    "single_leg_squat_right": (-45.0, -75.0),
    "single_leg_stance": (0.0, 35.0),
    "tandem_stance": (0.0, 15.0),
    "side_stretch": (0.0, 35.0, -35.0),
    # From the front and from behind, then turned to the feet and to the head.
    **{
        name: tuple(plank.front_deg + turn for turn in (0.0, 180.0, 30.0, -30.0))
        for name, plank in SIDE.items()
    },
}


def rate_hz_of(name: str) -> float:
    """Return the frame rate of an exercise, in Hz."""
    return QUICK_RATE_HZ if name in FITNESS and FITNESS[name].movement_s < 1.0 else RATE_HZ


def assess(name: str, drawn: Observation, library: ExerciseLibrary) -> dict[str, Any]:
    """What the coach makes of the true joints and of those seen."""
    found: dict[str, Any] = {"found": round(float(drawn.seen.mean()), 2)}
    for kind, true in (("true", True), ("seen", False)):
        settings = AssessmentSettings(camera_pitch_deg=PITCH_DEG)
        run = offline.assess(frames(drawn, true), name.split()[0], library, settings)
        if name not in FITNESS:
            found[kind] = {"held_s": [round(hold.held_s, 1) for hold in run.ended_holds]}
        else:
            peaks = [round(one.peak_value, 1) for one in run.repetitions]
            found[kind] = {"count": len(run.repetitions), "turning_points": peaks}
        found[kind]["errors"] = sorted(
            {code.name.lower() for code in run.live_codes.union(*run.codes)}
        )
    return found


def steps_of(name: str, error: ErrorCode | None = None) -> tuple[tuple[float, Pose], ...]:
    """The postures of an exercise or of a hold, done right or with an error."""
    if name in FITNESS:
        exercise: Fitness = FITNESS[name]
        return tuple(exercise.steps(COUNT, error is not None))
    if name in SIDE:
        return SIDE[name].steps(HELD_S, error is not None)
    return HOLDS[name].steps(HELD_S, error)


def errors_of(name: str) -> tuple[ErrorCode, ...]:
    """The errors with which an exercise is drawn, too."""
    if name in SIDE:
        return (ErrorCode.HIPS_LOW,)
    return (FITNESS[name].error,) if name in FITNESS else tuple(HOLDS[name].wrong)


def main() -> None:
    """Draw everything, or the exercises that are named, and write the results."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=[*FITNESS, *HOLDS, *SIDE])
    parser.add_argument("--first", action="store_true", help="only from the first direction")
    options = parser.parse_args()
    library = ExerciseLibrary.load(ROOT / "config" / "exercises")
    backend = open_backend()
    results = json.loads(RESULT.read_text()) if RESULT.is_file() else {}
    for name in options.names:
        results[name] = {}
        for yaw_deg in YAWS[name][: 1 if options.first else None]:
            rate_hz = rate_hz_of(name)
            drawn = draw(name, steps_of(name), yaw_deg, backend, rate_hz)
            result = assess(name, drawn, library)
            result["wrong"] = {}
            for error in errors_of(name):
                drawn = draw(name, steps_of(name, error), yaw_deg, backend, rate_hz)
                result["wrong"][error.name.lower()] = assess(name, drawn, library)
            results[name][f"yaw {yaw_deg:g}"] = result
            print(name, yaw_deg, result, flush=True)
        RESULT.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
