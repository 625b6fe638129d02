"""Command: compare a results file with expected results, or make them from it.

python -m apsa_feedback.commands.compare_results results.jsonl --expect expected.json
"""

import argparse
import sys
from pathlib import Path

from apsa_feedback.expected.comparison import Check, Tolerance, compare
from apsa_feedback.expected.files import read_expected, write_expected, write_junit
from apsa_feedback.expected.outcome import read_results

DIFFERENT = 1
"""Exit code where the results are not those expected."""


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="compare_results", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("results", type=Path, help="file that the option json has written")
    parser.add_argument("--expect", type=Path, help="file with the expected results")
    parser.add_argument("--write-expect", type=Path, help="write them to this file")
    parser.add_argument("--junit", type=Path, help="write the comparison to this file, too")
    options = parser.parse_args(arguments)
    try:
        return compare_files(options.results, options.expect, options.write_expect, options.junit)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2


def compare_files(
    results: Path, expect: Path | None, write_expect: Path | None, junit: Path | None
) -> int:
    """Compare and write what is asked for; return the exit code.

    Raises:
        ValueError: a file cannot be read or written; one sentence.
    """
    outcome = read_results(results)
    tolerance, checks = Tolerance(), list[Check]()
    if expect is not None:
        expected, tolerance = read_expected(expect)
        checks = compare(expected, outcome, tolerance)
        if junit is not None:
            write_junit(junit, expect.stem, checks)
        print(_text(checks, len(outcome.repetitions)))
    if write_expect is not None:
        write_expected(write_expect, outcome, tolerance)
        print(f"written to {write_expect}")
    return DIFFERENT if any(check.differences for check in checks) else 0


def _text(checks: list[Check], repetitions: int) -> str:
    differing = [check for check in checks if check.differences]
    if not differing:
        return f"as expected (repetitions: {repetitions})"
    lines = [f"{check.name}: {each}" for check in differing for each in check.differences]
    return "\n".join(["different from what is expected:", *(f"  {line}" for line in lines)])


if __name__ == "__main__":
    sys.exit(main())
