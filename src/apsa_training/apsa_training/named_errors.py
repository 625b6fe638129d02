"""Evaluate the named errors: ``make evaluate-errors``.

``python -m apsa_training.named_errors --data FOLDER [--config NAME] [--only SECTION ...]``
"""

import json
import sys
import time
from pathlib import Path

from apsa_perception.exercises.library import ExerciseLibrary
from apsa_training.config.configurations import NamedErrorsConfig
from apsa_training.config.reader import load_config
from apsa_training.evaluation.named_errors.sections import SECTIONS, Sources
from apsa_training.evaluation.results_file import evaluation_parser, provenance, write_json

MODULE = "apsa_training.named_errors"


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = evaluation_parser(MODULE, "named_errors")
    parser.add_argument("--media", type=Path, help="folder of the clips; default: of the config")
    parser.add_argument("--exercises", type=Path, default=Path("config/exercises"))
    parser.add_argument("--only", nargs="+", help="sections to compute; the others are kept")
    options = parser.parse_args(arguments)
    made_by = provenance(MODULE, sys.argv[1:] if arguments is None else arguments)
    try:
        config = load_config(NamedErrorsConfig, options.config)
        out = options.json or Path(config.result)
        library = ExerciseLibrary.load(options.exercises)
        unknown = sorted(set(options.only or ()) - SECTIONS.keys())
        if unknown:
            raise ValueError(
                f"section {unknown[0]!r} is unknown; expected one of {', '.join(SECTIONS)}"
            )
        report = _existing(out) if options.only else {}
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    media = options.media or options.data / config.media
    sources = Sources(config, options.data, media, options.work, library)
    for name in options.only or SECTIONS:
        started = time.monotonic()
        try:
            figures = SECTIONS[name](sources)
        except (ValueError, OSError) as error:
            figures = {"not_measured": str(error)}
            print(f"{name} skipped: {error}", file=sys.stderr)
        report[name] = {"made_by": made_by, **figures}
        write_json(out, report)
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"wrote {out}")
    return 0


def _existing(path: Path) -> dict[str, object]:
    """The report at ``path``; empty if there is none."""
    if not path.exists():
        return {}
    report = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(report, dict):
        raise ValueError(f"{path} is not a report of this command")
    return report


if __name__ == "__main__":
    sys.exit(main())
