"""Calibration: the person's own upright posture while standing still becomes the reference."""

import math
from dataclasses import replace

import numpy as np

from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.session import Session
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.measures import MEASURES, take_measures
from apsa_perception.biomechanics.posture import (
    BodyReference,
    Posture,
    bone_lengths,
    trunk_direction,
)
from apsa_perception.model.codes import RequestError, RequestErrorCode, SessionEvent
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.model.time import to_nanoseconds

WHOLE_BODY = (
    Joint.LEFT_SHOULDER,
    Joint.RIGHT_SHOULDER,
    Joint.LEFT_HIP,
    Joint.RIGHT_HIP,
    Joint.LEFT_KNEE,
    Joint.RIGHT_KNEE,
    Joint.LEFT_ANKLE,
    Joint.RIGHT_ANKLE,
)
MIN_DURATION_S = 0.5
MAX_DURATION_S = 10.0
_MIN_WHOLE_SHARE = 0.8
_MIN_FRAMES = 5


class Calibration:
    """Collects frames for a fixed time and computes the reference from them.

    Args:
        duration_s: how long to collect.
        settings: limits of motion and tilt, and how skeletons become postures.

    Raises:
        RequestError: the duration is out of range.
    """

    def __init__(self, duration_s: float, settings: AssessmentSettings) -> None:
        if not MIN_DURATION_S <= duration_s <= MAX_DURATION_S:
            raise RequestError(
                RequestErrorCode.OUT_OF_RANGE,
                f"the duration of the calibration is {duration_s:g} s; expected "
                f"{MIN_DURATION_S:g} to {MAX_DURATION_S:g} s",
            )
        self._duration_s = duration_s
        self._settings = settings
        self._first_ns: int | None = None
        self._frames = 0
        self._whole: list[tuple[Skeleton, Posture]] = []

    def add(self, stamp_ns: int, skeleton: Skeleton | None, posture: Posture | None) -> bool:
        """Add a frame, None when nobody is in view; return True when the time is over."""
        if self._first_ns is None:
            self._first_ns = stamp_ns
        self._frames += 1
        if skeleton and posture and posture.seen[list(WHOLE_BODY)].all():
            self._whole.append((skeleton, posture))
        return stamp_ns - self._first_ns >= to_nanoseconds(self._duration_s)

    def finish(self) -> BodyReference:
        """Compute the reference.

        Raises:
            ValueError: the frames do not allow it; the message is for the person.
        """
        again = f"Please stand still for {self._duration_s:g} s"
        if len(self._whole) < max(_MIN_FRAMES, _MIN_WHOLE_SHARE * self._frames):
            raise ValueError(
                f"Your whole body from shoulders to ankles was visible in {len(self._whole)} of "
                f"{self._frames} frames only. {again} where all of it is in view."
            )
        positions = np.stack([posture.positions for _, posture in self._whole])
        motion = float(positions[:, list(WHOLE_BODY)].std(axis=0).max())
        if motion > self._settings.calibration_motion_m:
            raise ValueError(
                f"You moved by {100 * motion:.0f} cm, more than "
                f"{100 * self._settings.calibration_motion_m:.0f} cm. {again}."
            )
        trunk = np.median(trunk_direction(positions), axis=0)
        up = trunk / max(float(np.linalg.norm(trunk)), 1e-6)
        tilt = math.acos(min(1.0, float(up @ self._whole[-1][1].up)))
        allowed = self._settings.calibration_tilt_rad
        if tilt > allowed:
            raise ValueError(
                f"Your trunk was tilted by {math.degrees(tilt):.0f} degrees, more than "
                f"{math.degrees(allowed):.0f}. {again} and upright."
            )
        upright = BodyReference(up, self._bone_lengths(positions), {})
        return replace(upright, rest_values=self._rest_values(upright))

    def _bone_lengths(self, positions: FloatArray) -> FloatArray:
        lengths = bone_lengths(positions)
        seen = np.stack([posture.seen for _, posture in self._whole])
        lengths[~seen] = np.nan
        some = seen.any(axis=0)
        result = np.full(lengths.shape[1], np.nan)
        result[some] = np.nanmedian(lengths[:, some], axis=0)
        return result

    def _rest_values(self, upright: BodyReference) -> dict[tuple[str, int], float]:
        """Median measures, taken as after the calibration: relative to the person's own up."""
        tracker = PostureTracker(self._settings)
        tracker.reference = upright
        taken: dict[tuple[str, int], list[float]] = {}
        for skeleton, _ in self._whole:
            for result in take_measures(tracker.posture(skeleton), MEASURES):
                if result.judged:
                    taken.setdefault((result.name, result.side), []).append(result.value)
        return {key: float(np.median(values)) for key, values in taken.items()}


class Calibrator:
    """Runs the calibrations of a session: one at a time, with their result for the person.

    Args:
        session: whose state they change.
        postures: gets the reference.
    """

    def __init__(self, session: Session, postures: PostureTracker) -> None:
        self._session = session
        self._postures = postures
        self._running: Calibration | None = None

    def begin(self, duration_s: float, settings: AssessmentSettings) -> None:
        """Start to collect frames.

        Raises:
            RequestError: the duration is out of range, or a calibration is in progress.
        """
        calibration = Calibration(duration_s, settings)
        self._session.begin_calibration()
        self._running = calibration

    def cancel(self) -> None:
        """Stop collecting: the session ends."""
        self._running = None

    def add(self, stamp_ns: int, skeleton: Skeleton | None, posture: Posture | None) -> None:
        """Add a frame; the last one ends the calibration."""
        if self._running is None or not self._running.add(stamp_ns, skeleton, posture):
            return
        try:
            self._postures.reference = self._running.finish()
        except ValueError as error:
            self._session.end_calibration(SessionEvent.CALIBRATION_FAILED, str(error))
        else:
            self._session.end_calibration(
                SessionEvent.CALIBRATED, "calibrated to your own upright posture"
            )
        self._running = None
