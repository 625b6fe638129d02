"""How right the named errors are: ``make evaluate-errors``.

Every figure is by subject or by clip: no person is on both sides of a fitted model.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.build import IRDS_EXERCISES, UI_PRMD_EXERCISES
from apsa_training.evaluation import tables
from apsa_training.evaluation.clips import derived_clips
from apsa_training.evaluation.combining import combined_errors
from apsa_training.evaluation.counting import alarms, counted, counting, personal_ranges
from apsa_training.evaluation.squats import (
    kimore_faults,
    ui_prmd_squats,
    ui_prmd_squats_by_network,
)
from apsa_training.packed import load_packed
from apsa_training.results import provenance, write_json
from apsa_training.sequences import MotionData

_MODULE = "apsa_training.evaluation.errors"
_UI_PRMD = {name: name for name in UI_PRMD_EXERCISES} | {"deep_squat": "squat"}
Section = Callable[[], dict[str, object]]


def evaluate(data: Path, media: Path, runs: Path, library: ExerciseLibrary) -> dict[str, Section]:
    """The sections of the report by name, each computed when called."""
    return {
        "irds": lambda: _irds(data, library),
        "combined_errors": lambda: combined_errors(
            load_packed(data / "irds/irds.npz"), library, runs
        ),
        "ui_prmd": lambda: _ui_prmd(data, library),
        "ui_prmd_squats_by_network": lambda: ui_prmd_squats_by_network(_load_ui_prmd(data), runs),
        "kimore_squat_faults": lambda: kimore_faults(
            load_packed(data / "kimore/kimore.npz").sequences, library
        ),
        "squat_landmark_errors": lambda: tables.squat_frames(
            tables.load_table(data / "squat_landmark_errors/squat_landmark_errors.npz")
        ),
        "squat_form_features": lambda: tables.squat_features(
            tables.load_table(data / "squat_form_features/squat_form_features.npz")
        ),
        "exercise_correction": lambda: tables.gym_frames(
            tables.load_table(data / "exercise_correction/exercise_correction.npz")
        ),
        "derived_clips": lambda: derived_clips(media, library),
    }


def _irds(data: Path, library: ExerciseLibrary) -> dict[str, object]:
    sequences = load_packed(data / "irds/irds.npz").sequences
    names = {name: name for name in IRDS_EXERCISES}
    correct = [one for one in sequences if one.correct == 1]
    controls = counted([one for one in correct if not one.is_patient], library, names)
    patients = counted([one for one in correct if one.is_patient], library, names)
    return {
        "counting_controls": counting(controls),
        "counting_patients_correct": counting(patients),
        "counting_correct": counting({**controls, **patients}),
        "false_alarms_controls": alarms(controls),
        "alarms_patients_correct": alarms(patients),
        "personal_ranges": personal_ranges([one for one in sequences if one.is_patient], library),
    }


def _load_ui_prmd(data: Path) -> MotionData:
    return load_packed(data / "ui_prmd/ui_prmd_kinect.npz")


def _ui_prmd(data: Path, library: ExerciseLibrary) -> dict[str, object]:
    sequences = _load_ui_prmd(data).sequences
    known = {one.exercise: _UI_PRMD[one.movement] for one in sequences}
    correct = counted([one for one in sequences if one.correct == 1], library, known)
    by_exercise = {
        ours: counting({key: run for key, run in correct.items() if known[key[1]] == ours})
        for ours in _UI_PRMD.values()
    }
    return {
        "counting_correct": counting(correct),
        "counting_by_exercise": by_exercise,
        "alarms_correct": alarms(correct),
        "deep_squat": ui_prmd_squats(sequences, library),
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {_MODULE}", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--media", type=Path, help="folder of the clips; default ../media/video")
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), help="work folder of the cross-validation"
    )
    parser.add_argument("--exercises", type=Path, default=Path("config/exercises"))
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/errors.json"))
    parser.add_argument("--only", nargs="+", help="sections to measure anew; the others are kept")
    options = parser.parse_args(arguments)
    made_by = provenance(_MODULE, sys.argv[1:] if arguments is None else arguments)
    media = options.media or options.data.parent / "media" / "video"
    try:
        library = ExerciseLibrary.load(options.exercises)
        sections = evaluate(options.data, media, options.runs, library)
        unknown = sorted(set(options.only or ()) - sections.keys())
        if unknown:
            raise ValueError(
                f"there is no section {unknown[0]!r}; allowed are {', '.join(sections)}"
            )
        report = _kept(options.out) if options.only else {}
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for name in options.only or sections:
        started = time.monotonic()
        try:
            figures = sections[name]()
        except (ValueError, OSError) as error:
            figures = {"not_measured": str(error)}
            print(f"{name} is left out: {error}", file=sys.stderr)
        report[name] = {"made_by": made_by, **figures}
        write_json(options.out, report)
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"written to {options.out}")
    return 0


def _kept(path: Path) -> dict[str, object]:
    """The report that is there, or an empty one."""
    if not path.exists():
        return {}
    kept = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(kept, dict):
        raise ValueError(f"{path} is no report of this command")
    return kept


if __name__ == "__main__":
    sys.exit(main())
