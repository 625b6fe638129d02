"""What a therapist does: record a reference, edit its file, coach it; through real nodes."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from apsa_msgs.msg import ExerciseErrorArray, Repetition, Session, SkeletonArray
from apsa_msgs.srv import AssessRange, RecordReference, SetExercise, StartSession

from apsa_perception.assessment.personal_ranges import PersonalRanges
from apsa_perception.commands import assess_range, teach_in
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Side
from apsa_perception.nodes.assessment_node import AssessmentNode
from apsa_perception.nodes.video_source import VideoSource
from apsa_perception.ros.conversion import header, skeletons_to_msg
from apsa_perception.ros.parameter_file import ParameterError
from apsa_perception.ros.qos import LATCHED, RESULTS
from support.bench import Bench
from support.figures import Frames
from support.paths import ROOT
from support.skeleton_bags import TOPIC, skeleton_bag

PERIOD_NS = 40_000_000
REST_S = 1.0


@pytest.fixture(scope="module")
def squats(clip_frames: Callable[[str], Frames]) -> list[SkeletonArray]:
    """The three squats of squat_front, standing still for a moment before them."""
    frames = clip_frames("squat_front")
    first = next(people for _, people in frames if people)
    standing = [(i * PERIOD_NS, first) for i in range(1, int(REST_S * 1e9 / PERIOD_NS))]
    shifted = [(stamp + int(REST_S * 1e9), people) for stamp, people in frames if people]
    return [
        skeletons_to_msg(people, header(stamp, "camera_optical_frame"), (960, 540), "test")
        for stamp, people in (*standing, *shifted)
    ]


class Coached:
    """Plays skeletons to the node and keeps what it says."""

    def __init__(self, bench: Bench, **parameters: Any) -> None:
        self._bench = bench
        bench.start(AssessmentNode, model="none", **parameters)
        self.answered = 0
        self.repetitions: list[Repetition] = []
        self.errors: list[ExerciseErrorArray] = []
        self.states: list[Session] = []
        node = bench.peer
        self._publisher = node.create_publisher(SkeletonArray, "skeletons", RESULTS)
        node.create_subscription(ExerciseErrorArray, "errors", self._on_errors, RESULTS)
        node.create_subscription(Repetition, "repetitions", self.repetitions.append, RESULTS)
        node.create_subscription(Session, "session", self.states.append, LATCHED)
        bench.spin_until(lambda: self._publisher.get_subscription_count() == 1)
        self._later_ns = 0

    def _on_errors(self, message: ExerciseErrorArray) -> None:
        if message.scope == ExerciseErrorArray.LIVE:
            self.answered += 1
        else:
            self.errors.append(message)

    def play(self, messages: list[SkeletonArray]) -> None:
        """Publish them once more, later than everything before."""
        for message in messages:
            stamp = message.header.stamp
            at_ns = stamp.sec * 10**9 + stamp.nanosec + self._later_ns
            copy = SkeletonArray(
                header=header(at_ns, message.header.frame_id),
                image_width=message.image_width,
                image_height=message.image_height,
                skeletons=message.skeletons,
            )
            known = self.answered
            self._publisher.publish(copy)
            self._bench.spin_until(lambda known=known: self.answered > known)
        self._later_ns = at_ns

    def call(self, kind: Any, service: str, **request: Any) -> Any:
        """Call a service."""
        client = self._bench.peer.create_client(kind, service)
        self._bench.spin_until(client.service_is_ready)
        future = client.call_async(kind.Request(**request))
        self._bench.spin_until(future.done)
        return future.result()

    @property
    def messages(self) -> list[str]:
        """What the session said."""
        return [state.message for state in self.states]


@pytest.fixture
def session(bench: Bench, tmp_path: Path) -> Coached:
    return Coached(
        bench, own_exercises_dir=str(tmp_path / "own"), ranges_dir=str(tmp_path / "ranges")
    )


@pytest.mark.slow
def test_repetitions_done_so_far_are_recorded_edited_and_coached(
    session: Coached, squats: list[SkeletonArray], tmp_path: Path
) -> None:
    session.play(squats)
    assert len(session.repetitions) == 3
    answer = session.call(RecordReference, "record_reference", name="my_squat", title="My squat")
    assert answer.success, answer.message
    file = tmp_path / "own" / "my_squat.yaml"
    assert str(file) in answer.message

    chosen = session.call(SetExercise, "set_exercise", exercise="my_squat")
    assert chosen.success, chosen.message
    assert "my_squat" in chosen.exercises
    session.repetitions.clear()
    session.errors.clear()
    session.play(squats)
    assert [one.exercise for one in session.repetitions] == ["my_squat"] * 3
    assert [len(one.errors) for one in session.errors] == [0, 0, 0]

    text = file.read_text()
    below = text[text.index("quantity: duration") :]
    assert "mild: " in below
    slower = below.replace(below.split("mild: ")[1].split("\n")[0], "9.0", 1)
    file.write_text(text.replace(below, slower))
    assert session.call(SetExercise, "set_exercise", exercise="my_squat").success
    session.errors.clear()
    session.play(squats)
    assert [[e.name for e in one.errors] for one in session.errors] == [["too_fast"]] * 3


@pytest.mark.slow
def test_the_next_repetitions_are_recorded_and_the_session_tells_of_them(
    session: Coached, squats: list[SkeletonArray], tmp_path: Path
) -> None:
    session.play(squats[:5])
    request = {"name": "two_squats", "title": "", "repetitions": 2}
    assert session.call(RecordReference, "record_reference", **request).success
    again = session.call(RecordReference, "record_reference", **{**request, "name": "other"})
    assert (again.success, "two_squats is being recorded" in again.message) == (False, True)
    session.play(squats)
    assert any("recording two_squats: 1 of 2" in message for message in session.messages)
    assert any("two_squats is recorded" in message for message in session.messages)
    exercise = ExerciseLibrary(tmp_path / "own").get("two_squats")
    assert exercise.title == "Two squats"
    assert session.call(StartSession, "start_session", exercise="two_squats").success


@pytest.mark.slow
def test_the_range_of_a_session_becomes_the_persons_own(
    session: Coached, squats: list[SkeletonArray], tmp_path: Path
) -> None:
    early = session.call(AssessRange, "assess_range", person="P-017")
    assert (early.success, "at least 3" in early.message) == (False, True)
    session.play(squats)
    for name in ("Anna Smith", "anna", "../P-1", ""):
        refused = session.call(AssessRange, "assess_range", person=name)
        assert not refused.success
        assert "Use a code such as P-017" in refused.message
    answer = session.call(AssessRange, "assess_range", person="P-017")
    assert answer.success, answer.message
    assert [path.name for path in (tmp_path / "ranges").iterdir()] == ["P-017.json"]
    way = PersonalRanges.load(tmp_path / "ranges", "P-017").excursions["squat", Side.BOTH]
    shown = [abs(one.peak_value - one.rest_value) for one in session.repetitions]
    assert way == pytest.approx(sorted(shown)[1], abs=1e-2)


@pytest.mark.slow
def test_a_range_that_cannot_be_stored_is_not_used(
    bench: Bench, squats: list[SkeletonArray], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    session = Coached(
        bench, own_exercises_dir=str(tmp_path / "own"), ranges_dir=str(tmp_path / "file" / "ranges")
    )
    session.play(squats)
    answer = session.call(AssessRange, "assess_range", person="P-017")
    assert not answer.success
    assert "P-017.json cannot be written" in answer.message
    assert not any("the person's own" in message for message in session.messages)


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "My squat", "squat", "", "a" * 65])
def test_a_name_that_is_none_or_taken_is_refused(
    session: Coached, tmp_path: Path, name: str
) -> None:
    for repetitions in (0, 3):
        answer = session.call(
            RecordReference, "record_reference", name=name, repetitions=repetitions
        )
        assert not answer.success
        assert re.search("is not allowed as the name|exists already", answer.message)
    assert not session.call(SetExercise, "set_exercise", exercise="../" + name).success
    assert not (tmp_path / "own").exists()


def test_no_folder_of_own_exercises_is_not_the_working_directory(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.yaml").write_text("no: exercise")
    session = Coached(bench, own_exercises_dir="")
    answer = session.call(RecordReference, "record_reference", name="my_squat")
    assert (answer.success, "set own_exercises_dir" in answer.message) == (False, True)


def test_a_mistake_in_a_new_file_is_the_answer_to_choosing_it(
    session: Coached, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = (ROOT / "config" / "exercises" / "squat.yaml").read_text()
    file = own / "deep_squat.yaml"
    file.write_text(text.replace("name: squat", "name: deep_squat").replace("both", "all"))
    answer = session.call(SetExercise, "set_exercise", exercise="deep_squat")
    assert not answer.success
    assert re.match(r"deep_squat\.yaml:\d+: primary\.sides is 'all'; expected one", answer.message)
    file.write_text(text.replace("name: squat", "name: deep_squat"))
    assert session.call(SetExercise, "set_exercise", exercise="deep_squat").success


@pytest.mark.parametrize("person", ["Anna Smith", "anna", "../P-1"])
def test_a_name_is_no_person(bench: Bench, person: str) -> None:
    with pytest.raises(ParameterError, match="is not allowed as a person"):
        bench.start(AssessmentNode, model="none", person=person)


@pytest.mark.slow
def test_a_bag_is_taught_in_and_assessed_by_the_commands(
    squats: list[SkeletonArray],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    repeated = [*squats[:50], *squats[49:]]
    bag = str(skeleton_bag(tmp_path / "bag", repeated))
    own = tmp_path / "own"
    assert teach_in.main(["--source", bag, "--name", "from_bag", "--folder", str(own)]) == 0
    assert ExerciseLibrary(own).get("from_bag").primary.measure == "knee_angle"
    assessed = ["--source", bag, "--exercise", "from_bag", "--own-exercises", str(own)]
    assessed += ["--folder", str(tmp_path)]
    assert assess_range.main([*assessed, "--person", "7"]) == 0
    assert PersonalRanges.load(tmp_path, "7").excursions["from_bag", Side.BOTH] > 40.0
    assert teach_in.main(["--source", bag, "--name", "from_bag", "--folder", str(own)]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.slow
def test_a_topic_is_taught_in_while_it_is_live(
    bench: Bench, squats: list[SkeletonArray], tmp_path: Path
) -> None:
    publisher = bench.peer.create_publisher(SkeletonArray, TOPIC, RESULTS)
    command = [sys.executable, "-m", "apsa_perception.commands.teach_in", "--source", TOPIC]
    command += ["--name", "live_squat", "--repetitions", "2", "--folder", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    give_up = time.monotonic() + 30.0
    while publisher.get_subscription_count() == 0:
        assert time.monotonic() < give_up
        bench.spin_for(0.1)
    stop = threading.Event()

    def play() -> None:
        for message in squats:
            if stop.wait(0.004):
                return
            publisher.publish(message)

    player = threading.Thread(target=play)
    player.start()
    out, errors = process.communicate(timeout=60)
    stop.set()
    player.join()
    assert process.returncode == 0, errors
    assert "live_squat.yaml" in out
    assert "from 2 recorded repetitions" in (tmp_path / "live_squat.yaml").read_text()


@pytest.mark.slow
def test_a_live_camera_is_taught_in(
    bench: Bench, clip: Callable[[str], Path], tmp_path: Path
) -> None:
    bench.start(
        VideoSource,
        source=str(clip("squat_front.mp4")),
        lossless=False,
        rate=0.3,  # a frame that the model has no time for is lost
        consumers=["image=/frames_of_a_topic"],
    )
    command = [sys.executable, "-m", "apsa_perception.commands.teach_in", "--source", "/apsa/image"]
    command += ["--name", "seen_squat", "--repetitions", "2", "--folder", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    give_up = time.monotonic() + 90.0
    while process.poll() is None:
        assert time.monotonic() < give_up
        bench.spin_for(0.2)
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    assert "seen_squat.yaml" in out
    assert "from 2 recorded repetitions" in (tmp_path / "seen_squat.yaml").read_text()
    assert ExerciseLibrary(tmp_path).get("seen_squat").primary.measure == "knee_angle"
