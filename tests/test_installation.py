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

PACKAGES = ["apsa_msgs", "apsa_perception", "apsa_feedback", "apsa_training"]
PATHS = ["PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "AMENT_PREFIX_PATH", "CMAKE_PREFIX_PATH"]
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


def run(command: list[str], folder: Path, setup: Path | str = "/dev/null") -> str:
    """Run a command in the environment of a workspace; return what it printed."""
    prefix = get_package_prefix("vision_msgs")
    bash = ["bash", "-c", SCRIPT, "bash", prefix, str(setup), *command]
    done = subprocess.run(
        bash, cwd=folder, env=environment(), capture_output=True, text=True, timeout=280
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
    run([*colcon, "--cmake-args", "-DBUILD_TESTING=OFF"], folder)
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


def test_page_launch_files_and_licences_are_installed(workspace: Path) -> None:
    share = {name: workspace / "install" / name / "share" / name for name in PACKAGES}
    assert (share["apsa_feedback"] / "launch" / "coach.launch.py").is_file()
    assert (share["apsa_perception"] / "models" / "apsa_irds.safetensors").is_file()
    assert all((folder / "package.xml").is_file() for folder in share.values())
    page = "apsa_feedback/outputs/screen/web/index.html"
    assert list((workspace / "install" / "apsa_feedback").rglob(page))


@pytest.mark.parametrize("package", PACKAGES[1:])
def test_package_is_imported_from_the_install(workspace: Path, package: str) -> None:
    code = f"import {package}; print({package}.__file__)"
    setup = workspace / "install" / "local_setup.bash"
    assert run([sys.executable, "-c", code], workspace, setup).startswith(str(workspace))
