"""What the pose estimator asks of a pose model."""

from typing import Protocol

from apsa_perception.imaging.images import RgbImage
from apsa_perception.model.skeleton import CanonicalPose


class StampError(ValueError):
    """The picture's stamp does not follow the one before; the message says by how much."""


class PoseBackend(Protocol):
    """Finds the people in a picture; one class for each model, none of which knows of ROS.

    A backend maps the model's landmarks to the canonical joints itself and says nothing about who
    is who: identity, plausibility and smoothing are the estimator's.
    """

    @property
    def name(self) -> str:
        """Name of the model, such as ``mediapipe_pose_full``."""

    def detect(self, rgb: RgbImage, stamp_ns: int) -> list[CanonicalPose]:
        """Return the people in the picture, each with arrays of shape ``(20, ...)``.

        Raises:
            StampError: the stamp does not follow the last one; nothing has changed.
        """

    def reset(self) -> None:
        """Forget earlier frames; the next stamp may be any."""

    def close(self) -> None:
        """Release the model; nothing may be called afterwards."""
