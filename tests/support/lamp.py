"""A third-party output, installed for a test by putting it on the path."""

from pathlib import Path

import pytest

MODULE = '''
from dataclasses import dataclass

from apsa_feedback.outputs.base import Output
from apsa_perception.model.settings import setting

@dataclass(frozen=True)
class LampSettings:
    colour: str = setting("green", "colour of the lamp", choices=("green", "red"))
    brightness: int = setting(50, "brightness", 0, 100, live=True)

class LampOutput(Output):
    """Notes what it is given; breaks when a cue says so."""

    SETTINGS = LampSettings
    opened = []

    def __init__(self, context):
        self.context, self.cues, self.views, self.events = context, [], [], []
        self.closed = self.stopped = 0
        self.books, self.settings = [], []
        self.people, self.answers, self.limits = [], [], []
        self.hand_signals = []
        self.watched = False
        LampOutput.opened.append(self)

    @classmethod
    def open(cls, context):
        return cls(context)

    @property
    def wants_picture(self):
        return self.watched

    def show_cue(self, cue):
        self.cues.append(cue)
        if cue.key == "knee_valgus":
            raise RuntimeError("the bulb is broken")

    def show_view(self, view):
        self.views.append(view)

    def show_event(self, event):
        self.events.append(event)

    def use_book(self, book):
        self.books.append(book.locale)

    def use_person(self, person):
        self.people.append(person)

    def use_limits(self, limits):
        self.limits.append(limits)

    def use_hand_signal(self, on):
        self.hand_signals.append(on)

    def show_answer(self, answer):
        self.answers.append(answer)

    def use_settings(self, settings):
        self.settings.append(settings)

    def stop(self):
        self.stopped += 1

    def close(self):
        self.closed += 1

class NoOutput:
    pass
'''

ENTRY_POINTS = """[apsa_feedback.outputs]
lamp = lamp_output:LampOutput
wrong = lamp_output:NoOutput
absent = lamp_output:Missing
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the output ``lamp`` and two broken ones known for the rest of the test."""
    (folder / "lamp_output.py").write_text(MODULE)
    info = folder / "lamp_output-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lamp-output\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(__import__("sys").modules, "lamp_output", raising=False)
