"""Feeds each reader with random input for a given time and counts.

    make fuzz SECONDS=60

An input is checked by ``support/fuzz_targets.py``. A failure ends the run of its reader, with the
smallest input that fails.
"""

import argparse
import faulthandler
import json
import os
import random
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings

from support.fuzz_targets import NAMES, opened
from support.fuzzing import Target
from support.paths import ROOT

RESULT = ROOT / "benchmarks" / "results" / "fuzz.json"
BATCH = 500
STUCK_S = 120.0
"""After so long, also on a busy machine, the stacks are printed and the run ends."""


@dataclass
class Counter:
    """Inputs, and the most processor time that one took."""

    inputs: int = 0
    slowest_s: float = 0.0


def run(target: Target, seconds: float) -> dict[str, Any]:
    """Check inputs in batches until the time is over; return the counts."""
    counter = Counter()
    give_up = time.monotonic() + seconds
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
            if time.monotonic() > give_up:
                return
            faulthandler.dump_traceback_later(STUCK_S, exit=True, file=sys.__stderr__)
            elapsed_s = target.timed(given_input)
            faulthandler.cancel_dump_traceback_later()
            counter.inputs += 1
            counter.slowest_s = max(counter.slowest_s, elapsed_s)

        try:
            check()
        except Exception:
            failure = traceback.format_exc()
        faulthandler.cancel_dump_traceback_later()
    return {
        "inputs": counter.inputs,
        "seconds": round(seconds + time.monotonic() - give_up, 1),
        "slowest_s": round(counter.slowest_s, 3),
        "failures": int(bool(failure)),
        **({"failure": failure} if failure else {}),
    }


def added(before: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return the counts of both runs together."""
    both = {**before, **found}
    for name in before.keys() & found.keys():
        old, new = before[name], found[name]
        sums = {key: round(old[key] + new[key], 1) for key in ("inputs", "seconds", "failures")}
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
    found: dict[str, Any] = {}
    for name in NAMES if chosen.only is None else (chosen.only,):
        with opened(name) as target:
            found[name] = run(target, chosen.seconds)
        print(f"{name}: {found[name]['inputs']} inputs, {found[name]['failures']} failures")
        print(found[name].get("failure", ""), end="", flush=True)
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
