"""The newest frame, encoded once and offered to all viewers."""

import asyncio
import threading
from collections.abc import Callable, Collection, Mapping
from typing import Any

from apsa_feedback.outputs.screen.frame_encoder import FrameEncoder, Picture
from apsa_feedback.outputs.screen.viewer import Viewer

Frame = tuple[dict[str, Any], dict[str, Any], Picture | None]
"""Header, what is added to it for therapists, and the picture."""


class FrameRelay:
    """Encodes the frame to show next; a newer one replaces it while the encoder is busy.

    Args:
        encoder: packs frames.
        loop: the loop of the viewers.
        viewers: who watches now.
    """

    def __init__(
        self,
        encoder: FrameEncoder,
        loop: asyncio.AbstractEventLoop,
        viewers: Callable[[], Collection[Viewer]],
    ) -> None:
        self._encoder = encoder
        self._loop = loop
        self._viewers = viewers
        self._newest: Frame | None = None
        self._busy = False
        self._lock = threading.Lock()

    def show(
        self, header: Mapping[str, Any], more: Mapping[str, Any], picture: Picture | None
    ) -> None:
        """Take a frame, from any thread; ``more`` is added to the header for therapists."""
        with self._lock:
            self._newest = (dict(header), dict(more), picture)
            if self._busy:
                return
            self._busy = True
        self._loop.call_soon_threadsafe(self._encode_soon)

    def _encode_soon(self) -> None:
        self._loop.create_task(self._encode())

    async def _encode(self) -> None:
        """Encode and push frames until none is pending."""
        while True:
            with self._lock:
                newest, self._newest = self._newest, None
                self._busy = newest is not None
            if newest is None:
                return
            plain, full = await self._loop.run_in_executor(None, self._pack, newest)
            for viewer in self._viewers():
                viewer.offer_frame(full if viewer.therapist else plain)

    def _pack(self, frame: Frame) -> tuple[bytes, bytes]:
        """Return the message for viewers, and that for therapists."""
        header, more, picture = frame
        jpeg = self._encoder.jpeg(picture)
        plain = self._encoder.pack(header, jpeg)
        return plain, self._encoder.pack({**header, **more}, jpeg) if more else plain
