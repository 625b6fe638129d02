"""RGB frames to skeletons of tracked people."""

import itertools
import time
from dataclasses import replace

import numpy as np

from apsa_perception.imaging.images import ImageError, RgbImage
from apsa_perception.model.skeleton import CanonicalPose, FloatArray, Skeleton
from apsa_perception.pose.backend import PoseBackend, StampError
from apsa_perception.pose.filters import OneEuroSettings
from apsa_perception.pose.root import locate_root
from apsa_perception.pose.track import MAX_GAP_S, Track, is_person


class PoseEstimator:
    """A backend's people, followed over time and smoothed.

    A person gets a number when they have been found for ``CONFIRM_S`` without a break, and keeps it
    until they are lost for ``MAX_GAP_S`` or found where they cannot have gone to; what comes after
    is a new person with a new number and fresh filters.

    A model tells left from right by the looks alone and takes the left arm in a mirror image for a
    right one. Pictures that are mirrored must be said to be: they are turned back before the model
    sees them, and the pixels found are turned to the picture that came.

    Args:
        backend: the pose model.
        settings: of the smoothing.
        mirrored: whether the camera delivers mirror images.
    """

    def __init__(
        self,
        backend: PoseBackend,
        settings: OneEuroSettings | None = None,
        mirrored: bool = False,
    ) -> None:
        self._backend = backend
        self._settings = settings or OneEuroSettings()
        self._mirrored = mirrored
        self._tracks: list[Track] = []
        self._numbers = itertools.count(1)
        self._last_ns: int | None = None
        self.model_s = 0.0
        """Seconds that the backend has taken for all pictures together."""

    @property
    def source(self) -> str:
        """Name of the backend's model."""
        return self._backend.name

    def process(
        self, rgb: RgbImage, stamp_ns: int, intrinsics: FloatArray | None = None
    ) -> list[Skeleton]:
        """Return the people in the picture, ordered by their numbers; nobody is an empty list.

        Args:
            rgb: ``(H, W, 3)`` uint8.
            stamp_ns: stamp of the picture in nanoseconds; all state advances by it.
            intrinsics: ``(3, 3)`` pinhole matrix in pixels of the picture as it came, to place the
                pelvis by; or None.

        Returns:
            Positions in the camera's optical frame, whether or not the picture is mirrored; pixels
            in the picture as it came.

        Raises:
            ImageError: not an RGB picture. The state stays as it was.
            StampError: the stamp does not follow the last one. The state stays as it was; call
                ``reset`` if the clock was set back on purpose.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
            raise ImageError(
                f"picture has shape {rgb.shape} and type {rgb.dtype}; allowed is (H, W, 3) uint8"
            )
        if self._last_ns is not None:
            if stamp_ns <= self._last_ns:
                raise StampError(
                    f"stamp {stamp_ns} ns is not after the last one, {self._last_ns} ns; "
                    "allowed are stamps that increase"
                )
            if stamp_ns - self._last_ns > MAX_GAP_S * 1e9:
                self._backend.reset()
        turned = np.ascontiguousarray(rgb[:, ::-1]) if self._mirrored else rgb
        began = time.perf_counter()
        detected = self._backend.detect(turned, stamp_ns)
        self.model_s += time.perf_counter() - began
        poses = [pose for pose in detected if is_person(pose)]
        self._last_ns = stamp_ns
        found = self._follow(poses, stamp_ns)
        size = (rgb.shape[1], rgb.shape[0])
        if self._mirrored and intrinsics is not None:
            intrinsics = _turned_intrinsics(intrinsics, size[0])
        skeletons = [_skeleton(track, stamp_ns, size, intrinsics) for track in found]
        return [_with_turned_pixels(one) for one in skeletons] if self._mirrored else skeletons

    def use_settings(self, settings: OneEuroSettings) -> None:
        """Filter with other settings from the next picture on; people keep their numbers."""
        self._settings = settings
        for track in self._tracks:
            track.use_settings(settings)

    def reset(self) -> None:
        """Start anew, as if just made; the next stamp may be any and numbers begin at 1."""
        self._backend.reset()
        self._tracks = []
        self._numbers = itertools.count(1)
        self._last_ns = None

    def close(self) -> None:
        """Release the model."""
        self._backend.close()

    def _follow(self, poses: list[CanonicalPose], stamp_ns: int) -> list[Track]:
        """Give each pose to the track nearest to it or to a new one; return the confirmed ones."""
        known = [track for track in self._tracks if not track.is_lost(stamp_ns)]
        pairs = [
            (distance, t, p)
            for t, track in enumerate(known)
            for p, pose in enumerate(poses)
            if (distance := track.distance(pose, stamp_ns)) is not None
        ]
        track_of: dict[int, Track] = {}
        for _, t, p in sorted(pairs):
            if p not in track_of and known[t] not in track_of.values():
                known[t].update(poses[p], stamp_ns)
                track_of[p] = known[t]
        for p, pose in enumerate(poses):
            if p not in track_of:
                track_of[p] = Track(pose, stamp_ns, self._settings)
        found = list(track_of.values())
        self._tracks = found + [t for t in known if t.confirmed and t not in found]
        confirmed = [track for track in found if track.confirmed]
        for track in confirmed:
            track.body_id = track.body_id or next(self._numbers)
        return sorted(confirmed, key=lambda track: track.body_id)


def _skeleton(
    track: Track, stamp_ns: int, size: tuple[int, int], intrinsics: FloatArray | None
) -> Skeleton:
    pose = track.pose
    root = None
    if intrinsics is not None:
        root = locate_root(pose.positions, pose.pixels, pose.observed, intrinsics)
    return Skeleton(
        stamp_ns=stamp_ns,
        body_id=track.body_id,
        positions=pose.positions,
        pixels=pose.pixels,
        confidence=pose.confidence,
        observed=pose.observed,
        image_size=size,
        root=root,
    )


def _turned_intrinsics(intrinsics: FloatArray, width: int) -> FloatArray:
    """The pinhole matrix of the picture turned back."""
    turned = intrinsics.copy()
    turned[0, 1] = -intrinsics[0, 1]
    turned[0, 2] = width - intrinsics[0, 2]
    return turned


def _with_turned_pixels(skeleton: Skeleton) -> Skeleton:
    """The same with its pixels in the mirror image."""
    pixels = skeleton.pixels.copy()
    pixels[:, 0] = skeleton.image_size[0] - pixels[:, 0]
    return replace(skeleton, pixels=pixels)
