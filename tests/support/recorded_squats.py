"""Made-up squats as bags of skeletons."""

from pathlib import Path

from apsa_perception.ros.conversion import header, skeletons_to_msg
from support.figures import Frames, figure, repeat
from support.skeleton_bags import START_NS, skeleton_bag


def squats(count: int) -> Frames:
    """Squats with the knees inwards."""
    return repeat(
        lambda stamp, way: [
            figure(stamp, knee_deg=(175.0 - 95.0 * way,) * 2, knees_over_ankles=1.0 - 0.5 * way)
        ],
        count,
    )


def write_bag(folder: Path, frames: Frames, source: str = "made_up") -> Path:
    """Write frames with a picture as a bag of skeletons."""
    messages = [
        skeletons_to_msg(people, header(START_NS + stamp, "camera"), (640, 480), source)
        for stamp, people in frames
    ]
    return skeleton_bag(folder, messages)
