"""Postures of the exerciser from skeletons, with the view tracked over time."""

from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.posture import (
    BodyReference,
    Posture,
    make_posture,
    reliable_joints,
    up_of_camera,
)
from apsa_perception.biomechanics.view import ViewEstimator
from apsa_perception.model.skeleton import Skeleton


class PostureTracker:
    """Makes postures of one person's skeletons and tracks the view of the camera.

    Attributes:
        reference: the person's own upright posture after a calibration.
    """

    def __init__(self, settings: AssessmentSettings) -> None:
        self.reference: BodyReference | None = None
        self.use_settings(settings)
        self._view = ViewEstimator(
            settings.view_smoothing_s,
            settings.frontal_limit_rad,
            settings.side_limit_rad,
            settings.view_hysteresis_rad,
        )

    def use_settings(self, settings: AssessmentSettings) -> None:
        """Use another camera pitch and minimum confidence from the next frame on."""
        self._settings = settings
        self._camera_up = up_of_camera(settings.camera_pitch_rad)

    def posture(self, skeleton: Skeleton) -> Posture:
        """Return the posture of the next frame."""
        up = self.reference.up if self.reference else self._camera_up
        seen = reliable_joints(skeleton, self._settings.minimum_confidence, self.reference)
        view = self._view.update(skeleton, seen, up)
        return make_posture(skeleton, seen, up, view, self._settings.trust_depth_without_picture)

    def forget_person(self) -> None:
        """Reset: skeletons of another person follow."""
        self.reference = None
        self._view.reset()
