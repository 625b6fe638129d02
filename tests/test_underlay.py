"""Messages of the underlay have the type hashes of the real vision_msgs."""

import json
from pathlib import Path

from ament_index_python.packages import get_package_share_directory

# Printed by a build of vision_msgs 4.1.1 of ros-perception/vision_msgs.
REAL_HASH = "RIHS01_214274120007f4a683866481336b70310268cfa107aebe9d594a6acf75bda968"


def test_type_hash_equals_the_real_package() -> None:
    share = Path(get_package_share_directory("vision_msgs"))
    described = json.loads((share / "msg" / "Detection2DArray.json").read_text())
    hashes = {entry["type_name"]: entry["hash_string"] for entry in described["type_hashes"]}
    assert hashes["vision_msgs/msg/Detection2DArray"] == REAL_HASH
