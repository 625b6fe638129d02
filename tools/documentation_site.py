"""Collects the Markdown pages and what they link to in one folder, for MkDocs.

    python tools/documentation_site.py build/site_pages [mermaid.min.js]
    mkdocs build --strict

The folders stay as they are, so that links between the pages hold; README.md is the first page.
``mermaid.min.js`` draws the diagram without an outside host; without it the diagram is shown as
text.
"""

import os
import re
import shutil
import sys
from pathlib import Path

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/*.md",
    "docs/example_output/*.md",
    "models/*.md",
    "requirements/README.md",
    "samples/README.md",
    "tests/media/README.md",
)
_LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)")


def collected(root: Path) -> set[Path]:
    """Return the pages and the files that they link to, relative to the root.

    Raises:
        ValueError: a page links to a file that does not exist.
    """
    pages = {path.relative_to(root) for pattern in PAGES for path in root.glob(pattern)}
    found = set(pages)
    for page in pages:
        for link in _LINK.findall((root / page).read_text(encoding="utf-8")):
            # Not resolved: models/ and config/ hold links to files of the packages.
            target = Path(os.path.normpath(page.parent / link))
            if not (root / target).exists():
                raise ValueError(f"{page} links to {link}, which does not exist")
            if (root / target).is_file():
                found.add(target)
    return found


def collect(root: Path, folder: Path, mermaid: Path | None = None) -> None:
    """Copy the pages into a folder, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in sorted(collected(root)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, folder / path)
    script = folder / "assets" / "mermaid.min.js"
    script.parent.mkdir()
    if mermaid is None:
        script.touch()
    else:
        shutil.copyfile(mermaid, script)


if __name__ == "__main__":
    checkout = Path(__file__).resolve().parents[1]
    scripts = [Path(each) for each in sys.argv[2:3]]
    collect(checkout, Path(sys.argv[1]), *scripts)
