"""Generates the diagram of docs/architecture.md from the imports between packages and folders.

python tools/architecture_diagram.py
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from generated_blocks import with_blocks

PACKAGES = ("apsa_perception", "apsa_feedback", "apsa_training")
PAGE = Path("docs/architecture.md")
Arrows = dict[str, set[str]]


def import_arrows(root: Path) -> Arrows:
    """Imports between folders: ``package.folder`` to the folders that it imports.

    Modules that lie directly in a package count as the package itself.
    """
    folders = {name: root / "src" / name / name for name in PACKAGES}
    arrows: Arrows = {}
    for package, folder in folders.items():
        for file in sorted(folder.rglob("*.py")):
            parts = (package, *file.relative_to(folder).with_suffix("").parts)
            source = _folder_of(parts, root)
            targets = {_folder_of(parts, root) for parts in _own_imports(file)}
            if file.name != "__init__.py" or targets:
                arrows.setdefault(source, set()).update(targets - {source})
    return arrows


def reduced(arrows: Arrows) -> Arrows:
    """The arrows without those that a longer way implies."""

    def reachable(start: str, without: tuple[str, str]) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            node = waiting.pop()
            for target in arrows.get(node, set()) - seen:
                if (node, target) != without:
                    seen.add(target)
                    waiting.append(target)
        return seen

    return {
        source: {target for target in targets if target not in reachable(source, (source, target))}
        for source, targets in arrows.items()
    }


def diagram(root: Path) -> str:
    """The diagram as a Mermaid block."""
    arrows = reduced(import_arrows(root))
    nodes = sorted({*arrows, *(target for targets in arrows.values() for target in targets)})
    lines = ["```mermaid", "flowchart TD"]
    for package in PACKAGES:
        lines.append(f"    subgraph package_{package} [{package}]")
        own = [node for node in nodes if node.split(".")[0] == package]
        lines += [f'        {_identifier(node)}["{_label(node)}"]' for node in own]
        lines.append("    end")
    for source in sorted(arrows):
        lines += [
            f"    {_identifier(source)} --> {_identifier(target)}"
            for target in sorted(arrows[source])
        ]
    return "\n".join([*lines, "```", ""])


def page(root: Path) -> str:
    """docs/architecture.md as it should be."""
    return with_blocks((root / PAGE).read_text(encoding="utf-8"), {"imports": diagram(root)})


def _own_imports(file: Path) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (tuple(name.split(".")) for name in names if name.split(".")[0] in PACKAGES)


def _folder_of(parts: tuple[str, ...], root: Path) -> str:
    """``package.folder`` of a module, or the package if the module lies directly in it."""
    package, *rest = parts
    if rest and (root / "src" / package / package / rest[0]).is_dir():
        return f"{package}.{rest[0]}"
    return package


def _identifier(node: str) -> str:
    return node.replace(".", "_")


def _label(node: str) -> str:
    return node.partition(".")[2] or "(top level)"


def main() -> None:
    """Rewrite the diagram of the checkout in the current folder."""
    PAGE.write_text(page(Path()), encoding="utf-8")


if __name__ == "__main__":
    main()
