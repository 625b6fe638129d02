"""Command of ``make coach``: the coach with the options that are in the environment.

Each option is read from its make variable, such as ``EXERCISE``. Where a ROS install is sourced,
``ros2 launch`` starts the coach; elsewhere it runs in one process.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from apsa_feedback.bringup.options import OPTIONS
from apsa_perception.bringup.options import Kind
from apsa_perception.model.garbage import lasting_objects

_INTERRUPTED = 130


def values_from(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the options that have a make variable and are not empty."""
    values = {one.name: environment.get(one.variable, "") for one in OPTIONS if one.variable}
    return {name: value for name, value in values.items() if value}


def command_arguments(values: Mapping[str, str]) -> list[str]:
    """Return values as arguments of ``apsa_feedback.commands.composed``."""
    return [f"--{name.replace('_', '-')}={value}" for name, value in values.items()]


def launch_arguments(values: Mapping[str, str]) -> list[str]:
    """Return values as arguments of ``ros2 launch``; files by their absolute path."""
    paths = {one.name for one in OPTIONS if one.kind is Kind.PATH}
    return [
        f"{name}:={Path(value).resolve() if name in paths or _is_file(name, value) else value}"
        for name, value in values.items()
    ]


def _is_file(name: str, value: str) -> bool:
    return name == "source" and Path(value).exists()


@contextmanager
def own_terminal() -> Iterator[None]:
    """Receive Ctrl-C in place of make, which would report it as a failure."""
    if not _in_foreground():
        yield
        return
    before = os.getpgrp()
    if before != os.getpid():
        os.setpgid(0, 0)
    _give_terminal(os.getpgrp())
    try:
        yield
    finally:
        _give_terminal(before)


def _in_foreground() -> bool:
    """Whether Ctrl-C on standard input would reach this process."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):  # not a terminal, or closed
        return False


def _give_terminal(group: int) -> None:
    """Make a process group the foreground one; it may be that this one is in the background."""
    handler = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        os.tcsetpgrp(sys.stdin.fileno(), group)
    finally:
        signal.signal(signal.SIGTTOU, handler)


def _launch(values: Mapping[str, str]) -> int:
    """Run ``ros2 launch``, after a check that reports a mistake in one sentence.

    SIGTERM reaches it as SIGINT: at SIGTERM it would end at once, without its nodes.
    """
    module = "apsa_feedback.commands.composed"
    check = [sys.executable, "-m", module, *command_arguments(values), "--check"]
    checked = subprocess.run(check).returncode
    if checked:
        return checked
    command = ["ros2", "launch", "apsa_feedback", "coach.launch.py", *launch_arguments(values)]
    pending = False
    process: subprocess.Popen[bytes] | None = None

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal pending
        if number == signal.SIGINT and sys.stdin.isatty():
            return  # the terminal sends it to ros2 launch too
        pending = process is None
        if process is not None:
            process.send_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    process = subprocess.Popen(command)
    if pending:
        process.send_signal(signal.SIGINT)
    return process.wait()


def start(values: Mapping[str, str]) -> int:
    """Run the coach with the values of options until its end; return the exit code."""
    with own_terminal():
        if os.environ.get("ROS_DISTRO") and shutil.which("ros2"):
            return _launch(values)
        try:
            with lasting_objects():
                from apsa_feedback.commands import composed

            return composed.main(command_arguments(values))
        except KeyboardInterrupt:
            return _INTERRUPTED


def main() -> int:
    """Run the coach; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sample", required=True, help="recording to use without SOURCE")
    sample = parser.parse_args().sample
    values = values_from(os.environ)
    if "source" not in values:
        values["source"] = sample
        # In a terminal the sample repeats until Ctrl-C: there is time to open the page.
        if sys.stdout.isatty():
            values["loop"] = "true"
    return start(values)


if __name__ == "__main__":
    sys.exit(main())
