"""Each package is complete by itself: the coach runs from an install without the checkout."""

import faulthandler
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ament_index_python.packages import get_package_prefix

from support.paths import ROOT

pytestmark = pytest.mark.slow

PACKAGES = ["apsa_msgs", "apsa_perception", "apsa_feedback", "apsa_training"]
PATHS = ["PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH"]
BUILD_LIMIT_S = 1200.0
# vision_msgs is no package of ours: it comes from the ROS install, or from underlay/ without one.
SCRIPT = 'source "$1/share/vision_msgs/package.bash"; shift; source "$1"; shift; exec "$@"'


def environment() -> dict[str, str]:
    """Environment of this process without this checkout's packages."""
    env = dict(os.environ)
    for name in PATHS:
        entries = env.get(name, "").split(os.pathsep)
        kept = [entry for entry in entries if not any(package in entry for package in PACKAGES)]
        env[name] = os.pathsep.join(kept)
    for name in ("COLCON_PREFIX_PATH", "FASTRTPS_DEFAULT_PROFILES_FILE"):
        env.pop(name, None)
    return env


def run(
    command: list[str], folder: Path, setup: Path | str = "/dev/null", timeout_s: float = 280.0
) -> str:
    """Run a command in the environment of a workspace; return what it printed."""
    prefix = get_package_prefix("vision_msgs")
    bash = ["bash", "-c", SCRIPT, "bash", prefix, str(setup), *command]
    done = subprocess.run(
        bash, cwd=folder, env=environment(), capture_output=True, text=True, timeout=timeout_s
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with an install of all packages, built from copies that are deleted afterwards."""
    folder = tmp_path_factory.mktemp("workspace")
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "test")
    for name in PACKAGES:
        # Links are copied as links: those that lead out of the package would be broken.
        shutil.copytree(ROOT / "src" / name, folder / "src" / name, symlinks=True, ignore=ignored)
    colcon = [sys.executable, "-m", "colcon", "--log-base", "log", "build", "--base-paths", "src"]
    faulthandler.cancel_dump_traceback_later()  # a slow build is no hang; it has its own limit
    run([*colcon, "--cmake-args", "-DBUILD_TESTING=OFF"], folder, timeout_s=BUILD_LIMIT_S)
    shutil.rmtree(folder / "src")
    shutil.rmtree(folder / "build")
    return folder


def test_coach_runs_from_the_install(workspace: Path) -> None:
    results = workspace / "results.jsonl"
    command = [sys.executable, "-m", "apsa_feedback.commands.composed", "--exercise", "squat"]
    command += ["--source", str(ROOT / "tests" / "media" / "squat_front.mp4"), "--rate", "0"]
    command += ["--outputs", "none", "--report", str(workspace / "reports")]
    command += ["--json", str(results)]
    run(command, workspace, workspace / "install" / "local_setup.bash")
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    assert [line["topic"] for line in lines].count("/apsa/repetitions") == 3
    assert list((workspace / "reports").rglob("*.html"))


def files_of(folder: Path, *patterns: str) -> set[str]:
    """Files below a folder that match the patterns, without compiled ones."""
    found = (path for pattern in patterns for path in folder.glob(pattern))
    return {
        path.relative_to(folder).as_posix()
        for path in found
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("package", PACKAGES[1:])
def test_all_files_of_the_package_are_installed(workspace: Path, package: str) -> None:
    source, prefix = ROOT / "src" / package, workspace / "install" / package
    site = next(prefix.glob(f"lib/python*/site-packages/{package}"))
    assert files_of(source / package, "**/*") <= files_of(site, "**/*")
    share = ("package.xml", "config/**/*", "launch/**/*", "models/**/*")
    assert files_of(source, *share) <= files_of(prefix / "share" / package, "**/*")


@pytest.mark.parametrize("package", PACKAGES[1:])
def test_package_is_imported_from_the_install(workspace: Path, package: str) -> None:
    code = f"import {package}; print({package}.__file__)"
    setup = workspace / "install" / "local_setup.bash"
    assert run([sys.executable, "-c", code], workspace, setup).startswith(str(workspace))
