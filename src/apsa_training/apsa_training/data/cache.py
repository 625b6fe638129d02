"""Cache of finished predictions, so that an interrupted run can be resumed.

A cache folder is named by the data, the settings and the code that produced the predictions, so a
change of any of them starts an empty folder. ``joblib.Memory`` hashes only the source of the
decorated function, not the modules it calls; a change in a feature or in the network would return
stale figures.
"""

import ast
import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.window_set import WindowSet

PACKAGES = {name: Path(str(files(name))) for name in ("apsa_training", "apsa_perception")}
"""Source folders of the packages whose code counts, by name."""
_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def fingerprint(data: WindowSet, settings: object) -> str:
    """Twelve characters that change with the data or the settings, which must be plain values."""
    digest = hashlib.sha256(settings_mark(settings).encode())
    for values in (data.windows, data.joint_valid, data.correct):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:12]


def settings_mark(settings: object) -> str:
    """Twelve characters that change with the settings, which must be plain values."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]


def cache_folder(work: Path, data: WindowSet, module: str, settings: object = None) -> Path:
    """Return the folder for predictions of a module for this data; created if absent.

    Args:
        work: folder of all caches.
        data: windows the predictions are for.
        module: full name of the module that predicts.
        settings: plain values that the predictions depend on and that file names do not tell.
    """
    mark = fingerprint(data, {"code": code_mark(module), "settings": settings})
    folder = work / f"{data.source}-{mark}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cached(path: Path, compute: Callable[[], FloatArray]) -> FloatArray:
    """Load the array at ``path``; compute and save it first if it is not there."""
    if not path.is_file():
        partial = path.with_suffix(".partial.npy")
        np.save(partial, compute())
        partial.replace(path)
    values: FloatArray = np.load(path)
    return values


@cache
def code_mark(module: str) -> str:
    """Twelve characters that change with the code of a module and of all modules it imports.

    Only modules of these two packages count; comments and docstrings do not.

    Args:
        module: full name of a module of one of these packages.
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
    return PACKAGES[package].joinpath(*path).with_suffix(".py")


def _imports(tree: ast.Module) -> set[str]:
    """Modules of these packages that a module imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name for name in names if name.partition(".")[0] in PACKAGES and _file(name).is_file()}


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
