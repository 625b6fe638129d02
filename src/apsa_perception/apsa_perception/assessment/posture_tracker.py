"""The exerciser's skeleton prepared for measuring."""

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


class Preparation:
    """Makes postures of one person's skeletons, following the direction they are seen from.

    Attributes:
        reference: the person's own upright posture, once they are calibrated to it.
    """

    def __init__(self, settings: AssessmentSettings) -> None:
        self.reference: BodyReference | None = None
        self._settings = settings
        self._camera_up = up_of_camera(settings.camera_pitch_rad)
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
        """The posture of the next frame."""
        up = self.reference.up if self.reference else self._camera_up
        seen = reliable_joints(skeleton, self._settings.minimum_confidence, self.reference)
        view = self._view.update(skeleton, seen, up)
        return make_posture(skeleton, seen, up, view, self._settings.trust_depth_without_picture)

    def forget_person(self) -> None:
        """Another person's skeletons follow."""
        self.reference = None
        self._view.reset()
