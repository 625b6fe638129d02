"""Pose estimation: RGB frames to skeletons of tracked people."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from apsa_perception.imaging.images import ImageError, RgbImage
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.model.time import to_nanoseconds
from apsa_perception.pose.appearance import appearance_of
from apsa_perception.pose.backend import PoseBackend, StampError
from apsa_perception.pose.camera_view import SAME_PROPORTIONS
from apsa_perception.pose.distortion import Distortion
from apsa_perception.pose.filters import OneEuroSettings
from apsa_perception.pose.people_tracker import Observation, PeopleTracker
from apsa_perception.pose.rectification import rectification_of
from apsa_perception.pose.root import locate_root, usable_intrinsics
from apsa_perception.pose.skeleton_correction import assumed_intrinsics
from apsa_perception.pose.square_pixels import in_picture, with_square_pixels
from apsa_perception.pose.track import MAX_GAP_S, Track, is_person

CORRECTED = "_corrected"
"""End of the source of skeletons that were corrected."""


class PoseEstimator:
    """Tracks and smooths the people found by a backend.

    People have numbers, which they keep as ``PeopleTracker`` describes.

    A model tells left from right by appearance and mistakes the left arm in a mirror image for a
    right one. Mirrored pictures must be declared: they are flipped before the model sees them, and
    its pixels are flipped back.

    Args:
        backend: the pose model.
        settings: settings of the smoothing.
        mirrored: whether the camera delivers mirror images.
        corrected: whether joints are moved to where the picture shows them and bones keep their
            lengths, as ``SkeletonCorrection`` describes.
    """

    def __init__(
        self,
        backend: PoseBackend,
        settings: OneEuroSettings | None = None,
        mirrored: bool = False,
        corrected: bool = True,
    ) -> None:
        self._backend = backend
        self._settings = settings or OneEuroSettings()
        self._mirrored = mirrored
        self._corrected = corrected
        self._people = PeopleTracker(self._settings)
        self._last_ns: int | None = None
        self._track_size: tuple[int, int] | None = None
        self.model_s = 0.0
        """Total computing time of the backend in seconds."""

    @property
    def source(self) -> str:
        """Name of the backend's model, and whether its skeletons are corrected."""
        return self._backend.name + (CORRECTED if self._corrected else "")

    def process(
        self,
        rgb: RgbImage,
        stamp_ns: int,
        intrinsics: FloatArray | None = None,
        distortion: Distortion | None = None,
    ) -> list[Skeleton]:
        """Return the people in the picture, ordered by their numbers.

        Args:
            rgb: ``(H, W, 3)`` uint8.
            stamp_ns: stamp of the picture in nanoseconds; all state advances by it.
            intrinsics: ``(3, 3)`` pinhole matrix in pixels of the given picture, to locate the
                pelvis, and to see people as they are through pixels that are not square; None, or
                one that no camera has: not known.
            distortion: of the lens with these ``intrinsics``; None: negligible or not known.

        Returns:
            Positions in the camera's optical frame, whether or not the picture is mirrored; pixels
            of the given picture.

        Raises:
            ImageError: not an RGB picture; the state is unchanged.
            StampError: the stamp is not later than the last one; the state is unchanged. Call
                ``reset`` if the clock was set back on purpose.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
            raise ImageError(
                f"the picture has shape {rgb.shape} and type {rgb.dtype}; expected (H, W, 3) uint8"
            )
        if self._last_ns is not None:
            if stamp_ns <= self._last_ns:
                raise StampError(
                    f"the stamp {stamp_ns} ns is not later than the last one, {self._last_ns} ns"
                )
            if stamp_ns - self._last_ns > to_nanoseconds(MAX_GAP_S):
                self._backend.reset()
        view = _undistorted(rgb, intrinsics, distortion)
        rgb, intrinsics = view.rgb, view.intrinsics
        people = self._found(
            np.ascontiguousarray(rgb[:, ::-1]) if self._mirrored else rgb, stamp_ns
        )
        self._last_ns = stamp_ns
        size = (rgb.shape[1], rgb.shape[0])
        scale = self._track_scale(size)
        if scale != 1.0:
            people = [
                one._replace(pose=one.pose._replace(pixels=one.pose.pixels * scale))
                for one in people
            ]
        tracks = self._people.update(people, stamp_ns)
        if self._mirrored and intrinsics is not None:
            intrinsics = _flipped_intrinsics(intrinsics, size[0])
        skeletons = [self._skeleton(track, stamp_ns, size, scale, intrinsics) for track in tracks]
        if self._mirrored:
            skeletons = [_with_flipped_pixels(one) for one in skeletons]
        return [view.in_given(one) for one in skeletons]

    def use_settings(self, settings: OneEuroSettings) -> None:
        """Filter with other settings from the next picture on; people keep their numbers."""
        self._settings = settings
        self._people.use_settings(settings)

    def reset(self) -> None:
        """Reset to the initial state; the next stamp may have any value, numbers restart at 1."""
        self._backend.reset()
        self._people = PeopleTracker(self._settings)
        self._last_ns = None
        self._track_size = None

    def close(self) -> None:
        """Release the model."""
        self._backend.close()

    def _found(self, rgb: RgbImage, stamp_ns: int) -> list[Observation]:
        """The people that the backend finds, with what they wear where that is of use."""
        began = time.perf_counter()
        detected = self._backend.detect(rgb, stamp_ns)
        self.model_s += time.perf_counter() - began
        poses = [pose for pose in detected if is_person(pose)]
        look = self._people.wants_looks(len(poses), stamp_ns)
        return [Observation(pose, appearance_of(rgb, pose) if look else None) for pose in poses]

    def _skeleton(
        self,
        track: Track,
        stamp_ns: int,
        size: tuple[int, int],
        scale: float,
        intrinsics: FloatArray | None,
    ) -> Skeleton:
        pose = track.pose
        if scale != 1.0:
            pose = pose._replace(pixels=pose.pixels / scale)
        if self._corrected:
            assumed = assumed_intrinsics(size, intrinsics)
            pose = track.correction.correct(pose, stamp_ns, assumed)
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
            source=self.source,
        )

    def _track_scale(self, size: tuple[int, int]) -> float:
        """Pixels of the tracks per pixel of a picture; tracks keep the first size of a view.

        A camera that changes its resolution keeps its view if the proportions are the same.
        """
        if self._track_size is not None:
            across, down = (kept / now for kept, now in zip(self._track_size, size, strict=True))
            if abs(across / down - 1.0) < SAME_PROPORTIONS:
                return across
        self._track_size = size
        return 1.0


class _Undistorted(NamedTuple):
    """A picture that shows people as they are, and the way back to the given one.

    Attributes:
        rgb: ``(H, W, 3)`` uint8.
        intrinsics: ``(3, 3)`` of it; None: not known.
        in_given: returns a skeleton with the pixels of the given picture.
    """

    rgb: RgbImage
    intrinsics: FloatArray | None
    in_given: Callable[[Skeleton], Skeleton]


def _undistorted(
    rgb: RgbImage, intrinsics: FloatArray | None, distortion: Distortion | None
) -> _Undistorted:
    """The picture without distortion and with square pixels; as given where that is not known."""
    size = (rgb.shape[1], rgb.shape[0])
    if intrinsics is not None and not usable_intrinsics(intrinsics):
        intrinsics = None
    if intrinsics is not None and distortion is not None:
        rectification = rectification_of(size, intrinsics, distortion)
        if rectification is not None:
            return _Undistorted(
                rectification.rectified(rgb), rectification.matrix, rectification.in_given
            )
    if intrinsics is not None:
        rgb, intrinsics = with_square_pixels(rgb, intrinsics)
    return _Undistorted(rgb, intrinsics, lambda skeleton: in_picture(skeleton, size))


def _flipped_intrinsics(intrinsics: FloatArray, width: int) -> FloatArray:
    """The pinhole matrix of the flipped picture."""
    flipped = intrinsics.copy()
    flipped[0, 1] = -intrinsics[0, 1]
    flipped[0, 2] = width - intrinsics[0, 2]
    return flipped


def _with_flipped_pixels(skeleton: Skeleton) -> Skeleton:
    """The skeleton with its pixels flipped."""
    pixels = skeleton.pixels.copy()
    pixels[:, 0] = skeleton.image_size[0] - pixels[:, 0]
    return replace(skeleton, pixels=pixels)
