"""The page over all sessions of a person: a true time axis, both sides, the plan."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from apsa_feedback.outputs.report import files
from apsa_feedback.outputs.report.history import exercises_of, ratings_of, runs_of
from apsa_feedback.outputs.report.history_charts import per_week
from apsa_feedback.outputs.report.history_page import history_page
from apsa_feedback.outputs.report.page import page
from apsa_feedback.outputs.report.plan import PlannedPart
from apsa_feedback.outputs.report.stored_record import StoredRecord, read_report, reports_of
from apsa_feedback.outputs.report.time_axis import day_of, span_of, ticks
from apsa_perception.programmes.one_side import sided_title
from support.feedback_cases import book
from support.history_cases import DAYS, FIRST_DAY, PERSON, squats, write_weeks


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[StoredRecord]:
    """Eleven sets on three days over the turn of the year."""
    folder = tmp_path_factory.mktemp("reports")
    write_weeks(folder)
    (folder / f"{PERSON}_squat_damaged.json").write_text("{")
    (folder / "P-018_squat_other.json").write_text("{}")
    return reports_of(folder, PERSON)


def test_values_are_by_side_and_day(reports: list[StoredRecord]) -> None:
    found = {"/".join(each.titles): each for each in exercises_of(reports)}
    assert list(found) == ["wall_sit", "elbow_flexion_left/elbow_flexion_right", "squat"]
    squat = found["squat"]
    assert [round(value) for _, value in squat.ranges["left"]] == [70, 76, 82]
    assert [round(value) for _, value in squat.ranges["right"]] == [62, 68, 74]
    elbow = found["elbow_flexion_left/elbow_flexion_right"]
    assert [value for _, value in elbow.ranges["right"]] == [80, 86, 92]
    assert [value for _, value in elbow.qualities["left"]] == [90, 93, 96]
    assert [count for _, count in elbow.sets] == [2, 2, 2]
    assert [value for _, value in found["wall_sit"].holds["both"]] == [26, 32]
    days = [at for at, _ in squat.ranges["left"]]
    assert [round(at - days[0]) for at in days] == list(DAYS)
    assert [value for _, value in ratings_of(reports)["pain"]] == [5, 4, 3]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), "apsa-report/9"),
        (("person",), None),
        (("family",), []),
        (("written",), "9999-12-31T23:59:59+00:00"),
        (("repetitions", 0, "peak"), 10**400),
        (("repetitions", 0, "score"), float("nan")),
        (("repetitions", 0, "grade"), "excellent"),
        (("repetitions", 0, "side"), "top"),
        (("repetitions", 0, "left"), {"peak": 1.0}),
        (("rating", "pain"), "much"),
        (("plan", "sets"), True),
        (("curve", "left"), [["x", 1.0]]),
    ],
)
def test_a_damaged_report_is_left_out(
    reports: list[StoredRecord], tmp_path: Path, place: tuple[str | int, ...], value: object
) -> None:
    path = next(each.path for each in reports if each.record.exercise == "squat")
    content = json.loads(path.read_text())
    inner = content
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    copy = tmp_path / path.name
    copy.write_text(json.dumps(content))
    assert read_report(copy) is None
    assert read_report(path) is not None


def test_the_plan_counts_the_sets_that_were_done(reports: list[StoredRecord]) -> None:
    runs = [(run.begun.date().isoformat(), run.done, run.planned) for run in runs_of(reports)]
    assert runs == [("2026-01-20", 4, 4), ("2025-12-30", 4, 4), ("2025-12-18", 3, 4)]


def test_the_sets_of_two_sides_of_an_exercise_are_two_sets(tmp_path: Path) -> None:
    for number, side in enumerate(("right", "left")):
        record = squats(number, 0.0)
        record.title = sided_title("Squat", side)
        record.plan = PlannedPart("mine", "Mine", "run", 2, 1, 1, 3, 0.0)
        files.write(tmp_path, record, book(), FIRST_DAY + timedelta(minutes=3 * number))
    reports = reports_of(tmp_path, PERSON)
    (run,) = runs_of(reports)
    assert (run.done, run.planned) == (2, 2)
    (exercise,) = exercises_of(reports)
    assert exercise.titles == {"squat": "Squat"}
    assert "Kniebeuge, rechte Seite" in page(reports[0].record, book("de"), FIRST_DAY.isoformat())


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_page_is_complete_and_well_formed(reports: list[StoredRecord], locale: str) -> None:
    page = history_page(PERSON, reports, book(locale))
    body = page[page.index("<body>") : page.index("</html>")]
    tree = ElementTree.fromstring(body)
    charts = [each for each in tree.iter("div") if each.get("class") == "wide"]
    assert len(charts) == 10
    assert len(list(tree.iter("svg"))) == 2 * len(charts)  # one of each for phones
    assert not re.search(r"(?i)https?:|<script|<img|url\((?!#)|@import", page)
    links = [each.get("href") for each in tree.iter("a")]
    assert links == [each.path.with_suffix(".html").name for each in reversed(reports)]
    labels = re.findall(r">(\d{4}-\d\d-\d\d)</text>", page)
    assert {"2025-12-15", "2026-01-19"} <= set(labels)  # with the year
    assert book(locale).words["history_empty"] in history_page("P-1", [], book(locale))


def test_a_bar_of_sets_is_as_long_as_its_week_and_weeks_are_labelled() -> None:
    monday = float(datetime(2026, 1, 5).toordinal())
    chart = per_week([(monday + 3.5, 2), (monday + 10.5, 4)], (monday, monday + 14.0), "Sets")
    for wide in chart.findall("div/svg"):
        first, second = ((float(each.get("x", 0)), float(each.get("width", 0)))
                         for each in wide.iter("rect"))  # fmt: skip
        week = second[0] - first[0]
        assert 0.9 * week < first[1] == second[1] < week
        labels = [text.text for text in wide.iter("text")]
        assert [each for each in labels if each and "-" in each] == ["2026-01-05", "2026-01-12"]


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        ("2025-12-19", ["2025-12-15", "2025-12-16", "2025-12-17"]),
        ("2026-02-20", ["2025-12-15", "2025-12-29", "2026-01-12"]),
        ("2026-06-01", ["2026-01", "2026-02", "2026-03"]),
        ("2029-06-01", ["2026-01", "2026-07", "2027-01"]),
        ("2033-06-01", ["2026", "2027", "2028"]),
    ],
)
def test_the_axis_is_labelled_as_its_length_allows(last: str, labels: list[str]) -> None:
    end = datetime.fromisoformat(f"{last}T12:00:00+01:00")
    found = ticks(span_of([day_of(FIRST_DAY), day_of(end)]), 8)
    assert [label for _, label in found][:3] == labels
    assert len(found) <= 9
