"""Each ROS package declares what it imports, and is described as a released package is."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.paths import ROOT

catkin_changelog = pytest.importorskip("catkin_pkg.changelog")
catkin_package = pytest.importorskip("catkin_pkg.package")

PACKAGES = sorted(path.parent for path in (ROOT / "src").glob("*/package.xml"))
PYTHON_PACKAGES = [package for package in PACKAGES if (package / "setup.py").is_file()]

# Imports whose rosdep key is not their name. Packages of ROS have the name of their import.
KEYS = {
    "aiohttp": "python3-aiohttp",
    "cv2": "python3-opencv",
    "jinja2": "python3-jinja2",
    "joblib": "python3-joblib",
    "numpy": "python3-numpy",
    "openpyxl": "python3-openpyxl",
    "pytest": "python3-pytest",
    "scipy": "python3-scipy",
    "sklearn": "python3-sklearn",
    "tqdm": "python3-tqdm",
    "yaml": "python3-yaml",
}
# Needed at run time without an import: `ros2 launch` and, with record:=, `ros2 bag record`.
COMMANDS = {
    "apsa_msgs": set(),
    "apsa_perception": {"ros2launch"},
    "apsa_feedback": {"ros2launch", "ros2bag"},
    "apsa_training": set(),
}


def names(packages: list[Path]) -> list[str]:
    """Test ids of packages."""
    return [package.name for package in packages]


def imports(*folders: Path) -> set[str]:
    """Top-level modules that the Python files of folders import, without the standard library."""
    files = (file for folder in folders for file in folder.rglob("*.py"))
    found = {module.split(".")[0] for file in files for module in _imported(file)}
    return found - set(sys.stdlib_module_names)


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def from_pip(package: str) -> set[str]:
    """Imports of a package that the table of requirements/README.md lists."""
    text = (ROOT / "requirements" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [\w.-]+ \| ([^|]*) \|", text, re.MULTILINE)
    return {module for module, users in rows if package in re.split(r"[,\s]+", users.strip())}


def declared(package: Path, *kinds: str) -> set[str]:
    """Dependencies that package.xml lists."""
    parsed = catkin_package.parse_package(package)
    return {dependency.name for kind in kinds for dependency in getattr(parsed, kind)}


@pytest.mark.parametrize("package", PYTHON_PACKAGES, ids=names(PYTHON_PACKAGES))
def test_imports_are_declared_and_declarations_imported(package: Path) -> None:
    imported = imports(package / package.name, package / "launch") - {package.name}
    pip = from_pip(package.name)
    assert pip <= imported, f"requirements/README.md: {package.name} does not import these"
    needed = {KEYS.get(module, module) for module in imported - pip} | COMMANDS[package.name]
    listed = declared(package, "exec_depends")
    assert needed - listed == set(), f"exec_depend missing in {package.name}/package.xml"
    assert listed - needed == set(), f"exec_depend in {package.name}/package.xml without an import"


@pytest.mark.parametrize("package", PYTHON_PACKAGES, ids=names(PYTHON_PACKAGES))
def test_imports_of_the_tests_are_declared(package: Path) -> None:
    # `support` is shared by the tests of this repository and not part of a package.
    imported = imports(package / "test") - {package.name, "support"}
    pip = set().union(*(from_pip(path.name) for path in PYTHON_PACKAGES))
    needed = {KEYS.get(module, module) for module in imported - pip}
    listed = declared(package, "exec_depends", "test_depends")
    assert needed - listed == set(), f"test_depend missing in {package.name}/package.xml"


def test_every_package_from_pip_is_pinned() -> None:
    text = (ROOT / "requirements" / "README.md").read_text(encoding="utf-8")
    packages = re.findall(r"^\| `\w+` \| ([\w.-]+) \| [^|]*apsa_", text, re.MULTILINE)
    pins = "\n".join(path.read_text() for path in (ROOT / "requirements").glob("*.txt"))
    assert packages
    assert [name for name in packages if f"\n{name}==" not in pins] == []


@pytest.mark.parametrize("package", PACKAGES, ids=names(PACKAGES))
def test_package_xml_is_valid(package: Path) -> None:
    warnings: list[str] = []
    parsed = catkin_package.parse_package(package, warnings=warnings)
    assert parsed.package_format == 3
    assert parsed.name == package.name
    assert parsed.licenses == ["Apache-2.0"]
    assert (package / parsed.licenses[0].file).read_text() == (ROOT / "LICENSE").read_text()
    assert warnings == []


def test_all_packages_have_the_same_version_and_maintainer() -> None:
    parsed = [catkin_package.parse_package(package) for package in PACKAGES]
    assert len({package.version for package in parsed}) == 1
    assert len({str(package.maintainers[0]) for package in parsed}) == 1
    for package in PYTHON_PACKAGES:
        setup = (package / "setup.py").read_text()
        described = catkin_package.parse_package(package)
        assert f'version="{described.version}"' in setup
        assert f'description="{described.description}"' in setup
        assert f'maintainer="{described.maintainers[0].name}"' in setup


@pytest.mark.parametrize("package", PACKAGES, ids=names(PACKAGES))
def test_changelog_describes_the_version(package: Path) -> None:
    changelog = catkin_changelog.get_changelog_from_path(str(package))
    version = catkin_package.parse_package(package).version
    newest, _, items = next(changelog.foreach_version(reverse=True))
    assert newest == version
    assert items
    assert f"Changelog for package {package.name}\n" in (package / "CHANGELOG.rst").read_text()


@pytest.mark.parametrize("package", PACKAGES, ids=names(PACKAGES))
def test_package_has_no_links_out_of_it(package: Path) -> None:
    links = [path for path in package.rglob("*") if path.is_symlink()]
    assert [link for link in links if not link.resolve().is_relative_to(package)] == []
