"""The readers of the coach for whose input nobody vouches."""

import asyncio
import contextlib
import io
import json
import math
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import cv2
import numpy as np
from apsa_msgs.msg import Joint3D, Skeleton3D, SkeletonArray
from geometry_msgs.msg import Point
from hypothesis import strategies as st
from rosbags.typesys import Stores, get_typestore

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.robot.joint_map import RobotMap
from apsa_feedback.outputs.screen.server import ScreenServer
from apsa_feedback.outputs.screen.settings import ScreenSettings
from apsa_perception.apsa.weights import load_weights
from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.assessment.saved_session import SavedSession
from apsa_perception.bringup.node_settings import NODES
from apsa_perception.exercises.file import load_exercise
from apsa_perception.imaging.images import (
    ENCODINGS,
    ImageError,
    decode_compressed,
    decode_image,
)
from apsa_perception.model.codes import Grade
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.results import QualityResult
from apsa_perception.model.stamps import StampError, StampGate
from apsa_perception.ros.conversion import header, skeletons_from_msg, to_ns
from apsa_perception.ros.parameter_file import check_file
from apsa_perception.sources.bag import open_bag
from apsa_perception.sources.errors import SourceError
from support.bag_writer import BagWriter
from support.fuzzing import INT32, SMALL_TEXT, Target, damaged, mistaken_yaml
from support.paths import ROOT
from support.runs import assessor

CONFIG = ROOT / "config"
IMAGE = "sensor_msgs/msg/Image"


# --- images

_PICTURE = np.arange(32 * 24 * 3, dtype=np.uint8).reshape(24, 32, 3)
_FILES = [cv2.imencode(suffix, _PICTURE)[1].tobytes() for suffix in (".jpg", ".png")]
_SIDES = st.one_of(st.integers(0, 64), INT32)
_RAW = st.tuples(
    st.one_of(st.sampled_from(ENCODINGS), SMALL_TEXT),
    _SIDES,
    _SIDES,
    st.one_of(st.integers(0, 256), INT32),
    st.one_of(st.binary(max_size=64), st.integers(0, 20_000).map(bytes)),
    st.booleans(),
)
_STAMPS = st.lists(st.integers(-(2**31) * 10**9, 2**31 * 10**9), max_size=5)


def check_image(given: tuple[Any, Any, list[int]]) -> None:
    """An image is decoded to its size or refused; a stamp is used, dropped, or starts anew."""
    raw, compressed, stamps = given
    with contextlib.suppress(ImageError):
        rgb = decode_image(*raw)
        assert rgb.shape == (raw[2], raw[1], 3)
    with contextlib.suppress(ImageError):
        rgb = decode_compressed("jpeg", compressed)
        assert rgb.ndim == 3
        assert rgb.dtype == np.uint8
    gate = StampGate()
    for stamp in stamps:
        with contextlib.suppress(StampError):
            gate.check(stamp)
            gate.accept(stamp)


# --- skeletons

_VALUES = st.one_of(
    st.floats(-2.0, 2.0),
    st.floats(width=32),
    st.sampled_from([0.0, math.nan, math.inf, 1e30, -1e30]),
)
_BODIES = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.one_of(st.just(JOINT_COUNT), st.integers(0, 25)),
        st.floats(0.0, 1.0),
        st.lists(
            st.tuples(st.integers(0, JOINT_COUNT - 1), st.integers(0, 6), _VALUES), max_size=6
        ),
        st.one_of(st.none(), st.tuples(_VALUES, _VALUES, _VALUES)),
    ),
    max_size=2,
)
_FRAMES = st.lists(
    st.tuples(
        st.one_of(st.integers(1, 200), st.integers(-(2**31), 2**31 - 1)),
        st.sampled_from(["camera", "camera", "camera", ""]),
        st.sampled_from([(640, 480), (0, 0), (2**32 - 1, 1)]),
        _BODIES,
    ),
    min_size=1,
    max_size=4,
)


def _message(frame: Any, before_ms: int) -> SkeletonArray:
    step_ms, frame_id, size, bodies = frame
    stamp_ms = min(max(before_ms + step_ms, -(2**31) * 1000), (2**31 - 1) * 1000)
    message = SkeletonArray(header=header(stamp_ms * 1_000_000, frame_id))
    message.image_width, message.image_height = size
    for body_id, count, bend, changes, root in bodies:
        joints = []
        for index in range(count):
            place = Point(x=0.1 * (index % 3 - 1), y=0.08 * index - 0.8 * bend, z=0.0)
            joint = Joint3D(id=index, position=place, confidence=0.9, observed=True)
            joint.pixel_x, joint.pixel_y = 300.0 + 10.0 * (index % 3), 20.0 * index
            joints.append(joint)
        for index, field, value in changes:
            if index >= count:
                continue
            joint = joints[index]
            match field:
                case 0 | 1 | 2:
                    setattr(joint.position, "xyz"[field], value)
                case 3:
                    joint.pixel_x = _float32(value)
                case 4:
                    joint.confidence = _float32(value)
                case 5:
                    joint.observed = value > 0.0
                case _:
                    joint.id = index ^ 1
        body = Skeleton3D(body_id=body_id, joints=joints, root_valid=root is not None)
        if root is not None:
            body.root = Point(x=root[0], y=root[1], z=root[2])
        message.skeletons.append(body)
    return message


def _float32(value: float) -> float:
    return float(np.float32(np.clip(value, -3e38, 3e38)))


def skeleton_check() -> Callable[[Any], None]:
    """Frames go through conversion and assessment; a score is within 0 to 1 or not judged."""
    one = assessor()
    one.start("squat")
    last_ms = 0

    def check(frames: Any) -> None:
        nonlocal one, last_ms
        for frame in frames:
            message = _message(frame, last_ms)
            stamp_ns = to_ns(message.header.stamp)
            try:
                bodies = skeletons_from_msg(message, lambda _: None)
                results = one.update(stamp_ns, bodies)
            except ValueError:
                continue
            last_ms = stamp_ns // 1_000_000
            if abs(last_ms) > 10**9:  # so that later frames still fit into a stamp
                one, last_ms = assessor(), 0
                one.start("squat")
            for each in results:
                if isinstance(each, QualityResult) and each.grade is not Grade.NOT_JUDGED:
                    assert 0.0 <= each.score <= 1.0

    return check


# --- YAML


def yaml_check(folder: Path) -> Callable[[Any], None]:
    """A file is read, or refused with a ValueError that names it."""

    def check(given: tuple[str, str]) -> None:
        kind, text = given
        file = folder / f"{kind}.yaml"
        file.write_text(text, encoding="utf-8", errors="replace")
        with contextlib.suppress(ValueError):
            match kind:
                case "squat":
                    load_exercise(file)
                case "en":
                    CueBook.load(folder, "en")
                case "map":
                    RobotMap.load(file)
                case "params":
                    check_file(file, NODES)
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
        "en": [(CONFIG / "cues" / "en.yaml").read_text()],
        "map": [(CONFIG / "robot" / "pepper.yaml").read_text()],
        "params": [(CONFIG / "perception.yaml").read_text()],
        "p07": ["version: 1\nsquat:\n  target: 95.0\n  side: both\n"],
        "session": [_saved_session()],
    }
    kinds = [st.tuples(st.just(kind), mistaken_yaml(*texts)) for kind, texts in originals.items()]
    return st.one_of(*kinds)


def _saved_session() -> str:
    one = assessor()
    one.start("squat")
    return json.dumps(json.loads(one.saved().to_json()), indent=1)


# --- websocket


ANSWER_S = 10.0


class Screen:
    """A served page and one viewer that sends messages."""

    def __init__(self) -> None:
        self._handled = threading.Event()
        commands = {"pause": self._handled.set, "language": lambda _: None, "start": lambda: None}
        self._server = ScreenServer(ScreenSettings(port=0), {}, commands)
        self._server.start()
        self._loop = asyncio.new_event_loop()
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    def check(self, message: str | bytes) -> None:
        """After any message, the server still obeys a command, perhaps on a new connection."""
        self._handled.clear()
        self._loop.run_until_complete(self._send(message))
        assert self._handled.wait(ANSWER_S), "the server no longer answers"

    def close(self) -> None:
        """End both."""
        if self._session is not None:
            self._loop.run_until_complete(self._session.close())
        self._server.close()
        self._loop.close()

    async def _send(self, message: str | bytes) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        for text in (message, json.dumps({"command": "pause"})):
            with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                await self._write(text)
        for _ in range(3):
            if await asyncio.to_thread(self._handled.wait, 0.3):
                return
            self._socket = None  # the server closed the connection because of the message
            await self._write(json.dumps({"command": "pause"}))

    async def _write(self, message: str | bytes) -> None:
        assert self._session is not None
        if self._socket is None or self._socket.closed:
            self._socket = await self._session.ws_connect(f"{self._server.url}live")
        if isinstance(message, bytes):
            await self._socket.send_bytes(message)
        else:
            await self._socket.send_str(message)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), SMALL_TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(SMALL_TEXT, inner, max_size=4)
    ),
    max_leaves=8,
)
_COMMANDS = st.builds(
    lambda name, value, others: {"command": name, "value": value, **others},
    st.one_of(st.sampled_from(["pause", "language", "start", "nothing"]), _JSON),
    _JSON,
    st.dictionaries(SMALL_TEXT, _JSON, max_size=2),
)
MESSAGES = st.one_of(
    _COMMANDS.map(json.dumps),
    _JSON.map(json.dumps),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=100),
    st.binary(max_size=100),
    st.integers(0, 5000).map(lambda depth: "[" * depth),
)


# --- bags


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


# --- weights


def weights_check(folder: Path) -> Callable[[Any], None]:
    """A weight file is loaded, or refused with a ValueError."""
    file = folder / "model.safetensors"

    def check(content: bytes) -> None:
        file.write_bytes(content)
        with contextlib.suppress(ValueError):
            load_weights(file)

    return check


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


NAMES = ("images", "skeletons", "yaml", "websocket", "bags", "weights")


@contextlib.contextmanager
def opened(name: str) -> Iterator[Target]:
    """A target, with what it needs."""
    with (
        tempfile.TemporaryDirectory(prefix="apsa-fuzz-") as text,
        contextlib.redirect_stderr(io.StringIO()),
    ):
        folder = Path(text)
        target = _target(name, folder)
        try:
            yield target
        finally:
            target.close()


def _target(name: str, folder: Path) -> Target:
    match name:
        case "images":
            return Target(name, st.tuples(_RAW, damaged(*_FILES), _STAMPS), check_image)
        case "skeletons":
            return Target(name, _FRAMES, skeleton_check())
        case "yaml":
            return Target(name, yaml_inputs(), yaml_check(folder))
        case "websocket":
            screen = Screen()
            return Target(name, MESSAGES, screen.check, screen.close)
        case "bags":
            mcap, sqlite, metadata = bag_files()
            inputs = st.one_of(
                st.tuples(st.just("mcap"), damaged(mcap)),
                st.tuples(st.just("db3"), damaged(sqlite)),
                st.tuples(st.just("metadata"), mistaken_yaml(metadata)),
            )
            return Target(name, inputs, bag_check(folder, mcap))
        case "weights":
            return Target(name, weights_inputs(), weights_check(folder))
    raise ValueError(f"no target {name!r}; expected one of {', '.join(NAMES)}")
