"""How far what LiteRT finds is from what MediaPipe finds, by clip and model.

python benchmarks/pose_difference.py --models lite full -- squat_front.mp4 lunge_side.mp4

MediaPipe comes with ``python3 scripts/bootstrap.py --with oracle -- ...``. Its wheel has the model
full; the models lite and heavy are copied into it from this package.
"""

import argparse
import shutil
from itertools import islice
from pathlib import Path

import mediapipe
import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.paths import share_dir
from apsa_perception.model.skeleton import CanonicalPose
from apsa_perception.pose.backend import POSE_MODELS, PoseBackend
from apsa_perception.pose.litert_backend import LiteRtBackend
from apsa_perception.pose.mediapipe_backend import MediaPipeBackend
from apsa_perception.sources.video import VideoReader

COMPARED_PX = 640

Poses = list[CanonicalPose | None]


def mediapipe_backend(model: str) -> MediaPipeBackend:
    """Return MediaPipe with one of its three models."""
    name = f"pose_landmark_{model}.tflite"
    target = Path(mediapipe.__file__).parent / "modules" / "pose_landmark" / name
    if not target.is_file():
        shutil.copyfile(share_dir("apsa_perception") / "models" / name, target)

    class Backend(MediaPipeBackend):
        COMPLEXITY = POSE_MODELS.index(model)

    return Backend()


def found_in(backend: PoseBackend, clip: Path, frames: int, noise: int = 0) -> Poses:
    """Return the first person of each frame; None: nobody.

    Args:
        backend: the pose model.
        clip: a video.
        frames: how many of its frames.
        noise: largest change of the grey levels of the first frame, at random.
    """
    found = []
    with VideoReader(clip) as video:
        for index, (stamp_ns, rgb) in enumerate(islice(video, frames)):
            picture = _noisy(rgb, noise) if noise and index == 0 else rgb
            found.append(backend.detect(picture, stamp_ns))
    backend.close()
    return [poses[0] if poses else None for poses in found]


def difference(ours: Poses, theirs: Poses, scale: float) -> str:
    """Return median and 95th percentile of all joints where both see somebody."""
    both = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    px = [np.linalg.norm(a.pixels - b.pixels, axis=1) * scale for a, b in both]
    mm = [1e3 * np.linalg.norm(a.positions - b.positions, axis=1) for a, b in both]
    texts = []
    for name, values in (("px", px), ("mm", mm)):
        middle, most = np.percentile(values, (50, 95)) if values else (np.nan, np.nan)
        texts.append(f"{middle:.2f} {name} (95 %: {most:.2f})")
    return ", ".join(texts)


def line(clip: Path, model: str, frames: int) -> str:
    """Return frames with a person, the difference, and that of two runs of LiteRT.

    The landmarks of a picture give the region that the model sees in the next one, so that the
    rounding of a crop grows. For comparison LiteRT runs again, the first frame changed by one grey
    level.
    """
    ours = found_in(LiteRtBackend(model, 1), clip, frames)
    theirs = found_in(mediapipe_backend(model), clip, frames)
    again = found_in(LiteRtBackend(model, 1), clip, frames, noise=1)
    with VideoReader(clip) as video:
        scale = COMPARED_PX / max(video.size)
    counts = [sum(pose is not None for pose in found) for found in (ours, theirs)]
    return (
        f"{clip.stem} {model}: {len(ours)} frames, found {counts[0]} and {counts[1]}; "
        f"{difference(ours, theirs, scale)}; one grey level: {difference(ours, again, scale)}"
    )


def _noisy(rgb: RgbImage, levels: int) -> RgbImage:
    change = np.random.default_rng(1).integers(-levels, levels + 1, rgb.shape)
    return np.clip(rgb + change, 0, 255).astype(np.uint8)


def main() -> None:
    """Print a line for each clip and model."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--models", choices=POSE_MODELS, nargs="+", default=["full"])
    parser.add_argument("--frames", type=int, default=60)
    arguments = parser.parse_args()
    for clip in arguments.clips:
        for model in arguments.models:
            print(line(clip, model, arguments.frames), flush=True)


if __name__ == "__main__":
    main()
