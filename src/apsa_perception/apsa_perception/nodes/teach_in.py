"""Command: an exercise from a few good repetitions, recorded or shown now.

python -m apsa_perception.nodes.teach_in --source clip.mp4 --name my_squat
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.assessment.subject import SubjectChooser
from apsa_perception.biomechanics.posture import make_posture, reliable_joints, up_of_camera
from apsa_perception.biomechanics.view import ViewEstimator
from apsa_perception.exercises.demonstration import Demonstration
from apsa_perception.exercises.file import check_name, write_exercise
from apsa_perception.exercises.teach import teach
from apsa_perception.nodes.frames import Frame, add_source_arguments, frames_of

OWN_EXERCISES_DIR = Path("~/.apsa/exercises")
_LOOK_EVERY = 10


def demonstration(
    frames: Iterable[Frame], settings: AssessmentSettings, repetitions: int = 0
) -> Demonstration:
    """What the exerciser shows, prepared for measuring as in a session.

    Args:
        frames: stamp in nanoseconds and people, from rest on.
        settings: as of the session.
        repetitions: enough when so many have been seen; 0 takes all frames.
    """
    subject = SubjectChooser(settings.keep_body_s)
    view = ViewEstimator(
        settings.view_smoothing_s,
        settings.frontal_limit_rad,
        settings.side_limit_rad,
        settings.view_hysteresis_rad,
    )
    up = up_of_camera(settings.camera_pitch_rad)
    shown = Demonstration()
    for number, (stamp_ns, people) in enumerate(frames):
        person = subject.choose(stamp_ns, people)
        if person is None:
            continue
        seen = reliable_joints(person, settings.min_confidence, None)
        body_view = view.update(person, seen, up)
        trust = settings.trust_depth_without_picture
        shown.add(stamp_ns, make_posture(person, seen, up, body_view, trust))
        if repetitions and number % _LOOK_EVERY == 0 and shown.count() >= repetitions:
            break
    return shown


def record(
    frames: Iterable[Frame], name: str, title: str, folder: Path, repetitions: int = 0
) -> Path:
    """Write ``<folder>/<name>.yaml`` and return its path.

    Raises:
        ValueError: no name of a file, one that is taken, or frames that show no exercise.
    """
    check_name(folder, name)
    shown = demonstration(frames, AssessmentSettings(), repetitions)
    return write_exercise(folder, name, teach(shown, name, title))


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_perception.nodes.teach_in")
    add_source_arguments(parser)
    parser.add_argument("--name", required=True, help="name of the new exercise")
    parser.add_argument("--title", default="", help="title for people; default from the name")
    parser.add_argument(
        "--repetitions", type=int, default=0, help="stop after so many; needed for a live source"
    )
    parser.add_argument("--folder", type=Path, default=OWN_EXERCISES_DIR)
    options = parser.parse_args(arguments)
    try:
        path = record(
            frames_of(options.source, options.image_topic, options.mirrored),
            options.name,
            options.title,
            options.folder.expanduser(),
            options.repetitions,
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
