"""The generated parts of the documentation are up to date."""

import re
from pathlib import Path

import pytest

import messages_page
import tables_page
import typical_errors
from apsa_perception.biomechanics.measures import MEASURES
from apsa_perception.exercises.file import load_exercise
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.programmes.file import load_programme
from architecture_diagram import PAGE, import_arrows, page, reduced
from documentation_site import collected
from exercise_pages import pages
from generated_blocks import with_blocks
from support.paths import ROOT


def test_the_tables_are_up_to_date() -> None:
    for path, text in pages(ROOT).items():
        assert path.read_text(encoding="utf-8") == text, "python tools/exercise_pages.py"


def test_the_columns_of_the_tables_are_up_to_date() -> None:
    text = (ROOT / tables_page.PAGE).read_text(encoding="utf-8")
    assert text == tables_page.page(ROOT), "python tools/tables_page.py"


def test_the_page_of_the_messages_is_up_to_date() -> None:
    text = (ROOT / messages_page.PAGE).read_text(encoding="utf-8")
    assert text == messages_page.page(ROOT), "python tools/messages_page.py"


def test_constants_fields_and_parts_of_an_action_are_on_its_page(tmp_path: Path) -> None:
    folder = tmp_path / messages_page.PACKAGE / "action"
    folder.mkdir(parents=True)
    goal = (
        "# Runs a set.\n# Twice.\n\n# mode\nuint8 FAST = 1  # or | slow\n\nstring name  # of it\n"
    )
    file = folder / "RunSet.action"
    file.write_text(f"{goal}---\nbool done # at the end\n---\n", encoding="utf-8")
    text = messages_page.page(tmp_path)
    assert "## Actions\n\n### RunSet\n\nRuns a set. Twice.\n\n**Goal**\n" in text
    assert "| mode | value | meaning |\n|---|---|---|\n| `FAST` | 1 | or \\| slow |\n" in text
    assert "| `name` | string | of it |\n\n**Result**\n\n| field |" in text
    assert text.endswith("**Feedback**\n\nNo fields.\n")
    file.write_text("# Too short.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"RunSet.action has 1 parts; expected 3"):
        messages_page.page(tmp_path)
    file.write_text("# Wrong.\nuint8\n---\n---\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'uint8' is neither a field nor a constant"):
        messages_page.page(tmp_path)


def test_the_navigation_of_the_site_has_every_page() -> None:
    pages = {path.as_posix() for path in collected(ROOT) if path.suffix == ".md"}
    _, _, navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")
    assert set(re.findall(r": (\S+\.md)$", navigation, re.MULTILINE)) == pages


def test_the_site_refuses_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("[gone](docs/gone.md)\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README.md links to docs/gone.md, which does not exist"):
        collected(tmp_path)


def test_every_measure_and_exercise_is_in_its_table() -> None:
    measures, exercises = pages(ROOT).values()
    assert all(f"| `{name}` |" in measures for name in MEASURES)
    files = (ROOT / "config" / "exercises").glob("*.yaml")
    assert all(f"| `{path.stem}` |" in exercises for path in files)


def test_the_typical_errors_are_those_that_were_measured() -> None:
    text = (ROOT / typical_errors.MODULE).read_text(encoding="utf-8")
    assert text == typical_errors.module(ROOT), "python tools/typical_errors.py"


def test_the_diagram_is_up_to_date() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(ROOT), (
        "python tools/architecture_diagram.py"
    )


def test_the_diagram_leaves_out_only_implied_arrows() -> None:
    assert reduced({"a": {"b", "c"}, "b": {"c"}}) == {"a": {"b"}, "b": {"c"}}
    assert "apsa_perception.model" in import_arrows(ROOT)["apsa_feedback.stream"]


def test_an_unknown_block_is_refused() -> None:
    with pytest.raises(ValueError, match="block is 'codes'; expected one of measures"):
        with_blocks("<!-- generated: codes -->\n<!-- end -->", {"measures": ""})


def test_the_examples_of_the_page_are_exercises(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8")
    titles = []
    for example in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL):
        path = tmp_path / f"{re.findall(r'^name: ([a-z_]+)', example, re.MULTILINE)[0]}.yaml"
        path.write_text(example, encoding="utf-8")
        titles.append(load_exercise(path).title)
    assert titles == ["Wall squat", "Wall sit"]


def test_the_example_of_a_programme_is_one(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "programmes.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    path = tmp_path / "my_knee.yaml"
    path.write_text(example.group(1), encoding="utf-8")
    exercises = ExerciseLibrary.load(ROOT / "config" / "exercises")
    assert len(load_programme(path, exercises).sets) == 7


def pages_of_the_checkout() -> list[Path]:
    """Markdown pages for people."""
    folders = ["", "docs", "docs/example_output", "requirements", "samples", "tests/media"]
    return [path for folder in folders for path in sorted((ROOT / folder).glob("*.md"))]


def anchors(page: Path) -> set[str]:
    """Anchors of the headings of a page, as forges derive them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "page", pages_of_the_checkout(), ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text(encoding="utf-8"))
    for target in targets:
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target
