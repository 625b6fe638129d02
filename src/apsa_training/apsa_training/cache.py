"""The work folder, where finished answers lie so that a run which was broken off goes on.

What lies there is named by the data and by the code that made it: after a change of either,
nothing old is found.
"""

import ast
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

import apsa_perception
from apsa_perception.model.skeleton import FloatArray
from apsa_training.prepare import WindowSet
from apsa_training.recipe import fingerprint

_PACKAGES = {
    "apsa_training": Path(__file__).parent,
    "apsa_perception": Path(apsa_perception.__file__).parent,
}
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def work_folder(work: Path, data: WindowSet, module: str) -> Path:
    """Folder for what a module finds out about this very data, made if absent."""
    folder = work / f"{data.source}-{fingerprint(data, {'code': code_mark(module)})}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept(path: Path, make: Callable[[], FloatArray]) -> FloatArray:
    """Return what an earlier run left at ``path``, else make it and leave it there."""
    if not path.is_file():
        unfinished = path.with_suffix(".partial.npy")
        np.save(unfinished, make())
        unfinished.replace(path)
    found: FloatArray = np.load(path)
    return found


@cache
def code_mark(module: str) -> str:
    """Twelve characters that change when a module may answer differently.

    Of the module and everything of these packages that it imports, however far; comments and
    docstrings do not count.

    Args:
        module: full name, of one of these packages.
    """
    digest = hashlib.sha256()
    todo, seen = [module], {module}
    while todo:
        name = todo.pop()
        tree = ast.parse(_file(name).read_bytes())
        digest.update(f"{name} {ast.dump(_without_docstrings(tree))}".encode())
        for imported in sorted(_imports(tree) - seen):
            seen.add(imported)
            todo.append(imported)
    return digest.hexdigest()[:12]


def _file(module: str) -> Path:
    package, *path = module.split(".")
    return _PACKAGES[package].joinpath(*path).with_suffix(".py")


def _imports(tree: ast.Module) -> set[str]:
    """Modules of these packages that a module names in its imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name for name in names if name.partition(".")[0] in _PACKAGES and _file(name).is_file()}


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED):
            node.body = [part for part in node.body if not _is_text(part)]
    return tree


def _is_text(part: ast.stmt) -> bool:
    return (
        isinstance(part, ast.Expr)
        and isinstance(part.value, ast.Constant)
        and isinstance(part.value.value, str)
    )
