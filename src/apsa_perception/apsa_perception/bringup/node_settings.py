"""Settings of the nodes: their parameters, by node. Imports no ROS."""

from dataclasses import dataclass, field
from pathlib import Path

from apsa_perception.assessment.settings import SessionSettings
from apsa_perception.imaging.limits import HIGHEST_MAX_MEGAPIXELS, MAX_MEGAPIXELS
from apsa_perception.model.paths import path_or_none, share_dir
from apsa_perception.model.settings import setting
from apsa_perception.pose.backend import (
    DEFAULT_BACKEND,
    DEFAULT_MAX_PEOPLE,
    DEFAULT_MODEL,
    MAX_PEOPLE,
    POSE_MODELS,
    PoseBackend,
    open_backend,
)
from apsa_perception.pose.filters import OneEuroSettings
from apsa_perception.ros.node_settings import NodeSettings, StatefulSettings


@dataclass(frozen=True)
class SourceSettings(NodeSettings):
    """What both sources of recordings have."""

    source: str = setting("", "recording to publish")
    rate: float = setting(1.0, "times real time; 0: as fast as the subscribers keep up", 0.0, 100.0)
    loop: bool = setting(False, "start again at the end; stamps keep rising")
    lossless: bool = setting(
        True, "publish a frame only after the errors of the previous one were published"
    )


@dataclass(frozen=True)
class VideoSourceSettings(SourceSettings):
    """Parameters of ``video_source``."""

    source: str = setting("", "video file, or camera device such as /dev/video0")
    frame_id: str = setting("camera_optical_frame", "optical frame of the camera")
    horizontal_fov_deg: float = setting(
        60.0, "[deg] horizontal field of view, for camera_info", 10.0, 170.0
    )


@dataclass(frozen=True)
class BagSourceSettings(SourceSettings):
    """Parameters of ``bag_source``."""

    source: str = setting("", "bag folder, .mcap file or .db3 file")
    image_topic: str = setting("", "topic in the bag; empty: the only one with images or skeletons")


@dataclass(frozen=True)
class ImageSubscriberSettings(NodeSettings):
    """What every node that decodes images has."""

    image_transport: str = setting(
        "raw", "image transport of the camera", choices=("raw", "compressed")
    )
    max_megapixels: float = setting(
        MAX_MEGAPIXELS,
        "[megapixels] largest image that is decoded; larger ones are dropped",
        0.01,
        HIGHEST_MAX_MEGAPIXELS,
    )


@dataclass(frozen=True)
class PoseModelSettings:
    """Choice of the pose model.

    A backend that has one model only, such as one of another package, ignores ``model``, and one
    that decides itself how many people it finds ignores ``max_people``.
    """

    backend: str = setting(
        DEFAULT_BACKEND, "pose backend: an entry point of the group apsa_perception.pose_backends"
    )
    model: str = setting(
        DEFAULT_MODEL,
        "size of the pose model; larger ones are more accurate and slower",
        choices=POSE_MODELS,
    )
    max_people: int = setting(
        DEFAULT_MAX_PEOPLE,
        "how many people are tracked at most; each one in view takes as long as the first",
        1,
        MAX_PEOPLE,
    )
    corrected: bool = setting(
        True,
        "whether joints are moved to where the picture shows them and bones keep their lengths",
    )

    def open(self) -> PoseBackend:
        """Open the pose model; raises as ``open_backend``."""
        return open_backend(self.backend, self.model, self.max_people)


@dataclass(frozen=True)
class PoseNodeSettings(ImageSubscriberSettings):
    """Parameters of ``pose_node``."""

    mirrored: bool = setting(False, "whether the camera delivers mirror images, as for video calls")
    no_image_timeout: float = setting(
        5.0, "[s] without an image until a warning is logged", 0.5, 600.0
    )
    pose: PoseModelSettings = field(default_factory=PoseModelSettings)
    filter: OneEuroSettings = field(default_factory=OneEuroSettings)


@dataclass(frozen=True)
class HumansNodeSettings(ImageSubscriberSettings):
    """Parameters of ``humans_node``."""


@dataclass(frozen=True)
class AssessmentNodeSettings(SessionSettings, StatefulSettings):
    """Parameters of ``assessment_node``."""

    exercise: str = setting("squat", "exercise at the start; auto: recognise it")
    programme: str = setting("", "programme at the start, instead of one exercise; empty: none")
    start_session: bool = setting(True, "start the session with the first frame")
    exercises_dir: str = setting("", "folder of exercise files; empty: the installed ones")
    own_exercises_dir: str = setting(
        "~/.apsa/exercises", "folder of your own and recorded exercises; empty: none"
    )
    programmes_dir: str = setting("", "folder of programme files; empty: the installed ones")
    own_programmes_dir: str = setting(
        "~/.apsa/programmes", "folder of your own programmes; empty: none"
    )
    model: str = setting(
        "", "weights file of the APSA network; empty: the installed one; none: rules only"
    )
    person: str = setting(
        "",
        "pseudonym of the exerciser, such as P-017, whose own range of motion applies; can change "
        "between two sessions",
        live=True,
    )
    ranges_dir: str = setting(
        "~/.apsa/ranges", "folder of the assessed ranges of motion, one file per pseudonym"
    )
    own_limits: str = setting(
        "",
        "limits of errors that hold for the person instead of those of the exercise files, as JSON "
        "by exercise and error; kept in ranges_dir and read from there, so it can be set only "
        "while the node is configured",
        live=True,
    )


def weights_of(settings: AssessmentNodeSettings) -> Path | None:
    """Return the weight file of the network that is asked for; None: rules only."""
    if settings.model == "none":
        return None
    installed = share_dir("apsa_perception") / "models" / "apsa.safetensors"
    return path_or_none(settings.model) or installed


NODES: dict[str, type[NodeSettings]] = {
    "video_source": VideoSourceSettings,
    "bag_source": BagSourceSettings,
    "pose_node": PoseNodeSettings,
    "assessment_node": AssessmentNodeSettings,
    "humans_node": HumansNodeSettings,
}
"""Settings of the nodes of this package."""
