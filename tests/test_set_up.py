"""What the set-up says when something is missing, and that the next start goes on."""

import errno
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import bootstrap
import set_up_failures
from support.paths import ROOT

LOG = Path("/tmp/log/set_up.log")
PIP_OFFLINE = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('...')'
ERROR: Could not find a version that satisfies the requirement ros-action-msgs==2.0.3
ERROR: No matching distribution found for ros-action-msgs==2.0.3
"""
PIP_FULL = (
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
)
CMAKE = """\
CMake Error at CMakeLists.txt:2 (project):
  No CMAKE_CXX_COMPILER could be found.
"""


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        (PIP_OFFLINE, "a package cannot be downloaded: connect to the network and start again"),
        (PIP_FULL, "the disk is full: free some space and start again"),
        (CMAKE, "there is no C and C++ compiler: install build-essential"),
        ("PermissionError: [Errno 13] Permission denied: '/x'", "a file cannot be written"),
        ("c++: fatal error: Killed signal terminated program cc1plus", "the memory is full"),
        ("something else\n", "a command reported an error: start again after reading its output"),
    ],
)
def test_the_output_of_a_tool_becomes_one_sentence_that_names_the_log(
    output: str, reason: str, tmp_path: Path
) -> None:
    log = tmp_path / "set_up.log"
    sentence = str(set_up_failures.step_failed("installing packages", output, log))
    assert sentence.startswith(f"installing packages failed because {reason}")
    assert sentence.endswith(f" (output: {log})")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "/co/log cannot be used by user .*: set up a checkout of your own, or let"),
        (errno.EROFS, "/co/log cannot be used by user"),
        (errno.ENOSPC, "^set-up failed because the disk is full: free some space"),
        (errno.EEXIST, "^set-up failed: /co/log: File exists$"),
    ],
)
def test_a_file_that_cannot_be_used_becomes_one_sentence(number: int, sentence: str) -> None:
    error = OSError(number, os.strerror(number), "/co/log")
    with pytest.raises(set_up_failures.SetUpError, match=sentence) as caught:
        raise set_up_failures.not_usable(error, Path("/co"))
    assert "\n" not in str(caught.value)


@pytest.mark.faults
def test_a_disk_that_is_too_full_is_noticed_before_the_first_set_up(tmp_path: Path) -> None:
    set_up_failures.check_space(tmp_path, 0.0)
    with pytest.raises(set_up_failures.SetUpError, match=r"GB free; the set-up needs 1e\+06 GB"):
        set_up_failures.check_space(tmp_path, 1e6)


def test_compilers_may_be_named_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(set_up_failures.SetUpError, match=r"there is no C and C"):
        set_up_failures.check_compilers()
    monkeypatch.setenv("CC", f"{sys.executable} -m cc")
    monkeypatch.setenv("CXX", sys.executable)
    set_up_failures.check_compilers()


@pytest.mark.parametrize("content", [None, "", '{"ros": "1', "[]"])
def test_damaged_marks_count_as_none(
    content: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "MARKS", tmp_path / "set_up.json")
    if content is not None:
        bootstrap.MARKS.write_text(content)
    assert bootstrap.read_marks() == {}
    bootstrap.write_marks({"ros": "1"})
    assert bootstrap.read_marks() == {"ros": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["set_up.json"]


def test_a_failed_build_starts_again_from_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "log" / "set_up.log")
    for name in ("apsa_msgs", "other"):
        (tmp_path / "build" / name).mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(shutil.which("false") or ""))
    with pytest.raises(set_up_failures.SetUpError, match=r"^building failed because"):
        bootstrap.build([tmp_path / "src" / "apsa_msgs"], [])
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["other"]


def test_the_path_of_the_checkout_may_have_a_space(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "my coach" / ".venv"
    venv.create(folder, symlinks=True)
    numpy = next(folder.glob("lib/python3*/site-packages")) / "numpy"
    numpy.mkdir()
    (numpy / "__init__.py").write_text("def get_include():\n    return __path__[0]\n")
    cmake = folder / "share" / "some_msgs" / "cmake" / "targets.cmake"
    cmake.parent.mkdir(parents=True)
    built_with = "/opt/python/cp311-cp311/lib/python3.11/site-packages/numpy/_core/include"
    cmake.write_text(f'include("{built_with}")\n')
    monkeypatch.setattr(bootstrap, "VENV", folder)
    monkeypatch.setattr(bootstrap, "PYTHON", folder / "bin" / "python")
    bootstrap.repair_message_wheels()
    assert cmake.read_text() == f'include("{numpy}")\n'


RUN = """
import bootstrap, pathlib, sys
bootstrap.ROOT = pathlib.Path(sys.argv[1])
bootstrap.VENV = bootstrap.ROOT / ".venv"
bootstrap.PYTHON = bootstrap.VENV / "bin" / "python"
bootstrap.LOG = bootstrap.ROOT / "log" / "set_up.log"
bootstrap.run(["env"])
"""


@pytest.mark.faults
def test_commands_run_in_a_checkout_whose_path_has_a_space(tmp_path: Path) -> None:
    root = tmp_path / "my coach"
    (root / "install").mkdir(parents=True)
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    shutil.copy(ROOT / "install" / "_local_setup_util_sh.py", root / "install")
    script = (ROOT / "install" / "local_setup.bash").read_text()
    script = script.replace(str(bootstrap.PYTHON), str(root / ".venv" / "bin" / "python"))
    (root / "install" / "local_setup.bash").write_text(script)
    env = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(root)], env=env, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "FASTRTPS_DEFAULT_PROFILES_FILE=" in done.stdout
    assert "COLCON_PYTHON_EXECUTABLE" not in done.stdout


def test_modules_are_kept_compiled_although_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in bootstrap.clean_environment()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the set-up needs of a checkout."""
    for name in ("scripts", "requirements", "src", "underlay"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=ignored)
    return tmp_path


def start(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up outside the environment of this test, without a network."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    for name in ("PYTHONPATH", "ROS_DISTRO", "AMENT_PREFIX_PATH", "VIRTUAL_ENV"):
        env.pop(name, None)
    env |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    env |= {"PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1", **environment}
    return subprocess.run(
        [str(Path(sys.base_prefix) / "bin" / "python3"), "scripts/bootstrap.py"],
        cwd=checkout, env=env, capture_output=True, text=True, timeout=200,
    )  # fmt: skip


@pytest.mark.faults
@pytest.mark.slow
def test_offline_is_one_sentence_and_the_next_start_goes_on(checkout: Path) -> None:
    first = start(checkout)
    assert first.returncode == 1
    assert "Creating .venv" in first.stderr
    sentence = first.stderr.splitlines()[-1]
    assert sentence == (
        "installing packages failed because a package cannot be downloaded: connect to the "
        f"network and start again (output: {checkout}/log/set_up.log)"
    )
    assert "Traceback" not in first.stderr
    assert "No matching distribution found" not in first.stderr
    assert "No matching distribution found" in (checkout / "log" / "set_up.log").read_text()
    second = start(checkout)
    assert "Creating .venv" not in second.stderr
    assert second.stderr.splitlines()[-1] == sentence


@pytest.mark.faults
def test_a_machine_without_compilers_is_told_before_anything_is_installed(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    done = start(checkout, PATH=str(tmp_path_factory.mktemp("empty")), CC="", CXX="")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "there is no C and C++ compiler: install build-essential on Debian or Ubuntu, "
        "or name them in CC and CXX"
    ]
    assert not (checkout / ".venv").exists()


@pytest.mark.faults
def test_a_log_that_cannot_be_written_is_one_sentence(checkout: Path) -> None:
    (checkout / "log").write_text("")
    done = start(checkout)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"set-up failed: {checkout}/log: File exists"
    assert "Traceback" not in done.stderr


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of empty packages with a Python, without compilers."""
    for name in (*bootstrap.UNDERLAY, *bootstrap.OWN_PACKAGES):
        (tmp_path / name).mkdir(parents=True)
        for file in ("setup.py", "setup.cfg", "package.xml"):
            (tmp_path / name / file).touch()
    for name in ("underlay/vision_msgs", "src/apsa_msgs"):
        (tmp_path / name / "CMakeLists.txt").touch()
    (tmp_path / "requirements").mkdir()
    for name in ("ros", "build", "torch", "coach"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("numpy==1.26.4\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(bootstrap, "MARKS", tmp_path / "set_up.json")
    monkeypatch.setattr(bootstrap, "ros_is_sourced", lambda: False)
    monkeypatch.setattr(bootstrap, "check_compilers", lambda: None)
    monkeypatch.setattr(bootstrap, "repair_message_wheels", lambda: None)
    return tmp_path


def test_what_succeeded_beside_a_failure_is_not_done_again(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[list[str]] = []
    built: list[str] = []

    def install(names: list[str], *requirements: str) -> None:
        installed.append(names)
        if "torch" in names and len(installed) == 2:
            raise set_up_failures.SetUpError("installing packages failed")

    def build(folders: list[Path], underlay: list[Path]) -> None:
        built.extend(folder.name for folder in folders)

    monkeypatch.setattr(bootstrap, "install", install)
    monkeypatch.setattr(bootstrap, "build", build)
    with pytest.raises(set_up_failures.SetUpError, match="installing packages failed"):
        bootstrap.set_up([])
    assert len(built) == 5
    assert installed == [["ros", "build"], ["torch", "coach"]]
    bootstrap.set_up([])
    assert len(built) == 5
    assert installed[2:] == [["torch", "coach"]]


def test_messages_are_built_anew_for_another_numpy(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[str] = []
    monkeypatch.setattr(bootstrap, "install", lambda names, *requirements: None)
    monkeypatch.setattr(
        bootstrap, "build", lambda folders, underlay: built.extend(each.name for each in folders)
    )
    bootstrap.set_up([])
    assert len(built) == 5
    built.clear()
    bootstrap.set_up(["humans"])
    assert built == ["hri_msgs", "tf2_msgs"]

    def built_after(coach: str) -> list[str]:
        built.clear()
        (packages / "requirements" / "coach.txt").write_text(coach)
        bootstrap.set_up([])
        return built

    assert built_after("numpy==1.26.4\nlz4==4.4.5\n") == []
    assert built_after("numpy==2.4.6\nlz4==4.4.5\n") == ["vision_msgs", "apsa_msgs"]


def test_only_the_tests_of_torch_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = tmp_path / "lib" / "python3.11" / "site-packages" / "torch"
    tests = {"test/test_nn.py", "bin/test_api", "bin/TCPStoreTest"}
    kept = {"bin/torch_shm_manager", "lib/libtorch_cpu.so", "testing/__init__.py"}
    for name in tests | kept:
        (torch / name).parent.mkdir(parents=True, exist_ok=True)
        (torch / name).touch()
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    bootstrap.drop_torch_tests()
    left = {str(path.relative_to(torch)) for path in torch.rglob("*") if path.is_file()}
    assert left == kept
