"""Command: an exercise from a clip of a few good repetitions.

python -m apsa_perception.assessment.teach_in --source clip.mp4 --name my_squat
"""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.subject import SubjectChooser
from apsa_perception.biomechanics.posture import (
    Posture,
    make_posture,
    reliable_joints,
    up_of_camera,
)
from apsa_perception.biomechanics.view import ViewEstimator
from apsa_perception.exercises.library import load_exercise
from apsa_perception.exercises.teach import teach
from apsa_perception.pose.clip import skeletons_of_clip
from apsa_perception.skeleton.types import Skeleton

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def postures(
    frames: Iterable[tuple[int, Sequence[Skeleton]]], settings: AssessmentSettings
) -> list[tuple[int, Posture]]:
    """The exerciser of each frame, prepared for measuring as in a session."""
    subject = SubjectChooser(settings.keep_body_s)
    view = ViewEstimator(
        settings.view_smoothing_s,
        settings.frontal_limit_rad,
        settings.side_limit_rad,
        settings.view_hysteresis_rad,
    )
    up = up_of_camera(settings.camera_pitch_rad)
    found = []
    for stamp_ns, people in frames:
        person = subject.choose(stamp_ns, people)
        if person is None:
            continue
        seen = reliable_joints(person, settings.min_confidence, None)
        body_view = view.update(person, seen, up)
        trust = settings.trust_depth_without_picture
        found.append((stamp_ns, make_posture(person, seen, up, body_view, trust)))
    return found


def record(
    frames: Iterable[tuple[int, Sequence[Skeleton]]], name: str, title: str, folder: Path
) -> Path:
    """Write ``<folder>/<name>.yaml`` and return its path.

    Raises:
        ValueError: no name of a file, one that is taken, or frames that show no exercise.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"the name is {name!r}; allowed are up to 64 small letters, digits and underscores"
        )
    path = folder / f"{name}.yaml"
    if path.exists():
        raise ValueError(f"{path} is there already; allowed is a new name")
    text = teach(postures(frames, AssessmentSettings()), name, title)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    try:
        load_exercise(path)
    except ValueError:
        path.unlink()
        raise
    return path


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_perception.assessment.teach_in")
    parser.add_argument("--source", type=Path, required=True, help="clip that begins at rest")
    parser.add_argument("--name", required=True, help="name of the new exercise")
    parser.add_argument("--title", default="", help="title for people; default from the name")
    parser.add_argument("--folder", type=Path, default=Path("config/exercises"))
    options = parser.parse_args(arguments)
    title = options.title or options.name.replace("_", " ").capitalize()
    try:
        path = record(skeletons_of_clip(options.source), options.name, title, options.folder)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
