"""A run over many recordings: what is to be done, the tasks, and the tables."""

import fcntl
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from apsa_perception.recordings.cluster import cluster, results_of
from apsa_perception.recordings.discovery import Task
from apsa_perception.recordings.overview import Overview, write_overview
from apsa_perception.recordings.parquet import write_tables
from apsa_perception.recordings.part_files import PartFiles, fingerprint
from apsa_perception.recordings.schema import FAILURES, Rows

_LINE_EVERY_S = 30.0
"""Without a terminal the progress is a line at most this often."""


class OutError(ValueError):
    """The folder for the results cannot be used; one sentence."""


@dataclass(frozen=True)
class Done:
    """What a run did: numbers of recordings.

    Attributes:
        kept: done before and unchanged.
        judged: judged by this run.
        failed: could not be judged.
    """

    kept: int
    judged: int
    failed: int


def run(
    tasks: Sequence[Task],
    judge: Callable[..., Rows],
    choices: Any,
    out: Path,
    scheduler: str,
    workers: int,
) -> Done:
    """Judge the recordings that are new, changed or failed before, and write all tables.

    The results of each recording are kept as soon as it is judged, so that a run that is stopped
    can be continued; the tables then hold what is done so far.

    Args:
        tasks: all recordings.
        judge: importable function of a recording, its exercise and the choices.
        choices: its third argument.
        out: folder for the results.
        scheduler: address of the lab's scheduler; empty: this machine.
        workers: processes on this machine.

    Raises:
        OutError: the folder cannot be used.
        ClusterError: the scheduler cannot be used.
    """
    with _writing(out):
        with _named(out):
            parts = PartFiles(out)
        marks = {
            each: fingerprint(each.recording, f"{each.exercise}\n{each.inputs}") for each in tasks
        }
        due = [each for each in tasks if not parts.is_done(each.recording, marks[each])]
        failed = 0
        try:
            for task, rows in _judged(due, judge, choices, scheduler, workers):
                with _named(out):
                    parts.write(task.recording, marks[task], rows)
                failed += bool(rows.get(FAILURES))
        finally:
            overview = Overview()
            done = (row for each in tasks for row in parts.rows(each.recording, marks[each]))
            with _named(out):
                write_tables(out, overview.passing(done))
                write_overview(out, overview)
        return Done(len(tasks) - len(due), len(due) - failed, failed)


def _judged(
    due: Sequence[Task], judge: Callable[..., Rows], choices: Any, scheduler: str, workers: int
) -> Iterator[tuple[Task, Rows]]:
    """Yield the rows of each recording when it is judged; show the progress."""
    arguments = {each: (each.recording, each.exercise, choices) for each in due if each.exercise}
    for each in due:
        if not each.exercise:
            yield each, _failure(each, "it has no line in the table of exercises")
    if not arguments:
        return
    with (
        cluster(scheduler, min(workers, len(arguments))) as client,
        _progress(len(arguments)) as bar,
    ):
        failed = 0
        for task, rows in results_of(client, judge, arguments):
            rows = _failure(task, rows) if isinstance(rows, str) else rows
            failed += bool(rows.get(FAILURES))
            yield task, rows
            bar.set_postfix_str(f"{failed} failed", refresh=False)
            bar.update()


def _failure(task: Task, sentence: str) -> Rows:
    row = {"recording": task.recording.name, "exercise": task.exercise, "reason": sentence}
    return {FAILURES: [row]}


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Keep other runs out of the folder."""
    with ExitStack() as stack:
        with _named(out):
            out.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((out / ".lock").open("w"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OutError(
                    f"another run writes to {out}; wait for it, or choose another OUT"
                ) from None
        yield


@contextmanager
def _named(out: Path) -> Iterator[None]:
    """Name the folder where it cannot be written."""
    try:
        yield
    except OSError as error:
        raise OutError(
            f"results cannot be written to {out} ({error.strerror}); expected a folder with space"
        ) from error


@contextmanager
def _progress(total: int) -> Iterator["tqdm[None]"]:
    """A progress bar, or lines now and then where there is no terminal."""
    terminal = sys.stderr.isatty()
    with tqdm(
        total=total,
        unit="recording",
        mininterval=0.5 if terminal else _LINE_EVERY_S,
        ascii=not terminal,
        dynamic_ncols=True,
    ) as bar:
        yield bar
