"""Settings of the assessment, validated in one place."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class AssessmentSettings:
    """What holds for every exercise; what differs between exercises stands in their files.

    Attributes:
        camera_pitch_rad: how far the camera looks down; the calibration replaces it.
        min_confidence: least confidence 0..1 of a joint that is relied on.
        max_gap_s: seconds without the measure after which a repetition is given up.
        keep_body_s: seconds that the exerciser may be gone before somebody else is taken.
        min_frames: least number of frames of a repetition that is judged.
        min_seen_share: least share 0..1 of a repetition's frames in which the joints that matter
            are seen, and in which the view bears the exercise.
        view_smoothing_s: time constant with which the direction of view is smoothed.
        frontal_limit_rad: up to this turn of the body the view is frontal; widths across the
            picture shrink by 13 % there.
        side_limit_rad: from this turn on it is a side view.
        view_hysteresis_rad: overstepping of a border that changes the view.
        trust_depth_without_picture: whether skeletons without a picture come from a sensor that
            measures depth, so that every view bears every measure.
        calibration_motion_m: greatest standard deviation of a joint that counts as standing still.
        calibration_tilt_rad: greatest angle between the upright trunk and the camera's up.
        target_repetitions: repetitions asked for; 0 is no limit.
    """

    camera_pitch_rad: float = 0.0
    min_confidence: float = 0.5
    max_gap_s: float = 1.0
    keep_body_s: float = 1.0
    min_frames: int = 8
    min_seen_share: float = 0.7
    view_smoothing_s: float = 0.5
    frontal_limit_rad: float = math.radians(30)
    side_limit_rad: float = math.radians(60)
    view_hysteresis_rad: float = math.radians(5)
    trust_depth_without_picture: bool = True
    calibration_motion_m: float = 0.03
    calibration_tilt_rad: float = math.radians(35)
    target_repetitions: int = 0

    def __post_init__(self) -> None:
        bounds: tuple[tuple[str, float, float], ...] = (
            ("camera_pitch_rad", -math.pi / 3, math.pi / 3),
            ("min_confidence", 0.0, 1.0),
            ("max_gap_s", 0.05, 5.0),
            ("keep_body_s", 0.0, 60.0),
            ("min_frames", 2, 1000),
            ("min_seen_share", 0.0, 1.0),
            ("view_smoothing_s", 0.01, 10.0),
            ("frontal_limit_rad", 0.0, math.pi / 2),
            ("side_limit_rad", 0.0, math.pi / 2),
            ("view_hysteresis_rad", 0.0, math.radians(15)),
            ("calibration_motion_m", 0.001, 1.0),
            ("calibration_tilt_rad", 0.0, math.pi / 2),
            ("target_repetitions", 0, 10_000),
        )
        for name, low, high in bounds:
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} is {value:g}; allowed is {low:g} to {high:g}")
        if self.frontal_limit_rad >= self.side_limit_rad:
            raise ValueError(
                f"frontal_limit_rad is {self.frontal_limit_rad:g}; allowed is less than "
                f"side_limit_rad, {self.side_limit_rad:g}"
            )
