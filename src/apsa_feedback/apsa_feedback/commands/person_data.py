"""Command: the progress, tables, FHIR export or deletion of what is stored about a person.

python -m apsa_feedback.commands.person_data progress P-017 --reports reports/
"""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from apsa_feedback.bringup.node_settings import FeedbackNodeSettings
from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.report.person_files import write_progress, write_tables
from apsa_feedback.outputs.report.stored_files import delete_reports, people_of
from apsa_feedback.outputs.report.stored_record import reports_of
from apsa_feedback.outputs.report.weekly_plan_file import read_plan
from apsa_perception.assessment.personal_ranges import (
    PersonalRanges,
    check_pseudonym,
    people_with_ranges,
)
from apsa_perception.bringup.node_settings import AssessmentNodeSettings
from apsa_perception.model.files import write_private
from apsa_perception.model.paths import path_of, path_or_none, share_dir

_NO_FHIR = (
    "fhir.resources is not installed, which the FHIR export needs; start the command with "
    "`python3 scripts/bootstrap.py --with fhir --`, or install requirements/fhir.txt with pip"
)


_EXAMPLE = "make person-data DO=progress PERSON=P-017 REPORT=reports/"
_KNOWN = 5
"""How many known people are named for one who is not."""


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    options = _parser().parse_args(arguments)
    try:
        _check_complete(options)
        check_pseudonym(options.person)
        if not options.reports.is_dir():
            raise ValueError(
                f"the folder {options.reports} does not exist; expected that of the reports"
            )
        _check_known(options)
        return _ACTIONS[options.action](options)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    ranges, locale = AssessmentNodeSettings().ranges_dir, FeedbackNodeSettings().locale
    parser = argparse.ArgumentParser(
        prog="person_data", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "action",
        metavar="{" + ",".join(_ACTIONS) + "}",
        help="progress: the page over all sessions; csv: all repetitions, holds and weeks of the "
        "plan as tables; fhir: plan and sessions as a FHIR R5 Bundle; delete: delete reports, "
        "progress page, plan, ranges and limits",
    )
    parser.add_argument("person", help="pseudonym, such as P-017")
    parser.add_argument("--reports", type=path_or_none, required=True, help="folder of the reports")
    parser.add_argument(
        "--ranges",
        type=path_of,
        default=path_of(ranges),
        help=f"folder of the personal ranges, for delete; default: {ranges}",
    )
    parser.add_argument("--out", type=path_of, help="folder for csv and fhir; default: --reports")
    parser.add_argument("--locale", default=locale, help="language of the progress page")
    parser.add_argument("--yes", action="store_true", help="delete without a question")
    return parser


def _check_complete(options: argparse.Namespace) -> None:
    """Refuse what ``make person-data`` passes on empty, or another action."""
    given = {"DO": options.action, "PERSON": options.person, "REPORT": options.reports}
    if missing := [name for name, value in given.items() if not value]:
        listed = " and ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
        verb = "is" if len(missing) == 1 else "are"
        raise ValueError(f"{listed} {verb} missing; for example: {_EXAMPLE}")
    if options.action not in _ACTIONS:
        raise ValueError(
            f"DO is {options.action!r}; expected one of {', '.join(_ACTIONS)}; "
            f"for example: {_EXAMPLE}"
        )


def _check_known(options: argparse.Namespace) -> None:
    """Refuse a person of whom nothing is stored."""
    folder, person = options.reports, options.person
    people = people_of(folder)
    missing = f"there are neither reports nor a plan of {person} in {folder}"
    if options.action == "delete":  # what is left of a person is deleted, too
        people = sorted({*people, *people_with_ranges(options.ranges)})
        missing += f", nor ranges or limits in {options.ranges}"
        known = person in people
    else:
        known = bool(reports_of(folder, person) or read_plan(folder, person).programmes)
    if not known:
        others = [each for each in people if each != person]
        names = ", ".join(others[:_KNOWN]) + (", ..." if len(others) > _KNOWN else "")
        expected = f"expected one of {names}" if names else "nobody has any there"
        raise ValueError(f"{missing}; {expected}")


def _progress(options: argparse.Namespace) -> int:
    book = CueBook.load(share_dir("apsa_feedback") / "config" / "cues", options.locale)
    return _written(write_progress(options.reports, options.person, book))


def _csv(options: argparse.Namespace) -> int:
    return _written(*write_tables(options.reports, options.person, options.out or options.reports))


def _fhir(options: argparse.Namespace) -> int:
    try:
        from apsa_feedback.outputs.report.fhir_bundle import bundle_of
    except ModuleNotFoundError:
        raise ValueError(_NO_FHIR) from None
    plan = read_plan(options.reports, options.person)
    reports = reports_of(options.reports, options.person)
    path: Path = (options.out or options.reports) / f"{options.person}_fhir.json"
    write_private(path, bundle_of(options.person, reports, datetime.now().astimezone(), plan))
    return _written(path)


def _delete(options: argparse.Namespace) -> int:
    person = options.person
    if not options.yes and not _confirmed(person):
        print("nothing is deleted")
        return 1
    count = delete_reports(options.reports, person)
    PersonalRanges.delete(options.ranges, person)
    print(f"deleted {count} files of {person} in {options.reports}, and the ranges")
    return 0


def _confirmed(person: str) -> bool:
    """Ask; without a terminal nobody confirms."""
    try:
        answer = input(f"Delete all reports, ranges, plan and progress of {person}? [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in ("y", "yes")


def _written(*paths: Path) -> int:
    for path in paths:
        print(f"written to {path}")
    return 0


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "progress": _progress,
    "csv": _csv,
    "fhir": _fhir,
    "delete": _delete,
}


if __name__ == "__main__":
    sys.exit(main())
