"""The secret of the viewers; no ROS parameter, because every node can read those."""

import os

from apsa_perception.model.paths import path_of

MIN_TOKEN_LENGTH = 12
TOKEN_VARIABLE = "APSA_SCREEN_TOKEN"
"""Environment variable with the token, if there is no file."""

_MAX_TOKEN_BYTES = 1024


def read_token(file: str) -> str:
    """Return the token, or nothing if none is set.

    Args:
        file: path of a file whose first line is the token; empty: take the environment variable.

    Raises:
        ValueError: the file cannot be read, or the token is too short.
    """
    place = f"screen.token_file {file}" if file else f"the environment variable {TOKEN_VARIABLE}"
    if file:
        try:
            with path_of(file).open("rb") as opened:
                content = opened.read(_MAX_TOKEN_BYTES).decode()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise ValueError(f"{place} cannot be read: {reason}") from None
        token = content.strip().partition("\n")[0].strip()
    else:
        token = os.environ.get(TOKEN_VARIABLE, "")
        if not token:
            return ""
    if len(token) < MIN_TOKEN_LENGTH:
        raise ValueError(
            f"the token in {place} has {len(token)} characters; expected {MIN_TOKEN_LENGTH} or more"
        )
    return token
