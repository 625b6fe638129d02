"""Files for whose content nobody vouches: YAML, bags, weights, and what must hold for them."""

import contextlib
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from rosbags.typesys import Stores, get_typestore

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.report.adherence import adherence_of
from apsa_feedback.outputs.report.weekly_plan_file import read_plan
from apsa_feedback.outputs.robot.joint_map import RobotMap
from apsa_perception.apsa.weight_file import checksum
from apsa_perception.apsa.weights import load_weights
from apsa_perception.assessment.personal_limits import PersonalLimits
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.bringup.node_settings import NODES
from apsa_perception.exercises.file import load_exercise
from apsa_perception.programmes.file import load_programme
from apsa_perception.ros.parameter_file import check_file
from apsa_perception.sources.bag import open_bag
from apsa_perception.sources.errors import SourceError
from support.bag_writer import BagWriter
from support.fuzzing import damaged, mistaken_yaml
from support.paths import ROOT
from support.runs import EXERCISES, assessor

CONFIG = ROOT / "config"
IMAGE = "sensor_msgs/msg/Image"


def yaml_check(folder: Path) -> Callable[[Any], None]:
    """A file is read, or refused with a ValueError that names it."""

    def check(given: tuple[str, str]) -> None:
        kind, text = given
        file = folder / f"{kind}.{'json' if kind == 'p07' else 'yaml'}"
        file.write_text(text, encoding="utf-8", errors="replace")
        with contextlib.suppress(ValueError):
            match kind:
                case "squat":
                    load_exercise(file)
                case "knee":
                    load_programme(file, EXERCISES)
                case "en":
                    CueBook.load(folder, "en")
                case "map":
                    RobotMap.load(file)
                case "params":
                    check_file(file, NODES)
                case "p07_plan":
                    adherence_of(read_plan(folder, "p07"), ())
                case "limits":
                    PersonalLimits.of_text(text).applied(EXERCISES.get("squat"))
                case "p07":
                    PersonalRanges.load(folder, "p07")
                case _:
                    SavedSession.from_json(text)

    return check


def yaml_inputs() -> st.SearchStrategy[tuple[str, str]]:
    """Files of each kind with mistakes."""
    originals = {
        "squat": [
            (CONFIG / "exercises" / f"{name}.yaml").read_text() for name in ("squat", "lunge")
        ],
        "knee": [(CONFIG / "programmes" / "knee.yaml").read_text()],
        "en": [(CONFIG / "cues" / "en.yaml").read_text()],
        "map": [(CONFIG / "robot" / "pepper.yaml").read_text()],
        "params": [(CONFIG / "perception.yaml").read_text()],
        "p07": ['{\n"squat": {\n"both": 75.5\n},\n"shoulder_flexion": {\n"left": 110\n}\n}'],
        "p07_plan": [
            "programmes:\n  - programme: knee\n    days_per_week: 3\n    start: 2026-11-02\n"
            "    weeks: 6\n  - programme: knee\n    days: [monday, friday]\n"
            "    start: '2027-01-01'\n    weeks: 104\n"
        ],
        "limits": ['{\n"squat": {\n"insufficient_depth:peak": 95.0,\n"too_fast:duration": 2\n}\n}'],
        "session": [_saved_session()],
    }
    kinds = [st.tuples(st.just(kind), mistaken_yaml(*texts)) for kind, texts in originals.items()]
    return st.one_of(*kinds)


def _saved_session() -> str:
    one = assessor()
    one.start("squat")
    return json.dumps(json.loads(one.saved().to_json()), indent=1)


def bag_files() -> tuple[bytes, bytes, str]:
    """A small mcap file, a small sqlite3 file, and the metadata of the first."""
    store = get_typestore(Stores.ROS2_JAZZY)
    types = store.types
    stamp = types["builtin_interfaces/msg/Time"](1, 0)
    head = types["std_msgs/msg/Header"](stamp, "camera")
    image = types[IMAGE](head, 1, 1, "rgb8", 0, 3, np.zeros(3, np.uint8))
    data = bytes(store.serialize_cdr(image, IMAGE))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for storage, suffix in (("mcap", "mcap"), ("sqlite3", "db3")):
            path = Path(folder) / suffix
            with BagWriter(path, {}, storage) as bag:  # type: ignore[arg-type]
                for index in range(3):
                    bag.write("/camera/image_raw", IMAGE, 10**9 + index, data)
            found.append(next(path.glob(f"*.{suffix}")).read_bytes())
        text = (Path(folder) / "mcap" / "metadata.yaml").read_text()
    return found[0], found[1], text


def bag_check(folder: Path, original: bytes) -> Callable[[Any], None]:
    """A bag gives its messages, or a SourceError."""
    inside = folder / "mcap"
    inside.mkdir()

    def check(given: tuple[str, Any]) -> None:
        kind, content = given
        if kind == "metadata":
            (inside / "mcap.mcap").write_bytes(original)
            (inside / "metadata.yaml").write_text(content, encoding="utf-8", errors="replace")
            path = inside
        else:
            path = folder / f"bag.{kind}"
            path.write_bytes(content)
        with contextlib.suppress(SourceError):
            for message in open_bag(path).messages():
                assert isinstance(message.data, bytes)

    return check


def weights_check(folder: Path) -> Callable[[Any], None]:
    """A weight file is loaded, or refused with a ValueError."""
    file = folder / "model.safetensors"

    def check(content: bytes) -> None:
        for each in (content, _sealed(content)):
            file.write_bytes(each)
            with contextlib.suppress(ValueError):
                load_weights(file)

    return check


def _sealed(content: bytes) -> bytes:
    """With the checksum of what it has become: else nothing behind the checksum is reached."""
    try:
        right = checksum(content).encode()
    except (ValueError, RecursionError):
        return content
    return re.sub(rb'(?<="sha256":")[0-9a-f]{64}(?=")', right, content, count=1)


def weights_inputs() -> st.SearchStrategy[bytes]:
    """The shipped weights with edits, most of them in the header."""
    original = (ROOT / "models" / "apsa.safetensors").read_bytes()
    length = 8 + int.from_bytes(original[:8], "little")
    start, body = original[:length], original[length:]
    in_header = damaged(start).map(lambda changed: changed + body)
    numbers = st.builds(_with_number, st.just(start[8:]), st.floats(0, 1), st.integers()).map(
        lambda text: len(text).to_bytes(8, "little") + text + body
    )
    return st.one_of(in_header, numbers, numbers, damaged(original))


def _with_number(text: bytes, place: float, number: int) -> bytes:
    """The header with another number in place of one of its own."""
    numbers = list(re.finditer(rb"\d+", text))
    found = numbers[int(place * (len(numbers) - 1))]
    return text[: found.start()] + str(number).encode() + text[found.end() :]
