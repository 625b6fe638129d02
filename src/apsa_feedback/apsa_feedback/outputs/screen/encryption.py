"""The certificate of the screen: browsers allow more to a page that is served with TLS."""

import ssl
from typing import NoReturn

from apsa_perception.model.paths import path_of

_CERTIFICATE, _KEY = "screen.tls_certificate", "screen.tls_key"


def tls_context(certificate: str, key: str) -> ssl.SSLContext | None:
    """Return what the server needs for TLS; None if neither file is set.

    Args:
        certificate: path of a PEM file with the certificate and those between it and its root.
        key: path of a PEM file with its private key, which no password protects.

    Raises:
        ValueError: a file is missing, cannot be read or is no such file, the key is encrypted or
            does not belong to the certificate; one sentence.
    """
    if not certificate and not key:
        return None
    if not certificate or not key:
        one, other = (_KEY, _CERTIFICATE) if certificate else (_CERTIFICATE, _KEY)
        raise ValueError(f"{other} is set, but {one} is not; expected both or neither")
    certificate = _checked(_CERTIFICATE, certificate, b"CERTIFICATE-----", "certificate")
    key = _checked(_KEY, key, b"PRIVATE KEY-----", "private key")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)

    def refuse_password() -> NoReturn:
        raise ValueError(
            f"{_KEY} {key} is encrypted; expected a key without a password, as "
            "`openssl pkey -in KEY -out NEW_KEY` writes it"
        )

    try:
        context.load_cert_chain(certificate, key, refuse_password)
    except ssl.SSLError as error:
        # The second: a key of another kind, such as RSA for a certificate with EC.
        if error.reason in ("KEY_VALUES_MISMATCH", "NO_CERTIFICATE_ASSIGNED"):
            raise ValueError(
                f"{_KEY} {key} does not belong to {_CERTIFICATE} {certificate}; "
                "expected the key with which the certificate was made"
            ) from None
        raise ValueError(
            f"{_CERTIFICATE} {certificate} and {_KEY} {key} cannot be used: "
            f"{error.reason or error}; expected PEM files that are not damaged"
        ) from None
    return context


def _checked(name: str, file: str, mark: bytes, what: str) -> str:
    """The path of a file that can be read and has the mark of what it should hold."""
    try:
        path = path_of(file)
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"{name} {file} cannot be read: {error.strerror}; expected a PEM file with the {what}"
        ) from None
    if mark not in content:
        raise ValueError(f"{name} {file} has no {what}; expected a PEM file with one")
    return str(path)
