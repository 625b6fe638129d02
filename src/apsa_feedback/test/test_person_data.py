"""What is stored about a person: progress page, tables, FHIR, and its deletion."""

import csv
import json
import sys
from pathlib import Path

import pytest

from apsa_feedback.commands.person_data import main
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.group import OutputGroup
from apsa_feedback.outputs.report.output import ReportOutput
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_pages import stored_pages
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.model.codes import Side
from support.feedback_cases import book, with_boundaries
from support.history_cases import PERSON, write_weeks
from support.report_cases import whole_session

OTHERS = ("P-01_squat_20260101-100000.json", "P-0171_squat_20260101-100000.html", "notes.txt",
          "P-017_my_notes.txt")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eleven sets of a person, and files that are not theirs."""
    reports = tmp_path / "reports"
    reports.mkdir()
    write_weeks(reports)
    for name in OTHERS:
        (reports / name).touch()
    return reports


def test_the_command_deletes_reports_and_ranges_of_one_person(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ranges = folder.parent / "ranges"
    PersonalRanges({("squat", Side.BOTH): 80.0}).save(ranges, PERSON)
    PersonalRanges({("squat", Side.BOTH): 80.0}).save(ranges, "P-01")
    asked = ["delete", PERSON, "--reports", str(folder), "--ranges", str(ranges)]
    for action in ("progress", "csv"):
        assert main([action, *asked[1:]]) == 0
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert main(asked) == 1
    assert len(list(folder.glob(f"{PERSON}_*"))) == 33 + 3 + 1
    assert main([*asked, "--yes"]) == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(OTHERS)
    assert [path.name for path in ranges.iterdir()] == ["P-01.json"]
    assert "deleted 36 files of P-017" in capsys.readouterr().out


@pytest.mark.parametrize("action", ["progress", "csv", "fhir", "delete"])
def test_a_name_or_a_folder_that_is_none_is_refused(
    tmp_path: Path, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([action, "Anna", "--reports", str(tmp_path)]) == 2
    assert main([action, PERSON, "--reports", str(tmp_path / "none")]) == 2
    assert main([action, PERSON, "--reports", ""]) == 2  # not the present folder
    name, missing, empty = capsys.readouterr().err.splitlines()
    assert empty.startswith("REPORT is missing; for example: make person-data DO=")
    assert "Use a code such as P-017" in name
    assert missing.endswith("none does not exist; expected that of the reports")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["", "", "--reports", ""], "DO, PERSON and REPORT are missing; for example: make "),
        (["csv", "", "--reports", "."], "PERSON is missing; for example: make "),
        (["report", PERSON, "--reports", "."], "DO is 'report'; expected one of progress, csv, "),
    ],
)
def test_what_make_passes_on_empty_is_one_sentence(
    given: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(expected)
    assert len(shown.splitlines()) == 1


def test_the_usage_lists_the_actions(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "{progress,csv,fhir,delete}" in capsys.readouterr().out.partition("\n\n")[0]


@pytest.mark.parametrize("action", ["progress", "csv", "fhir", "delete"])
def test_an_unknown_person_gets_no_empty_page_but_known_names(
    folder: Path, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("fhir.resources", reason="requirements/fhir.txt is not installed")
    before = sorted(folder.iterdir())
    for number in range(6):
        (folder / f"P-1{number}_squat_20260101-100000.json").touch()
    ranges = folder.parent / "ranges"
    PersonalRanges({("squat", Side.BOTH): 80.0}).save(ranges, "P-02")
    asked = [action, "P-999", "--reports", str(folder), "--ranges", str(ranges), "--yes"]
    assert main(asked) == 2
    missing, names = f"there are neither reports nor a plan of P-999 in {folder}", "P-10, P-11"
    if action == "delete":
        missing, names = f"{missing}, nor ranges or limits in {ranges}", "P-02, P-10"
    ordered = ", ".join(sorted(["P-01", "P-017", "P-0171", *names.split(", ")]))
    assert capsys.readouterr().err == f"{missing}; expected one of {ordered}, ...\n"
    assert [path for path in before if not path.exists()] == []
    assert not list(folder.glob("P-999*"))


def test_the_tables_hold_all_sessions_of_the_person(folder: Path) -> None:
    assert main(["csv", PERSON, "--reports", str(folder)]) == 0
    with (folder / f"{PERSON}_repetitions.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 27
    assert {row["person"] for row in rows} == {PERSON}
    assert len({row["date"] for row in rows}) == 9
    right = [row for row in rows if row["exercise"] == "elbow_flexion_right"]
    assert (right[0]["left"], right[0]["right"]) == ("", "85.0")
    with (folder / f"{PERSON}_holds.csv").open() as file:
        assert [row["held_s"] for row in csv.DictReader(file)] == ["26.0", "32.0"]


def test_the_export_is_a_fhir_r5_bundle(folder: Path) -> None:
    pytest.importorskip("fhir.resources", reason="requirements/fhir.txt is not installed")
    from fhir.resources.bundle import Bundle

    paths = [folder / f"{PERSON}_fhir.json"] * 2
    assert main(["fhir", PERSON, "--reports", str(folder)]) == 0
    content = json.loads(paths[0].read_text())
    Bundle.model_validate(content)
    resources = [entry["resource"] for entry in content["entry"]]
    kinds = [each["resourceType"] for each in resources]
    assert (kinds.count("Patient"), kinds.count("Procedure")) == (1, 11)
    pains = [
        each["valueInteger"]
        for each in resources
        if each["resourceType"] == "Observation"
        and each["code"]["coding"][0].get("code") == "72514-3"
    ]
    assert pains[:3] == [4, 5, 4]
    ids = {entry["fullUrl"] for entry in content["entry"]}
    assert len(ids) == len(resources)
    for each in resources:
        if each["resourceType"] == "Observation":
            assert each["partOf"][0]["reference"] in ids
            assert each["subject"]["reference"] in ids


def test_without_the_optional_package_the_export_says_what_to_install(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "apsa_feedback.outputs.report.fhir_bundle", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "fhir"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fhir", None)
    assert main(["fhir", PERSON, "--reports", str(folder)]) == 2
    assert "--with fhir" in capsys.readouterr().err


def test_a_deletion_leaves_nothing_and_pages_are_those_of_the_person(tmp_path: Path) -> None:
    settings = ReportSettings(dir=str(tmp_path), person="p07")
    report = ReportOutput.open(OutputContext(book(), settings, print))
    failures: list[str] = []
    group = OutputGroup({"report": report}, lambda name, error: failures.append(str(error)))
    person = ["p07"]
    pages = stored_pages(settings, lambda: person[0], book)
    assert pages is not None
    for event in with_boundaries(whole_session()):
        group.show_event(event)  # type: ignore[arg-type]
    group.stop()
    *under_way, end = with_boundaries(whole_session("s2"))
    group.show_event(under_way[0])  # type: ignore[arg-type]
    assert group.delete_person("p07")
    for event in (*under_way, end):  # what follows of it is not stored, either
        group.show_event(event)  # type: ignore[arg-type]
    group.stop()
    assert list(tmp_path.iterdir()) == []
    for event in with_boundaries(whole_session()):
        group.show_event(event)  # type: ignore[arg-type]
    group.close()
    (page,) = (path.name for path in tmp_path.glob("p07_squat_*.html"))
    assert page in str(pages(""))
    assert "Exercise report" in str(pages(page))
    for name in ("../secret.html", "p07_squat_1.json", page.replace("p07", "p08"), "x.html"):
        assert pages(name) is None
    person[0] = ""  # nobody is chosen
    assert pages("") is None
    assert pages(page) is None
    assert stored_pages(ReportSettings(), lambda: "p07", book) is None
    assert failures == []
