"""Certificates for tests, made by openssl."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Certificate:
    """Paths of a self-signed certificate for this machine, and of its key."""

    certificate: Path
    key: Path


def make_certificate(folder: Path, name: str = "coach") -> Certificate:
    """A new certificate in a folder, as docs/security.md makes it; skips without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", "/CN=APSA coach",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-addext", "extendedKeyUsage=serverAuth",
            "-keyout", made.key, "-out", made.certificate,
        ],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return made


def encrypt(key: Path, encrypted: Path) -> None:
    """Write a key with a password."""
    subprocess.run(
        ["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", encrypted],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip


def make_rsa_key(key: Path) -> Path:
    """Write a key that belongs to no certificate of ``make_certificate``; return its path."""
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "RSA", "-out", key],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return key
