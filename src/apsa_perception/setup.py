"""Installs the package with its configuration and launch files."""

from pathlib import Path

from setuptools import find_packages, setup

NAME = "apsa_perception"


def shared(*patterns: str) -> list[tuple[str, list[str]]]:
    """Files matching the patterns, each with its folder below ``share``."""
    files = [path for pattern in patterns for path in sorted(Path().glob(pattern))]
    return [(f"share/{NAME}/{file.parent}", [str(file)]) for file in files if file.is_file()]


setup(
    name=NAME,
    version="0.2.0",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={f"{NAME}.recordings": ["overview.*"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
        *shared(
            "config/perception.yaml",
            "config/fastdds.xml",
            "config/diagnostics.yaml",
            "config/exercises/*.yaml",
            "config/figures.yaml",
            "config/programmes/*.yaml",
            "launch/perception.launch.py",
            "models/*",
        ),
    ],
    zip_safe=True,
    maintainer="APSA coach maintainers",
    maintainer_email="maintainers@example.com",
    description="3D skeletons, repetitions, quality scores and named errors from camera images.",
    license="Apache-2.0",
    extras_require={"test": ["pytest"]},
    entry_points={
        "console_scripts": [
            "video_source = apsa_perception.commands.nodes:video_source",
            "bag_source = apsa_perception.commands.nodes:bag_source",
            "pose_node = apsa_perception.commands.nodes:pose_node",
            "humans_node = apsa_perception.commands.nodes:humans_node",
            "assessment_node = apsa_perception.commands.nodes:assessment_node",
            "teach_in = apsa_perception.commands.teach_in:main",
            "assess = apsa_perception.commands.assess:main",
            "assess_range = apsa_perception.commands.assess_range:main",
        ],
        "apsa_perception.pose_backends": [
            "litert = apsa_perception.pose.litert_backend:LiteRtBackend",
            "mediapipe = apsa_perception.pose.mediapipe_backend:MediaPipeBackend",
        ],
    },
)
