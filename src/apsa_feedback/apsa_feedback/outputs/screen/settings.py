"""Settings of the screen."""

from dataclasses import dataclass

from apsa_feedback.outputs.screen.viewer_token import TOKEN_VARIABLE
from apsa_perception.model.settings import check, setting


@dataclass(frozen=True)
class ScreenSettings:
    """Where the page is served, and what it shows."""

    host: str = setting("127.0.0.1", "address to serve on; other than a local one needs a token")
    port: int = setting(8080, "TCP port; 0: a free one", 0, 65535)
    token_file: str = setting(
        "",
        "file with the secret of the viewers, at least 12 characters; "
        f"empty: the environment variable {TOKEN_VARIABLE}, if set",
    )
    tls_certificate: str = setting(
        "", "PEM file with the certificate of the server, to serve with TLS; empty: not encrypted"
    )
    tls_key: str = setting("", "PEM file with its private key, without a password")
    max_viewers: int = setting(
        16, "pages that can be open at a time, half of them from one address", 1, 100
    )
    max_width: int = setting(960, "[px] maximum width of the images", 160, 3840)
    jpeg_quality: int = setting(80, "JPEG quality of the images", 1, 100)
    mirror: str = setting(
        "auto",
        "whether people see themselves as in a mirror; auto: with a live camera, and other "
        "pictures as they come; each viewer can choose otherwise",
        choices=("auto", "always", "never"),
    )
    live_camera: bool = setting(
        False,
        "whether the viewer stands before the camera now; the launch files set it for camera "
        "devices, and for image topics with wait_until_ready",
    )
    picture: bool = setting(True, "show the image; false: only the drawn skeleton")

    def __post_init__(self) -> None:
        check(self)

    @property
    def mirrors(self) -> bool | None:
        """Whether people are shown as in a mirror; None: as the picture comes."""
        if self.mirror == "auto":
            return True if self.live_camera else None
        return self.mirror == "always"
