"""A run of a programme as plain values, so that another process can continue it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from apsa_perception.programmes.definition import PlannedSet, Programme
from apsa_perception.programmes.run import ProgrammeRun, SetProgress, Stage


def plain_programme(programme: Programme) -> dict[str, Any]:
    """Return a programme as plain values."""
    content = asdict(programme)
    return {**content, "sets": list(content["sets"])}


def plain_run(run: ProgrammeRun, programme: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run as plain values; ``programme``: its programme as such."""
    return {
        "programme": programme,
        "index": run.index,
        "stage": run.stage.value,
        "elapsed_ns": run.elapsed_ns,
        "progress": asdict(run.progress),
    }


def run_of(saved: Mapping[str, Any]) -> ProgrammeRun:
    """Return the run that ``plain_run`` returned.

    Raises:
        KeyError, TypeError, IndexError or ValueError: it is something else.
    """
    content, progress = saved["programme"], saved["progress"]
    sets = tuple(PlannedSet(**each) for each in content["sets"])
    index = int(saved["index"])
    if not 0 <= index < len(sets):
        raise IndexError(f"set {index} of {len(sets)}")
    return ProgrammeRun(
        Programme(**{**content, "sets": sets}),
        index,
        Stage(saved["stage"]),
        int(saved["elapsed_ns"]),
        SetProgress(
            int(progress["repetitions"]),
            int(progress["poor_in_a_row"]),
            [float(speed) for speed in progress["speeds"]],
            [float(score) for score in progress["scores"]],
        ),
    )
