"""The weekly plan of a person: its file, its weeks, and how it was kept."""

import stat
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from apsa_feedback.outputs.report import files
from apsa_feedback.outputs.report.adherence import Adherence, adherence_of
from apsa_feedback.outputs.report.person_files import progress_page, write_tables
from apsa_feedback.outputs.report.plan import PlannedPart
from apsa_feedback.outputs.report.stored_files import delete_reports, people_of
from apsa_feedback.outputs.report.stored_record import reports_of
from apsa_feedback.outputs.report.weekly_plan import PlannedProgramme, WeeklyPlan
from apsa_feedback.outputs.report.weekly_plan_file import (
    entry_of,
    plan_path,
    read_plan,
    write_plan,
)
from support.feedback_cases import book
from support.history_cases import PERSON, do_knee, squats

START = date(2026, 11, 4)  # a Wednesday
KNEE = PlannedProgramme("knee", START, 3, 2)
TITLES = {"knee": "Knee", "shoulder": "Shoulder"}


def kept(folder: Path, plan: PlannedProgramme = KNEE) -> Adherence:
    """How the plan was kept by the reports of a folder."""
    (found,) = adherence_of(WeeklyPlan((plan,)), reports_of(folder, PERSON))
    return found


def test_a_plan_is_written_privately_and_read_again(tmp_path: Path) -> None:
    named = PlannedProgramme("shoulder", date(2026, 11, 2), 1, 2, (0, 3))
    plan = WeeklyPlan.of([KNEE, named])
    write_plan(tmp_path, PERSON, plan)
    assert read_plan(tmp_path, PERSON) == plan
    assert [each.programme for each in plan.programmes] == ["shoulder", "knee"]
    assert stat.S_IMODE(plan_path(tmp_path, PERSON).stat().st_mode) == 0o600
    assert people_of(tmp_path) == [PERSON]
    write_plan(tmp_path, PERSON, plan.without("knee", START).without("shoulder", named.start))
    assert list(tmp_path.iterdir()) == []
    assert read_plan(tmp_path, PERSON) == WeeklyPlan()


ENTRY = ("programme: knee", "days_per_week: 3", "start: 2026-11-02", "weeks: 6")


@pytest.mark.parametrize(
    ("line", "text", "sentence"),
    [
        (2, "programme: kne", "programme is 'kne'; did you mean knee? Expected one of knee, sh"),
        (2, "programme: ../knee", "expected the name of a programme, such as knee"),
        (3, "days_per_week: 8", "days_per_week is 8; expected a whole number from 1 to 7"),
        (
            3,
            "days: [monday, funday]",
            "days is 'funday'; did you mean sunday? Expected one of monday",
        ),
        (3, "days: [monday, monday]", "expected each entry once"),
        (4, "start: 2026-02-30", "start cannot be read: day is out of range for month"),
        (4, "start: tomorrow", "start is 'tomorrow'; expected a date such as 2026-11-02"),
        (4, "start: 2026-11-02 10:00:00", "expected a date such as 2026-11-02"),
        (4, "start: 1926-11-02", "expected a date such as 2026-11-02"),
        (5, "weeks: 0", "weeks is 0; expected a whole number from 1 to 104"),
        (6, "week: 3", "unknown key 'programmes[0].week'"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line(
    tmp_path: Path, line: int, text: str, sentence: str
) -> None:
    lines = [*ENTRY[: line - 2], text, *ENTRY[line - 1 :]]
    plan_path(tmp_path, PERSON).write_text("programmes:\n  - " + "\n    ".join(lines) + "\n")
    with pytest.raises(ValueError, match=r"[Ee]xpected|cannot be read") as refused:
        read_plan(tmp_path, PERSON, TITLES)
    message = str(refused.value)
    assert message.startswith(f"{PERSON}_plan.yaml:{line}: ")
    assert sentence in message
    assert "\n" not in message
    page = progress_page(tmp_path, PERSON, book(), TITLES)
    assert f"_plan.yaml:{line}:" in page  # instead of the plan; the page stays


def test_the_same_programme_is_not_planned_twice_for_a_day(tmp_path: Path) -> None:
    twice = (
        "programmes:\n"
        "  - {programme: knee, days_per_week: 3, start: 2026-11-02, weeks: 2}\n"
        "  - {programme: knee, days_per_week: 2, start: 2026-11-15, weeks: 2}\n"
    )
    plan_path(tmp_path, PERSON).write_text(twice)
    with pytest.raises(ValueError, match=r"_plan\.yaml:3: .*expected a day after 2026-11-15"):
        read_plan(tmp_path, PERSON)


@pytest.mark.parametrize(
    "text",
    ["[1]", "{", "{}", '{"programme": "knee", "start": "2026-11-02", "weeks": 6}',
     '{"programme": "knee", "days_per_week": 3, "days": ["monday"], "start": "2026-11-02",'
     ' "weeks": 6}'],
)  # fmt: skip
def test_a_request_that_is_no_entry_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^the plan: "):
        entry_of(text)


def test_a_new_entry_replaces_what_goes_on_and_leaves_the_weeks_that_ended() -> None:
    plan = WeeklyPlan((KNEE,))
    later = PlannedProgramme("knee", START + timedelta(days=10), 2, 3)
    assert plan.with_programme(later).programmes == (replace(KNEE, weeks=1), later)
    assert plan.with_programme(replace(KNEE, per_week=3)).programmes == (replace(KNEE, per_week=3),)
    other = replace(KNEE, programme="shoulder")
    assert plan.with_programme(other).programmes == (KNEE, other)
    with pytest.raises(ValueError, match="no programme 'shoulder' from 2026-11-04 on"):
        plan.without("shoulder", START)


def test_a_day_counts_when_all_sets_were_done_and_weeks_begin_with_the_plan(
    tmp_path: Path,
) -> None:
    do_knee(tmp_path, "2026-11-03T18:00:00+01:00", 2)  # before the plan
    do_knee(tmp_path, "2026-11-04T18:00:00+01:00", 2)
    do_knee(tmp_path, "2026-11-08T18:00:00+01:00", 1)  # one of two sets
    do_knee(tmp_path, "2026-11-10T23:56:00+01:00", 2)  # the second set ends after midnight
    for day in (11, 12, 13):  # more than planned
        do_knee(tmp_path, f"2026-11-{day}T18:00:00+01:00", 2)
    do_knee(tmp_path, "2026-11-18T08:00:00+01:00", 1, "morning")
    do_knee(tmp_path, "2026-11-18T18:00:00+01:00", 2, "evening")
    found = kept(tmp_path)
    weeks = [(w.begins.isoformat(), w.done, w.partly) for w in found.weeks]
    assert weeks == [("2026-11-04", 2, 1), ("2026-11-11", 3, 0), ("2026-11-18", 1, 0)]
    assert found.share(date(2026, 11, 10)) is None  # no week has ended
    assert found.share(date(2026, 11, 11)) == 1.0
    assert found.share(date(2026, 11, 24)) == 1.0  # three days in a week do not make up for others
    assert found.share(date(2026, 11, 25)) == pytest.approx(5 / 6)


def test_halves_of_a_programme_on_one_day_make_a_whole(tmp_path: Path) -> None:
    do_knee(tmp_path, "2026-11-05T08:00:00+01:00", 1)
    assert kept(tmp_path).weeks[0].partly == 1
    begun = datetime.fromisoformat("2026-11-05T18:00:00+01:00")
    record = squats(9, 0.0)
    record.plan = PlannedPart("knee", "Knee", "evening", 2, 1, 2, 3, 0.0)
    files.write(tmp_path, record, book(), begun)
    assert (kept(tmp_path).weeks[0].done, kept(tmp_path).weeks[0].partly) == (1, 0)


def test_what_is_due_today(tmp_path: Path) -> None:
    assert kept(tmp_path).is_due(START)
    assert not kept(tmp_path).is_due(START - timedelta(days=1))
    assert not kept(tmp_path).is_due(KNEE.end + timedelta(days=1))
    do_knee(tmp_path, "2026-11-04T18:00:00+01:00", 2)
    assert not kept(tmp_path).is_due(START)  # done
    assert kept(tmp_path).is_due(START + timedelta(days=1))
    do_knee(tmp_path, "2026-11-06T18:00:00+01:00", 2)
    assert not kept(tmp_path).is_due(START + timedelta(days=4))  # both days of the week
    named = replace(KNEE, per_week=2, weekdays=(0, 3))
    assert kept(tmp_path, named).is_due(date(2026, 11, 5))
    assert not kept(tmp_path, named).is_due(date(2026, 11, 6))


def test_the_report_of_a_session_tells_the_week(tmp_path: Path) -> None:
    write_plan(tmp_path, PERSON, WeeklyPlan((KNEE,)))
    do_knee(tmp_path, "2026-11-04T18:00:00+01:00", 2)
    do_knee(tmp_path, "2026-11-06T18:00:00+01:00", 2)
    words = book().words
    fact = f"<dt>{words['plan_week']}</dt><dd>"
    pages = [each.path.with_suffix(".html") for each in reports_of(tmp_path, PERSON)]
    counts = [path.read_text().split(fact)[1][:5] for path in pages]
    assert counts == ["0 / 2", "1 / 2", "1 / 2", "2 / 2"]
    today = f"<dt>{words['plan_sets_today']}</dt><dd>1 / 2"
    assert [today in path.read_text() for path in pages] == [True, False, True, False]
    first = reports_of(tmp_path, PERSON)[0]  # rated later: what came after is not counted
    assert files.rewrite(first, book()).read_text().split(fact)[1][:5] == "0 / 2"
    plan_path(tmp_path, PERSON).write_text("programmes: 3\n")
    assert fact not in files.rewrite(first, book()).read_text()


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_progress_page_shows_each_week(tmp_path: Path, locale: str) -> None:
    write_plan(tmp_path, PERSON, WeeklyPlan((KNEE,)))
    do_knee(tmp_path, "2026-11-04T18:00:00+01:00", 2)
    do_knee(tmp_path, "2026-11-12T18:00:00+01:00", 1)
    page = progress_page(tmp_path, PERSON, book(locale), TITLES)
    tree = ElementTree.fromstring(page[page.index("<body>") : page.index("</html>")])
    words = book(locale).words
    title, share = words["plan_title"], words["percent_example"].replace("7", "17")
    assert f"{words['plan_kept']}: {share}<" in page
    wide = [one[0] for one in tree.iter("div") if one.get("class") == "wide"]
    chart = next(one for one in wide if (one[0].text or "").startswith(f"{title}: "))
    kinds = [one.get("class") for one in chart.iter("rect")]
    assert kinds == ["bar good", "bar not_judged"]
    assert {"1 / 2", "0 / 2"} <= {one.text for one in chart.iter("text")}
    assert len([one for one in chart.iter("path") if one.get("class") == "target"]) == KNEE.weeks
    first, second = (float(one.get("x") or 0) for one in chart.iter("rect"))
    assert second - first == pytest.approx(926 / 3, abs=0.5)  # one of three weeks of the axis


def test_the_table_has_a_row_for_each_week_and_the_plan_is_deleted(tmp_path: Path) -> None:
    write_plan(tmp_path, PERSON, WeeklyPlan((KNEE,)))
    do_knee(tmp_path, "2026-11-04T18:00:00+01:00", 2)
    table = write_tables(tmp_path, PERSON, tmp_path)[-1]
    assert table.read_text().splitlines()[:2] == [
        "person,programme,week,first_day,last_day,days_planned,days_done,days_partly_done",
        f"{PERSON},knee,1,2026-11-04,2026-11-10,2,1,0",
    ]
    delete_reports(tmp_path, PERSON)
    assert list(tmp_path.iterdir()) == []
