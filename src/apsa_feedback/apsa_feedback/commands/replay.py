"""Command of ``make replay``: play a recording and compare what it gives with what is expected.

The recording and the files are in the environment: BAG, EXPECT, WRITE_EXPECT, JUNIT, and the
variables of ``make coach``.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from apsa_feedback.commands.coach import start, values_from
from apsa_feedback.commands.compare_results import compare_files
from apsa_feedback.expected.files import read_expected
from apsa_perception.model.paths import path_or_none
from apsa_perception.sources.select import select_recording


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Replay and compare; return the exit code."""
    expect, write, junit = (
        path_or_none(environment.get(name, "")) for name in ("EXPECT", "WRITE_EXPECT", "JUNIT")
    )
    values = values_from(environment)
    recording = environment.get("BAG") or values.get("source", "")
    if not recording or (expect is None and write is None):
        wanted = "make replay BAG=recording EXPECT=expected.json"
        print(f"BAG, and EXPECT or WRITE_EXPECT, are needed; expected {wanted}", file=sys.stderr)
        return 2
    try:
        select_recording(recording, values.get("image_topic", ""))
        if expect is not None:
            read_expected(expect)
        with tempfile.TemporaryDirectory(prefix="apsa-replay-") as folder:
            results = values.get("json") or str(Path(folder) / "results.jsonl")
            played = {"rate": "0", "outputs": "none"} | values
            code = start({**played, "source": recording, "json": results})
            return code or compare_files(Path(results), expect, write, junit)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
