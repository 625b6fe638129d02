"""What a pose backend is, and how an installed one is found and opened.

A backend is a class that finds people in a picture. Another package adds one without a change
here: a class with the methods of ``PoseBackend``, announced as an entry point of the group
``apsa_perception.pose_backends``::

    setup(..., entry_points={"apsa_perception.pose_backends": ["rtm = my_package.rtm:RtmBackend"]})

and chosen by the entry point's name. Calling the class without arguments opens its model. A class
with several models lists their names in ``MODELS`` and is called with the argument ``model``; one
that can be told how many people to find has the largest number in ``MAX_PEOPLE`` and is called
with the argument ``max_people``.
"""

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from apsa_perception.model.skeleton import CanonicalPose
from apsa_perception.model.stamps import StampError

if TYPE_CHECKING:  # imports OpenCV, which nodes without images do not need
    from apsa_perception.imaging.images import RgbImage

GROUP = "apsa_perception.pose_backends"

__all__ = [
    "DEFAULT_BACKEND",
    "DEFAULT_MAX_PEOPLE",
    "DEFAULT_MODEL",
    "GROUP",
    "MAX_PEOPLE",
    "POSE_MODELS",
    "PoseBackend",
    "StampError",
    "installed",
    "open_backend",
]

DEFAULT_BACKEND = "litert"
"""Backend that is used unless another is chosen."""

POSE_MODELS = ("lite", "full", "heavy")
"""Sizes of BlazePose; larger ones are more accurate and slower."""

DEFAULT_MODEL = "full"

MAX_PEOPLE = 6
"""Largest number of people that can be asked for."""

DEFAULT_MAX_PEOPLE = 2
"""The exerciser and a therapist beside them."""


@runtime_checkable
class PoseBackend(Protocol):
    """Finds the people in a picture; independent of ROS.

    A backend maps the landmarks of its model to the canonical joints. It does not track people:
    identity, plausibility and smoothing belong to the estimator.
    """

    @property
    def name(self) -> str:
        """Name of the model, such as ``blazepose_full``."""

    def detect(self, rgb: "RgbImage", stamp_ns: int) -> list[CanonicalPose]:
        """Return the people in the picture, each with arrays of shape ``(20, ...)``.

        Raises:
            StampError: the stamp is not later than the last one; the state is unchanged.
        """

    def reset(self) -> None:
        """Forget earlier frames; the next stamp may have any value."""

    def close(self) -> None:
        """Release the model; no other call may follow."""


def installed() -> list[str]:
    """Names of the installed backends, sorted."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def open_backend(
    name: str = DEFAULT_BACKEND,
    model: str = DEFAULT_MODEL,
    max_people: int = DEFAULT_MAX_PEOPLE,
) -> PoseBackend:
    """Open an installed backend.

    Args:
        name: of the entry point.
        model: one of the backend's ``MODELS``; a backend without them has one model.
        max_people: how many people are found at most; a backend without ``MAX_PEOPLE`` decides
            itself, and no more are found than a backend can.

    Raises:
        ValueError: there is no such backend or model, or it cannot be loaded or opened; one
            sentence.
    """
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise ValueError(
            f"pose backend '{name}' is not installed; expected one of {', '.join(installed())}"
        )
    try:
        factory = found.load()
        models = getattr(factory, "MODELS", None)
        chosen: dict[str, str | int] = {}
        if models is not None:
            if model not in models:
                raise ValueError(f"pose model is '{model}'; expected one of {', '.join(models)}")
            chosen["model"] = model
        most = getattr(factory, "MAX_PEOPLE", None)
        if most is not None:
            chosen["max_people"] = min(max_people, most)
        backend = factory(**chosen)
    except Exception as error:  # the import of another package can fail in any way
        raise ValueError(f"pose backend '{name}' ({found.value}) does not load: {error}") from error
    if not isinstance(backend, PoseBackend):
        raise ValueError(f"pose backend '{name}' ({found.value}) lacks methods of PoseBackend")
    return backend
