"""Parameter files and their documentation are as the settings data classes have them."""

import pytest

pytest.importorskip("rclpy", reason="rclpy is not installed")

import parameter_files
import parameters_page
from apsa_feedback.bringup import node_settings as feedback
from apsa_perception.bringup import node_settings as perception
from apsa_perception.ros.parameter_file import check_file, read_settings
from support.paths import ROOT


def test_the_parameter_files_are_up_to_date() -> None:
    for path, text in parameter_files.files(ROOT).items():
        assert path.read_text(encoding="utf-8") == text, "python tools/parameter_files.py"


def test_the_page_of_parameters_is_up_to_date() -> None:
    page = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert page == parameters_page.page(), "python tools/parameters_page.py"


def test_the_parameter_files_hold_the_defaults() -> None:
    for package in (perception, feedback):
        for path in parameter_files.files(ROOT):
            check_file(path, package.NODES)
            for node, group in package.NODES.items():
                assert read_settings(group, node, path) == group()
