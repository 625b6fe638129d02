"""Feeds each reader with random input for a given time and counts.

    make fuzz SECONDS=60

An input is checked by ``support/fuzz_targets.py``. Hypothesis draws inputs; as that takes most of
the time, each batch is followed by many more inputs that are mixed from those drawn
(``support/neighbours.py``). The readers run side by side, one for each core. A failure ends the run
of its reader, with the smallest drawn input that fails, or the mixed one.
"""

import argparse
import faulthandler
import json
import os
import random
import sys
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch
from hypothesis import HealthCheck, given, seed, settings

from support.fuzz_targets import NAMES, opened
from support.fuzzing import Target
from support.neighbours import Neighbours
from support.paths import ROOT

RESULT = ROOT / "benchmarks" / "results" / "fuzz.json"
BATCH = 200
MIXED = 20
"""Mixed inputs for each drawn one."""
SHOWN = 4000
COUNTS = ("inputs", "drawn", "seconds", "processor_s", "failures")
STUCK_S = 120.0
"""After so long, also on a busy machine, the stacks are printed and the run ends."""


@dataclass
class Counter:
    """Inputs, and the most processor time that one took."""

    target: Target
    drawn: int = 0
    mixed: int = 0
    slowest_s: float = 0.0
    neighbours: Neighbours = field(default_factory=lambda: Neighbours(random.randrange(2**32)))

    def check_drawn(self, given_input: object) -> None:
        """Check an input that hypothesis drew."""
        self.neighbours.add(given_input)
        self._check(given_input)
        self.drawn += 1

    def check_mixed(self, give_up: float) -> None:
        """Check the inputs that follow a batch, until the time is over."""
        for given_input in self.neighbours.some(BATCH * MIXED):
            if time.monotonic() > give_up:
                return
            try:
                self._check(given_input)
            except Exception as error:
                error.add_note(f"input: {given_input!r:.{SHOWN}}")
                raise
            self.mixed += 1

    def _check(self, given_input: object) -> None:
        faulthandler.dump_traceback_later(STUCK_S, exit=True, file=sys.__stderr__ or 2)
        elapsed_s = self.target.timed(given_input)
        faulthandler.cancel_dump_traceback_later()
        self.slowest_s = max(self.slowest_s, elapsed_s)


def run(target: Target, seconds: float) -> dict[str, Any]:
    """Check inputs in batches until the time is over; return the counts."""
    counter = Counter(target)
    give_up, began = time.monotonic() + seconds, time.process_time()
    failure = ""
    while time.monotonic() < give_up and not failure:

        @seed(random.randrange(2**32))
        @settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(target.inputs)
        def check(given_input: object) -> None:
            if time.monotonic() < give_up:
                counter.check_drawn(given_input)

        try:
            check()
            counter.check_mixed(give_up)
        except Exception:
            failure = traceback.format_exc()
        faulthandler.cancel_dump_traceback_later()
    return {
        "inputs": counter.drawn + counter.mixed,
        "drawn": counter.drawn,
        "seconds": round(seconds + time.monotonic() - give_up, 1),
        "processor_s": round(time.process_time() - began, 1),
        "slowest_s": round(counter.slowest_s, 3),
        "failures": int(bool(failure)),
        **({"failure": failure} if failure else {}),
    }


def run_reader(name: str, seconds: float) -> dict[str, Any]:
    """Check inputs of one reader, in a process of its own."""
    torch.set_num_threads(1)
    with opened(name) as target:
        return run(target, seconds)


def added(before: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return the counts of both runs together."""
    both = {**before, **found}
    for name in before.keys() & found.keys():
        old, new = before[name], found[name]
        sums = {key: round(old.get(key, 0) + new[key], 1) for key in COUNTS}
        both[name] = {**old, **new, **sums, "slowest_s": max(old["slowest_s"], new["slowest_s"])}
    return both


def main() -> int:
    """Entry point; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="for each reader")
    parser.add_argument("--only", choices=NAMES, help="one reader")
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--add", action="store_true", help="add to the counts in the file")
    chosen = parser.parse_args()
    names = NAMES if chosen.only is None else (chosen.only,)
    found: dict[str, Any] = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        runs = pool.map(partial(run_reader, seconds=chosen.seconds), names)
        for name, counts in zip(names, runs, strict=True):
            found[name] = counts
            print(f"{name}: {counts['inputs']} inputs, {counts['failures']} failures")
            print(counts.get("failure", ""), end="", flush=True)
    if chosen.add and chosen.out.is_file():
        found = added(json.loads(chosen.out.read_text())["readers"], found)
    total = sum(each["inputs"] for each in found.values())
    chosen.out.write_text(
        json.dumps({"cores": os.cpu_count(), "inputs": total, "readers": found}, indent=2) + "\n"
    )
    print(f"{total} inputs in all")
    return int(any(each["failures"] for each in found.values()))


if __name__ == "__main__":
    sys.exit(main())
