"""Each package is complete by itself: the coach runs from an install without the checkout."""

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

MESSAGES = "apsa_msgs"
PACKAGES = ["apsa_perception", "apsa_feedback", "apsa_training"]
PATHS = ["PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH"]
# vision_msgs is no package of ours: it comes from the ROS install, or from underlay/ without one.
SCRIPT = 'source "$1/share/vision_msgs/package.bash"; shift; source "$1"; shift; exec "$@"'


def environment() -> dict[str, str]:
    """Environment of this process without this checkout's packages."""
    env, own = dict(os.environ), (MESSAGES, *PACKAGES)
    for variable in PATHS:
        entries = env.get(variable, "").split(os.pathsep)
        kept = [entry for entry in entries if not any(name in entry for name in own)]
        env[variable] = os.pathsep.join(kept)
    for variable in ("COLCON_PREFIX_PATH", "FASTRTPS_DEFAULT_PROFILES_FILE"):
        env.pop(variable, None)
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
    """Folder with an install of all packages, from copies of the sources that are deleted then.

    The messages, which take minutes to compile, are a copy of what the set-up has installed.
    """
    folder = tmp_path_factory.mktemp("workspace")
    shutil.copytree(get_package_prefix(MESSAGES), folder / "install" / MESSAGES)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "test")
    for name in PACKAGES:
        # Links are copied as links: those that lead out of the package would be broken.
        shutil.copytree(ROOT / "src" / name, folder / "src" / name, symlinks=True, ignore=ignored)
    colcon = [sys.executable, "-m", "colcon", "--log-base", "log", "build", "--base-paths", "src"]
    run(colcon, folder)
    shutil.rmtree(folder / "src")
    shutil.rmtree(folder / "build")
    return folder


def test_the_messages_are_built_from_their_own_folder() -> None:
    package = ROOT / "src" / MESSAGES
    links = [path for path in package.rglob("*") if path.is_symlink()]
    assert all(link.resolve().is_relative_to(package) for link in links)
    assert ".." not in (package / "CMakeLists.txt").read_text()


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


@pytest.mark.parametrize("package", PACKAGES)
def test_all_files_of_the_package_are_installed(workspace: Path, package: str) -> None:
    source, prefix = ROOT / "src" / package, workspace / "install" / package
    site = next(prefix.glob(f"lib/python*/site-packages/{package}"))
    assert files_of(source / package, "**/*") <= files_of(site, "**/*")
    share = ("package.xml", "config/**/*", "launch/**/*", "models/**/*")
    assert files_of(source, *share) <= files_of(prefix / "share" / package, "**/*")


@pytest.mark.parametrize("package", PACKAGES)
def test_package_is_imported_from_the_install(workspace: Path, package: str) -> None:
    code = f"import {package}; print({package}.__file__)"
    setup = workspace / "install" / "local_setup.bash"
    assert run([sys.executable, "-c", code], workspace, setup).startswith(str(workspace))
