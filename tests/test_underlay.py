"""Messages of the underlay have the type hashes of the real packages."""

import json
from pathlib import Path

import pytest
from ament_index_python.packages import PackageNotFoundError, get_package_share_directory

# Printed by builds of ros-perception/vision_msgs 4.1.1, ros4hri/hri_msgs 2.0.0 and ros2/geometry2
# of Jazzy.
REAL = {
    "vision_msgs/Detection2DArray": (
        "RIHS01_214274120007f4a683866481336b70310268cfa107aebe9d594a6acf75bda968"
    ),
    "hri_msgs/IdsList": "RIHS01_7e0812d1ac945c98fd3e393568d581ad0ab567f37b24eff633eab778c1bfe62d",
    "hri_msgs/NormalizedRegionOfInterest2D": (
        "RIHS01_2e50c93f1ca166ee77af9a5424dc951ae4e452b740162a7f83c082d917dcaff5"
    ),
    "hri_msgs/Skeleton2D": (
        "RIHS01_1cb61f012db6ca43c48fa0097ccab9a00108ea39323c13f01bb983323c1e3420"
    ),
    "tf2_msgs/TFMessage": "RIHS01_e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087",
}


@pytest.mark.parametrize("name", REAL)
def test_type_hash_equals_the_real_package(name: str) -> None:
    package, message = name.split("/")
    try:
        share = Path(get_package_share_directory(package))
    except PackageNotFoundError:
        pytest.skip(f"{package} is not installed")
    described = json.loads((share / "msg" / f"{message}.json").read_text())
    hashes = {entry["type_name"]: entry["hash_string"] for entry in described["type_hashes"]}
    assert hashes[f"{package}/msg/{message}"] == REAL[name]
