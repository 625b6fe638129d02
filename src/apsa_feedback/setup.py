"""Installs the package with its configuration and launch files."""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "apsa_feedback"


def shared(*patterns: str) -> list[tuple[str, list[str]]]:
    """Files matching the patterns, each with its folder below ``share``."""
    files = [path for pattern in patterns for path in sorted(Path().glob(pattern))]
    return [(f"share/{NAME}/{file.parent}", [str(file)]) for file in files if file.is_file()]


setup(
    name=NAME,
    version="0.2.0",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={
        NAME: ["outputs/screen/web/*", "outputs/report/style.css", "outputs/report/templates/*"]
    },
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        *shared(
            "config/feedback.yaml",
            "config/cues/*.yaml",
            "config/robot/*.yaml",
            "config/rviz/*.rviz",
            "config/foxglove/*.json",
            "config/sros2/*.xml",
            "launch/coach.launch.py",
            "launch/replay.launch.py",
        ),
    ],
    zip_safe=False,
    maintainer="APSA coach maintainers",
    maintainer_email="maintainers@example.com",
    description="Coaching by screen, speech, robot and report; launch files of the whole coach.",
    license="Apache-2.0",
    extras_require={"test": ["pytest"]},
    entry_points={
        "console_scripts": [
            "compare_results = apsa_feedback.commands.compare_results:main",
            "person_data = apsa_feedback.commands.person_data:main",
            "console_node = apsa_feedback.commands.nodes:console_node",
            "robot_simulator = apsa_feedback.commands.nodes:robot_simulator",
            "feedback_node = apsa_feedback.commands.nodes:feedback_node",
        ],
        "apsa_feedback.outputs": [
            "screen = apsa_feedback.outputs.screen.output:ScreenOutput",
            "speech = apsa_feedback.outputs.speech.output:SpeechOutput",
            "robot = apsa_feedback.outputs.robot.output:RobotOutput",
            "report = apsa_feedback.outputs.report.output:ReportOutput",
        ],
    },
)
