"""A camera device that is opened again after it was missing, busy or unplugged."""

from collections.abc import Callable, Iterator

from apsa_perception.imaging.images import RgbImage
from apsa_perception.sources.errors import SourceError
from apsa_perception.sources.video import VideoReader

RETRY_S = 3.0
"""Time between two tries to open the camera, in seconds."""


class Camera:
    """Iterates over ``(stamp_ns, rgb)`` of a camera until it is asked to stop.

    Each reason for a missing picture is reported once until pictures arrive again. The size of the
    pictures may change when another camera takes the place of the first one.

    Args:
        device: such as ``/dev/video0`` or ``0``.
        wait: waits for so many seconds; returns whether to stop, as ``threading.Event.wait``.
        report: receives the sentence why there is no picture; an empty one when it is back.
    """

    def __init__(
        self, device: str, wait: Callable[[float], bool], report: Callable[[str], None]
    ) -> None:
        self._device = device
        self._wait = wait
        self._report = report
        self._reported: set[str] = set()

    def __iter__(self) -> Iterator[tuple[int, RgbImage]]:
        stopped = False
        while not stopped:
            try:
                with VideoReader(self._device) as video:
                    for picture in video:
                        self._on_picture()
                        yield picture
            except SourceError as error:
                self._on_loss(str(error))
            stopped = self._wait(RETRY_S)

    def _on_picture(self) -> None:
        if self._reported:
            self._reported.clear()
            self._report("")

    def _on_loss(self, sentence: str) -> None:
        if sentence not in self._reported:
            self._reported.add(sentence)
            self._report(sentence)
