// Whether people see themselves as in a mirror: what this viewer chose, or else what the coach says,
// or else as the picture comes.

import { by } from "/static/dom.js";
import { store, stored } from "/static/stored.js";

const KEY = "apsa.mirror";

export class Mirror {
  constructor(stage) {
    this.stage = stage;
    this.preset = null;
    this.chosen = { on: true, off: false }[stored(KEY)] ?? null;
    this.comes = false; // the camera delivers mirror images
    by("mirror").addEventListener("click", () => {
      this.chosen = !this.shown();
      store(KEY, this.chosen ? "on" : "off");
      this.show();
    });
  }

  hello({ words, mirror }) {
    this.preset = mirror;
    const button = by("mirror");
    button.hidden = false;
    button.title = words.mirror;
    button.setAttribute("aria-label", words.mirror);
    this.show();
  }

  showFrame({ mirrored }) {
    if (mirrored === this.comes) return;
    this.comes = mirrored;
    this.show();
  }

  shown() {
    return this.chosen ?? this.preset ?? this.comes;
  }

  show() {
    this.stage.flip(this.shown() !== this.comes);
    by("mirror").setAttribute("aria-pressed", String(this.shown()));
  }
}
