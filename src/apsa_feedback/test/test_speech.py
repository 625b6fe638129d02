"""The voice: text is data, urgent cues interrupt, and nothing waits for the engine."""

import json
import os
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsa_feedback.coaching.cue import CueResult
from apsa_feedback.outputs.base import OutputContext
from apsa_feedback.outputs.speech.engine import Engine, SpeechError
from apsa_feedback.outputs.speech.output import SpeechOutput
from apsa_feedback.outputs.speech.settings import SpeechSettings
from apsa_feedback.outputs.speech.speaker import Speaker
from apsa_perception.model.codes import CuePriority
from support.feedback_cases import book

NORMAL = SpeechSettings()
HAS_ENGINE = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)

FAKE = """#!{python}
import json, os, signal, sys, time
from pathlib import Path
text = sys.stdin.buffer.read().decode()
log = Path({log!r})
def note(event):
    with log.open("a") as file:
        file.write(json.dumps([event, text, sys.argv[1:]]) + "\\n")
def hushed(*_):
    note("hushed")
    os._exit(143)
signal.signal(signal.SIGTERM, hushed)
note("began")
if text.startswith("mute"):
    print("ALSA lib pcm.c: Unknown PCM default\\nerror: No such file or directory", file=sys.stderr)
    sys.exit(0)
if text.startswith("fail"):
    print("no sound device", file=sys.stderr)
    sys.exit(1)
while text.startswith("held") and not log.with_name("go").exists():
    time.sleep(0.01)
time.sleep(5.0 if text.startswith("long") else 0.6 if text.startswith("half") else 0.05)
note("ended")
"""


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[list[object]]]:
    """Put a fake engine on the path that logs its texts; return its log."""
    log = tmp_path / "log"
    log.touch()
    program = tmp_path / "bin" / "espeak-ng"
    program.parent.mkdir()
    program.write_text(FAKE.format(python=sys.executable, log=str(log)))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return lambda: [json.loads(line) for line in log.read_text().splitlines()]


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "nothing came within the time allowed"
        time.sleep(0.01)


def cue(text: str, priority: CuePriority = CuePriority.FORM) -> CueResult:
    return CueResult(0, 1, priority, "unspecified", text, "en")


def open_speech(
    log: Callable[[str], None] = print, locale: str = "en", wav_dir: str = "", **context: object
) -> SpeechOutput:
    settings = replace(NORMAL, wav_dir=wav_dir)
    return SpeechOutput.open(OutputContext(book(locale), settings, log, **context))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["-x --help", "$(touch /tmp/x); `ls` | 'a' \"b\"", "Drücken Sie die Knie nach außen. 膝盖"],
)
def test_text_goes_in_as_data_whatever_it_holds(
    spoken: Callable[[], list[list[object]]], text: str
) -> None:
    Engine(NORMAL, "de", 150).speak(text)
    began, ended = spoken()
    assert began == [
        "began",
        text,
        ["-v", "de", "-s", "150", "-a", "100", "-b", "1", "--stdin"],
    ]
    assert ended[0] == "ended"


def test_each_language_has_its_voice_and_rate(spoken: Callable[[], list[list[object]]]) -> None:
    speech = open_speech(locale="zh")
    speech.show_cue(cue("慢一点"))
    wait_until(lambda: len(spoken()) == 2)
    speech.close()
    assert spoken()[0][2][:4] == ["-v", "cmn-latn-pinyin", "-s", "160"]  # type: ignore[index]


def test_the_voice_changes_with_the_language(spoken: Callable[[], list[list[object]]]) -> None:
    speech = open_speech()
    speech.use_book(book("de"))
    speech.show_cue(cue("langsam"))
    wait_until(lambda: len(spoken()) == 2)
    speech.close()
    assert spoken()[0][2][:2] == ["-v", "de"]  # type: ignore[index]


def test_voice_rate_and_volume_change_from_the_next_cue_on(
    spoken: Callable[[], list[list[object]]],
) -> None:
    speech = open_speech()
    speech.use_book(book("de"))
    speech.use_settings(replace(NORMAL, words_per_minute=120, volume=50))
    speech.show_cue(cue("langsam"))
    wait_until(lambda: len(spoken()) == 2)
    speech.use_settings(replace(NORMAL, voice="en-us"))
    speech.show_cue(cue("slowly"))
    wait_until(lambda: len(spoken()) == 4)
    speech.close()
    first, second = (spoken()[index][2] for index in (0, 2))
    assert first[:6] == ["-v", "de", "-s", "120", "-a", "50"]  # type: ignore[index]
    assert second[:2] == ["-v", "en-us"]  # type: ignore[index]
    assert second[4:6] == ["-a", "100"]  # type: ignore[index]


def test_only_what_was_spoken_to_its_end_is_told_with_when_it_began(
    spoken: Callable[[], list[list[object]]],
) -> None:
    told: list[tuple[str, float]] = []
    speech = open_speech(spoken=lambda cue, began: told.append((cue.text, began)))
    before = time.monotonic()
    speech.show_cue(cue("long praise", CuePriority.ENCOURAGEMENT))
    wait_until(lambda: len(spoken()) == 1)
    speech.show_cue(cue("stop now", CuePriority.SAFETY))
    wait_until(lambda: bool(told), 4.0)
    speech.show_cue(cue("fail"))
    wait_until(lambda: ["began", "fail"] in [note[:2] for note in spoken()])
    speech.close()
    assert [text for text, _ in told] == ["stop now"]
    assert before < told[0][1] < time.monotonic()


def test_an_urgent_cue_cuts_in_and_the_caller_never_waits(
    spoken: Callable[[], list[list[object]]],
) -> None:
    speech = open_speech()
    speech.show_cue(cue("long praise", CuePriority.ENCOURAGEMENT))
    wait_until(lambda: len(spoken()) == 1)
    began = time.monotonic()
    speech.show_cue(cue("stop now", CuePriority.SAFETY))
    assert time.monotonic() - began < 0.5
    wait_until(lambda: ["ended", "stop now"] in [note[:2] for note in spoken()], 4.0)
    speech.close()
    assert [note[:2] for note in spoken()] == [
        ["began", "long praise"],
        ["hushed", "long praise"],
        ["began", "stop now"],
        ["ended", "stop now"],
    ]


def test_a_less_urgent_cue_waits_and_the_most_urgent_goes_first(
    spoken: Callable[[], list[list[object]]],
) -> None:
    speech = open_speech()
    speech.show_cue(cue("first"))
    wait_until(lambda: len(spoken()) == 1)
    speech.show_cue(cue("praise", CuePriority.ENCOURAGEMENT))
    speech.show_cue(cue("form"))
    wait_until(lambda: len(spoken()) == 6)
    speech.close()
    assert [note[1] for note in spoken() if note[0] == "ended"] == ["first", "form", "praise"]


def test_advice_on_an_exercise_that_was_left_is_cut_off_or_never_said(
    spoken: Callable[[], list[list[object]]],
) -> None:
    speech = open_speech()
    speech.show_cue(replace(cue("long advice"), session_id="s1"))
    wait_until(lambda: len(spoken()) == 1)
    speech.show_cue(replace(cue("more advice"), session_id="s1"))
    speech.show_cue(replace(cue("lunges now", CuePriority.INFO), session_id="s2"))
    wait_until(lambda: ["ended", "lunges now"] in [note[:2] for note in spoken()], 4.0)
    speech.close()
    assert [note[:2] for note in spoken()] == [
        ["began", "long advice"],
        ["hushed", "long advice"],
        ["began", "lunges now"],
        ["ended", "lunges now"],
    ]


def test_closing_stops_a_long_sentence_and_leaves_no_process(
    spoken: Callable[[], list[list[object]]],
) -> None:
    speech = open_speech()
    speech.show_cue(cue("long good-bye"))
    wait_until(lambda: len(spoken()) == 1)
    speech.close()
    speech.close()
    assert [note[0] for note in spoken()] == ["began", "hushed"]


@pytest.mark.faults
def test_without_the_engine_it_says_so_once_and_carries_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said: list[str] = []
    speech = open_speech(said.append)
    speech.show_cue(cue("hello"))
    speech.show_cue(cue("hello again"))
    speech.close()
    assert said == ["speech: espeak-ng is not installed, so cues are not spoken"]


@pytest.mark.faults
def test_a_failing_engine_is_reported_once(spoken: Callable[[], list[list[object]]]) -> None:
    said: list[str] = []
    speech = open_speech(said.append)
    for _ in range(3):
        speech.show_cue(cue("fail"))
    wait_until(lambda: len(spoken()) == 3)
    speech.close()
    assert said == ["speech: espeak-ng failed: no sound device"]


@pytest.mark.faults
def test_without_a_sound_device_it_says_what_to_do(
    spoken: Callable[[], list[list[object]]],
) -> None:
    said: list[str] = []
    speech = open_speech(said.append)
    speech.show_cue(cue("mute"))
    speech.close()
    assert said == [
        "speech: no sound could be played (espeak-ng: error: No such file or directory); connect "
        "an audio device, or set speech.wav_dir to a folder for wav files"
    ]


@pytest.mark.parametrize(
    ("name", "value"), [("words_per_minute", 20), ("volume", 300), ("voice", "--path=/etc")]
)
def test_settings_out_of_range_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        SpeechSettings(**{**vars(NORMAL), name: value})


@HAS_ENGINE
def test_a_wav_file_of_each_cue_is_written_when_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    speech = open_speech(lambda _: None, wav_dir=str(folder))
    speech.show_cue(cue("Push your knees outwards."))
    wait_until(lambda: len(list(folder.glob("*.wav"))) == 1)
    speech.close()
    with wave.open(str(folder / "0_1_unspecified.wav")) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
        assert 0.8 < len(samples) / sound.getframerate() < 4.0
    assert np.abs(samples).max() > 1000


@HAS_ENGINE
@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_real_engine_knows_the_voices_of_all_languages(locale: str) -> None:
    silent = SpeechSettings(voice="", words_per_minute=450, volume=0)
    complaint = ""
    try:
        Engine(silent, book(locale).voice, 450).speak("-1")
    except SpeechError as error:  # there may be no sound device
        complaint = str(error)
    assert "voice" not in complaint


@HAS_ENGINE
@pytest.mark.parametrize("locale", ["en", "de", "es", "zh"])
def test_the_voice_of_a_language_reads_every_text_in_that_language(locale: str) -> None:
    texts = book(locale)
    values = {"count": 7, "good": 5, "best": 9, "seconds": 30, "took": "12.4"}
    values |= dict.fromkeys(("exercise", "next", "error", "found"), "")
    said = [
        text.format_map(values)
        for variants in texts.cues.values()
        for each in variants.values()
        for text in each
    ]
    told = subprocess.run(
        ["espeak-ng", "-v", texts.voice, "-q", "-x", "-b", "1", "--stdin"],
        input="\n".join([*said, *texts.exercises.values()]).encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert len(told) > 1000
    assert "(" not in told  # such as (en): what the voice cannot read is read in English


@HAS_ENGINE
def test_rate_and_volume_are_heard(tmp_path: Path) -> None:
    def heard(settings: SpeechSettings, rate: int) -> tuple[float, int]:
        path = tmp_path / "said.wav"
        Engine(settings, "en", rate).write("Push your left knee outwards.", path)
        with wave.open(str(path)) as sound:
            samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
            return len(samples) / sound.getframerate(), int(np.abs(samples).max())

    slow_s, loud = heard(NORMAL, 120)
    quick_s, quiet = heard(SpeechSettings("", 0, 40), 200)
    fixed_s, _ = heard(SpeechSettings("", 200, 100), 120)
    assert slow_s > 1.4 * quick_s
    assert fixed_s == pytest.approx(quick_s, rel=0.1)
    assert loud > 2 * quiet


def test_what_has_waited_too_long_is_not_said_late(
    spoken: Callable[[], list[list[object]]], tmp_path: Path
) -> None:
    engine = Engine(NORMAL, "en", 150)
    speaker = Speaker(engine, failed=print, spoken=lambda cue, start: None, max_wait_s=1.0)
    speaker.say(cue("held up"))
    wait_until(lambda: len(spoken()) == 1)
    speaker.say(cue("late"))
    time.sleep(1.1)
    speaker.say(cue("fresh"))
    (tmp_path / "go").touch()
    wait_until(lambda: ["ended", "fresh"] in [note[:2] for note in spoken()])
    speaker.close()
    assert [text for event, text, _ in spoken() if event == "began"] == ["held up", "fresh"]
