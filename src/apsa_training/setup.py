"""Installs the package."""

from setuptools import find_packages, setup

NAME = "apsa_training"

setup(
    name=NAME,
    version="0.2.0",
    packages=find_packages(include=[NAME, f"{NAME}.*"]),
    package_data={f"{NAME}.config": ["*.yaml"]},
    data_files=[
        ("share/ament_index/resource_index/packages", [f"resource/{NAME}"]),
        (f"share/{NAME}", ["package.xml"]),
    ],
    zip_safe=False,
    maintainer="APSA coach maintainers",
    maintainer_email="maintainers@example.com",
    description="Data sets, training and evaluation of the APSA network and of the named errors.",
    license="Apache-2.0",
    extras_require={"test": ["pytest"]},
)
