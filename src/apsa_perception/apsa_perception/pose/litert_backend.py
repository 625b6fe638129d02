"""Backend that runs the BlazePose models with LiteRT: no MediaPipe, any version of NumPy."""

from typing import NamedTuple

import numpy as np

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import CanonicalPose
from apsa_perception.model.stamps import microseconds_after
from apsa_perception.pose.backend import DEFAULT_MODEL, MAX_PEOPLE, POSE_MODELS
from apsa_perception.pose.blazepose import blazepose_to_canonical
from apsa_perception.pose.blazepose_detector import BlazePoseDetector
from apsa_perception.pose.blazepose_landmarks import BlazePoseLandmarker, Landmarks
from apsa_perception.pose.region import Region, limit_size
from apsa_perception.pose.region_tracker import RegionTracker

SEARCH_US = 1_000_000
"""Time between two searches for further people; one takes as long as the landmarks of a person."""

LOST_SEARCH_US = 100_000
"""The same while somebody has just been lost: they come out from behind another person."""

LOST_US = 3_000_000
"""How long somebody counts as just lost."""

SAME_PERSON = 0.1
"""Two sets of landmarks are of one person if their median distance is a smaller share of the side
of the region, which is 2.7 m for an adult."""

SAME_REGION = 0.1
"""A region is of somebody who is followed already if its centre is nearer, as share of its side."""


class _Found(NamedTuple):
    tracker: RegionTracker
    expected: Region
    landmarks: Landmarks


class LiteRtBackend:
    """BlazePose of MediaPipe 0.10.21 (graph ``pose_landmark_cpu.pbtxt``), for several people.

    The region of a person comes from their landmarks in the last picture. The detector searches the
    whole picture while there is nobody, and at intervals while there are fewer people than allowed.
    The smoothing of landmarks is left to the estimator.

    Args:
        model: one of ``MODELS``; larger ones are more accurate and slower.
        max_people: how many people are followed at most; with 1 this is the graph of MediaPipe.

    Raises:
        ValueError: a model file is missing or damaged.
    """

    MODELS = POSE_MODELS
    MAX_PEOPLE = MAX_PEOPLE

    def __init__(self, model: str = DEFAULT_MODEL, max_people: int = 1) -> None:
        self.name = f"blazepose_{model}"
        self._max_people = max_people
        self._detector = BlazePoseDetector()
        self._landmarker = BlazePoseLandmarker(model)
        self._last_us: int | None = None
        self._trackers: list[RegionTracker] = []
        self._searched_us = self._lost_us = -LOST_US

    def detect(self, rgb: RgbImage, stamp_ns: int) -> list[CanonicalPose]:
        """Return the people in the picture.

        Raises:
            StampError: the stamp is not at least a microsecond later than the last one.
        """
        self._last_us = stamp_us = microseconds_after(stamp_ns, self._last_us)
        small = limit_size(rgb)
        size = (small.shape[1], small.shape[0])
        search = self._search_is_due(stamp_us)
        found = self._follow(small)
        if search:
            self._searched_us = stamp_us
            self._search(small, found)
        self._trackers[:] = [each.tracker for each in found]
        for each in found:
            each.tracker.follow(each.landmarks.alignment, stamp_us, size)
        return [_canonical(each.landmarks, (rgb.shape[1], rgb.shape[0])) for each in found]

    def reset(self) -> None:
        """Forget earlier frames; the next stamp may have any value."""
        self._last_us = None
        self._trackers = []
        self._searched_us = self._lost_us = -LOST_US

    def close(self) -> None:
        """Release the models."""
        del self._detector, self._landmarker

    def _search_is_due(self, stamp_us: int) -> bool:
        if not self._trackers:
            return True
        if len(self._trackers) >= self._max_people:
            return False
        just_lost = stamp_us - self._lost_us < LOST_US
        return stamp_us - self._searched_us >= (LOST_SEARCH_US if just_lost else SEARCH_US)

    def _follow(self, rgb: RgbImage) -> list[_Found]:
        """Return the people of the last picture who are in this one."""
        found: list[_Found] = []
        for tracker in self._trackers:
            region = tracker.region()
            landmarks = self._landmarker.find(rgb, region) if region else None
            if region is not None and landmarks is not None:
                found.append(_Found(tracker, region, landmarks))
        found = _distinct(found, (rgb.shape[1], rgb.shape[0]))
        if len(found) < len(self._trackers) and self._last_us is not None:
            self._lost_us = self._last_us
        return found

    def _search(self, rgb: RgbImage, found: list[_Found]) -> None:
        """Add people who are not followed yet."""
        size = (rgb.shape[1], rgb.shape[0])
        for region in self._detector.detect(rgb, self._max_people):
            if len(found) == self._max_people:
                return
            if any(_same_region(region, each, size) for each in found):
                continue
            landmarks = self._landmarker.find(rgb, region)
            if landmarks is None:
                continue
            new = _Found(RegionTracker(), region, landmarks)
            if not any(_same_person(new, each, size) for each in found):
                found.append(new)


def _distinct(found: list[_Found], size: tuple[int, int]) -> list[_Found]:
    """Return each person once.

    Where one person hides another, the landmarks of both become those of the one in front. The
    region that the landmarks left for it belongs to the hidden one, and is dropped.
    """
    kept: list[_Found] = []
    for each in sorted(found, key=lambda one: _displacement(one, size)):
        if not any(_same_person(each, other, size) for other in kept):
            kept.append(each)
    return [each for each in found if any(each is one for one in kept)]


def _displacement(found: _Found, size: tuple[int, int]) -> float:
    """How far the landmarks are from where they were expected, as a share of the region."""
    way = (found.landmarks.alignment[0] - found.expected.centre) * size
    return float(np.hypot(*way)) / _side(found.expected, size)


def _same_person(one: _Found, other: _Found, size: tuple[int, int]) -> bool:
    apart = np.hypot(*((one.landmarks.picture - other.landmarks.picture) * size).T)
    side = min(_side(one.expected, size), _side(other.expected, size))
    return float(np.median(apart)) < SAME_PERSON * side


def _same_region(region: Region, found: _Found, size: tuple[int, int]) -> bool:
    way = (region.centre - found.landmarks.alignment[0]) * size
    return float(np.hypot(*way)) < SAME_REGION * _side(region, size)


def _side(region: Region, size: tuple[int, int]) -> float:
    return float(region.size[0]) * size[0]


def _canonical(landmarks: Landmarks, size: tuple[int, int]) -> CanonicalPose:
    return blazepose_to_canonical(
        world=landmarks.world.astype(np.float64),
        pixels=landmarks.picture.astype(np.float64) * size,
        visibility=landmarks.visibility.astype(np.float64),
        image_size=size,
    )
