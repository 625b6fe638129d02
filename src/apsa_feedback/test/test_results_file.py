"""The results file: opened late, and never at the cost of an earlier run."""

import json
from pathlib import Path

import pytest

from apsa_feedback.terminal.results_file import ResultsFile

TOPICS = ("repetitions",)


def write(path: Path, run: int) -> None:
    results = ResultsFile(path, TOPICS)
    results.add("/apsa/repetitions", run, {"run": run})
    results.close()


def runs(path: Path) -> list[int]:
    return [json.loads(line)["message"]["run"] for line in path.read_text().splitlines()]


@pytest.mark.faults
def test_each_run_has_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    for run in (1, 2, 3):
        write(path, run)
    kept = {file.name: runs(file) for file in tmp_path.iterdir()}
    assert kept == {"results.jsonl": [3], "results.1.jsonl": [1], "results.2.jsonl": [2]}


def test_a_start_that_fails_changes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    ResultsFile(path, TOPICS).close()
    assert not path.exists()
    write(path, 1)
    ResultsFile(path, TOPICS).close()
    assert runs(path) == [1]
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_without_results_leaves_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    write(path, 1)
    results = ResultsFile(path, TOPICS)
    results.start()
    results.close()
    assert runs(path) == []
    assert runs(tmp_path / "results.1.jsonl") == [1]


def test_a_folder_that_is_missing_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected a file in an existing folder"):
        ResultsFile(tmp_path / "nowhere" / "results.jsonl", TOPICS)


@pytest.mark.faults
def test_the_file_of_a_run_that_crashed_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    write(path, 1)
    path.write_text(f'{path.read_text()}{{"cut off')
    results = ResultsFile(path, TOPICS, append=True)
    results.add("/apsa/repetitions", 2, {"run": 2})
    results.close()
    assert runs(path) == [1, 2]
    assert list(tmp_path.iterdir()) == [path]
