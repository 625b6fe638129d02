"""Settings of the assessment."""

import math
from dataclasses import dataclass, fields
from typing import TypeVar

from apsa_perception.model.settings import check, setting

T = TypeVar("T", bound="AssessmentSettings")


@dataclass(frozen=True)
class SessionSettings:
    """What depends on camera and person, so that a user sets it."""

    camera_pitch_deg: float = setting(
        0.0,
        "[deg] downward tilt of the camera, used until the person is calibrated",
        -60.0,
        60.0,
        live=True,
    )
    minimum_confidence: float = setting(
        0.5, "confidence below which a joint is not used, 0 to 1", 0.0, 1.0, live=True
    )
    target_repetitions: int = setting(
        0, "repetitions after which a session ends; 0: no limit", 0, 1000, live=True
    )
    wait_until_ready: bool = setting(
        False,
        "whether a start and a calibration wait until one person stands ready in view, then count "
        "down; the option of the same name sets it for camera devices",
        live=True,
    )
    hand_signal: bool = setting(
        True,
        "whether one hand held above the head for two seconds starts, pauses and continues; only "
        "with wait_until_ready",
        live=True,
    )
    ask_ratings: bool = setting(
        True, "whether the page asks for pain and effort at the end of a set", live=True
    )
    # Pain-monitoring model: up to 5 of 10 is acceptable (Thomee 1997; Silbernagel et al. 2007).
    pain_limit: int = setting(
        6,
        "pain of 0 to 10 at or above which a session pauses, unless its programme has a limit; "
        "0: none",
        0,
        10,
        live=True,
    )

    @property
    def camera_pitch_rad(self) -> float:
        """Downward tilt of the camera."""
        return math.radians(self.camera_pitch_deg)


@dataclass(frozen=True)
class AssessmentSettings(SessionSettings):
    """Settings that hold for every exercise; an exercise file has what differs between them."""

    max_gap_s: float = setting(
        1.0, "[s] without the measure after which a repetition is abandoned", 0.05, 5.0
    )
    keep_body_s: float = setting(
        1.0, "[s] the exerciser may be out of view before another person is chosen", 0.0, 60.0
    )
    min_frames: int = setting(8, "minimum number of frames of a judged repetition", 2, 1000)
    min_seen_share: float = setting(
        0.7,
        "minimum share of a repetition's frames in which the joints that matter are visible and "
        "the camera view supports the exercise",
        0.0,
        1.0,
    )
    view_smoothing_s: float = setting(
        0.5, "[s] time constant of the filter on the direction of view", 0.01, 10.0
    )
    frontal_limit_rad: float = setting(
        math.radians(30),
        "[rad] maximum rotation of the body in a frontal view; image widths shrink by 13 % there",
        0.0,
        math.pi / 2,
    )
    side_limit_rad: float = setting(
        math.radians(60), "[rad] minimum rotation of the body in a side view", 0.0, math.pi / 2
    )
    view_hysteresis_rad: float = setting(
        math.radians(5), "[rad] hysteresis between two views", 0.0, math.radians(15)
    )
    trust_depth_without_picture: bool = setting(
        True,
        "whether skeletons without an image come from a depth sensor, so that every view supports "
        "every measure",
    )
    calibration_motion_m: float = setting(
        0.03, "[m] maximum standard deviation of a joint of a person who stands still", 0.001, 1.0
    )
    calibration_tilt_rad: float = setting(
        math.radians(35),
        "[rad] maximum angle between the upright trunk and the camera's up",
        0.0,
        math.pi / 2,
    )

    def __post_init__(self) -> None:
        check(self)
        if self.frontal_limit_rad >= self.side_limit_rad:
            raise ValueError(
                f"frontal_limit_rad is {self.frontal_limit_rad:g}; expected less than "
                f"side_limit_rad, {self.side_limit_rad:g}"
            )

    @classmethod
    def of(cls: type[T], chosen: SessionSettings) -> T:
        """Return the settings with what the user has chosen."""
        return cls(**{each.name: getattr(chosen, each.name) for each in fields(SessionSettings)})
