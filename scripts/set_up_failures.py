"""What can go wrong during the set-up, each in one sentence."""

import errno
import getpass
import os
import re
import shutil
import sys
import sysconfig
from pathlib import Path

NEEDED_GB = 4.0
"""Least disk space for the first set-up: 2 GB for the environment, the rest to download and build.

With PyTorch for CUDA it takes 6 GB more; a disk that becomes full is told in one sentence, too.
"""

_FULL_BYTES = 10_000_000

_COMPILERS = {"CC": ("cc", "gcc", "clang"), "CXX": ("c++", "g++", "clang++")}
_NO_COMPILER = (
    "there is no C and C++ compiler: install build-essential on Debian or Ubuntu, "
    "or name them in CC and CXX"
)
_NO_SPACE = "the disk is full: free some space and start again"

# The first pattern found in the output of pip, CMake or a compiler gives the reason.
_REASONS = (
    (r"No space left on device|Errno 28|Disk quota exceeded", _NO_SPACE),
    (
        r"Permission denied|Errno 13|Read-only file system",
        "a file cannot be written: use a checkout of your own",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "the certificate of the package index is not accepted: check the proxy",
    ),
    (
        r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Max retries exceeded"
        r"|Read timed out|ProxyError|Network is unreachable|No matching distribution found",
        "a package cannot be downloaded: connect to the network and start again",
    ),
    (r"No CMAKE_C\w*_COMPILER could be found|CMAKE_C\w*_COMPILER not set", _NO_COMPILER),
    (
        r"Killed|[Cc]annot allocate memory|virtual memory exhausted",
        "the memory is full: end other programs and start again",
    ),
    (
        r"No module named '?(venv|ensurepip)|ensurepip is not",
        "Python has no venv: install python3-venv on Debian or Ubuntu",
    ),
)
_UNKNOWN = "a command reported an error: start again after reading its output"


class SetUpError(Exception):
    """Set-up failed; the message is one sentence for the user."""


def step_failed(step: str, output: str, log: Path) -> SetUpError:
    """Return the error for a step of which the output is known.

    Args:
        step: what was done, such as ``installing packages``.
        output: what pip, CMake or another tool printed.
        log: file that has the output.
    """
    found = [reason for pattern, reason in _REASONS if re.search(pattern, output)]
    if shutil.disk_usage(log.parent).free < _FULL_BYTES:  # the output may have been cut off
        found.insert(0, _NO_SPACE)
    return SetUpError(f"{step} failed because {(*found, _UNKNOWN)[0]} (output: {log})")


def not_usable(error: OSError, root: Path) -> SetUpError:
    """Return the error for a file of the checkout that cannot be read or written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SetUpError(f"set-up failed because {_NO_SPACE}")
    name = error.filename or root
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SetUpError(
            f"{name} cannot be used by {_user()}: set up a checkout of your own, or let the owner "
            f"of {root} run `make setup`"
        )
    return SetUpError(f"set-up failed: {name}: {error.strerror or error}")


def check_python(with_ros: bool) -> None:
    """Refuse a Python that is not supported.

    Raises:
        SetUpError: says what is needed.
    """
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info[:2] not in ((3, 11), (3, 12), (3, 13)):
        raise SetUpError(
            f"Python {version} is not supported; expected 3.11 to 3.13: make PYTHON=python3.11 ..."
        )
    if not with_ros and sys.platform != "linux":
        raise SetUpError(f"{sys.platform} is not supported without ROS; expected linux on x86-64")
    if not (Path(sysconfig.get_paths()["include"]) / "Python.h").is_file():
        raise SetUpError(
            f"the C headers of Python are missing; on Debian or Ubuntu install python{version}-dev"
        )


def check_compilers() -> None:
    """Refuse a machine without compilers.

    Raises:
        SetUpError: says what to install.
    """
    for variable, names in _COMPILERS.items():
        chosen = os.environ.get(variable, "").split()
        if not any(shutil.which(name) for name in (chosen[:1] or names)):
            raise SetUpError(_NO_COMPILER)


def check_space(folder: Path, needed_gb: float = NEEDED_GB) -> None:
    """Refuse a disk that is too full for the first set-up.

    Raises:
        SetUpError: says how much is needed and how much is free.
    """
    free_gb = shutil.disk_usage(folder).free / 1e9
    if free_gb < needed_gb:
        raise SetUpError(
            f"the disk of {folder} has {free_gb:.1f} GB free; the set-up needs {needed_gb:g} GB"
        )


def _user() -> str:
    try:
        return f"user {getpass.getuser()}"
    except (KeyError, OSError):
        return f"user {os.getuid()}"
