"""Limits of a person in the report: shown, read again, and kept when it is rewritten."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from apsa_feedback.outputs.report import files
from apsa_feedback.outputs.report.stored_record import read_report
from apsa_perception.assessment.personal_limits import ChangedLimit
from support.feedback_cases import book
from support.history_cases import squats

WHEN = datetime.fromisoformat("2026-11-04T18:00:00+01:00")
DEPTH = ChangedLimit(
    "insufficient_depth", "insufficient_depth:peak", "peak", "deg", 100.0, 110.0, 1.0
)


@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_report_lists_the_limits_of_the_person(tmp_path: Path, locale: str) -> None:
    record = squats(1, 0.0)
    assert book(locale).words["report_limits"] not in _page(tmp_path, record, locale)
    record.limits = (DEPTH,)
    page = _page(tmp_path, record, locale)
    words = book(locale).words
    assert words["report_limits"] in page
    shown = f"{words['insufficient_depth']}: {words['error_above']} 100°"
    assert f"{shown} ({words['exercise']}: 110°)" in page
    record.limits = (replace(DEPTH, sign=-1.0),)
    assert f": {words['error_below']} 100°" in _page(tmp_path, record, locale)
    record.limits = (replace(DEPTH, bidirectional=True),)
    assert f": {words['error_above']} ± 100°" in _page(tmp_path, record, locale)


def test_limits_are_read_again_and_a_damaged_one_is_no_report(tmp_path: Path) -> None:
    record = squats(1, 0.0)
    fast = replace(DEPTH, error="too_fast", unit="s", limit=0.8, usual=1.0)
    record.limits = (replace(DEPTH, bidirectional=True), fast)
    files.write(tmp_path, record, book(), WHEN)
    (path,) = tmp_path.glob("*.json")
    stored = read_report(path)
    assert stored is not None
    assert stored.record.limits == record.limits
    assert "0.80 s (Exercise: 1.00 s)" in files.rewrite(stored, book()).read_text()
    for limits in ([{"error": "nothing"}], [{**json.loads(path.read_text())["limits"][0],
                                             "limit": "much"}], 3):  # fmt: skip
        path.write_text(json.dumps({**json.loads(path.read_text()), "limits": limits}))
        assert read_report(path) is None


def test_a_limit_of_an_earlier_version_is_shown_without_its_side(tmp_path: Path) -> None:
    record = squats(1, 0.0)
    record.limits = (DEPTH,)
    files.write(tmp_path, record, book(), WHEN)
    (path,) = tmp_path.glob("*.json")
    content = json.loads(path.read_text())
    for name in ("sign", "bidirectional"):
        del content["limits"][0][name]
    path.write_text(json.dumps(content))
    stored = read_report(path)
    assert stored is not None
    assert "Not deep enough: 100° (Exercise: 110°)" in files.rewrite(stored, book()).read_text()


def _page(folder: Path, record: object, locale: str) -> str:
    return files.write(folder, record, book(locale), WHEN).read_text()  # type: ignore[arg-type]
