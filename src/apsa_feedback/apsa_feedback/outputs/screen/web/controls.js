// The buttons of the session. They are kept while they are offered, so that they keep the keyboard's
// focus; the focus of one that goes passes to the first.

import { by, make } from "/static/dom.js";

export class Controls {
  constructor(send) {
    this.send = send;
    this.words = {};
    this.commands = [];
    this.connected = true;
    this.buttons = new Map();
    this.focused = null;
    this.state = {};
  }

  hello({ words, commands }) {
    this.words = words;
    this.commands = commands;
    this.show();
  }

  showState(state) {
    this.state = state;
    this.show();
  }

  // Without a connection nothing can be asked for.
  setConnected(connected) {
    this.connected = connected;
    this.show();
  }

  show() {
    const names = this.offered();
    const controls = by("controls");
    if (controls.contains(document.activeElement)) this.focused = document.activeElement;
    const shown = names.map((name) => this.button(name));
    const changed = shown.length !== controls.children.length
      || shown.some((button, index) => button !== controls.children[index]);
    if (changed) controls.replaceChildren(...shown);
    names.forEach((name, index) => {
      shown[index].textContent = this.words[this.word(name)];
      shown[index].disabled = !this.connected;
    });
    if (!this.connected) return; // a disabled button has no focus; it is given back later
    if (this.focused && [document.body, null].includes(document.activeElement)) {
      (shown.includes(this.focused) ? this.focused : shown[0])?.focus();
    }
    this.focused = null;
  }

  offered() {
    const { session, programme, count } = this.state;
    if (!session) return [];
    const running = session === "running";
    const resting = session === "resting";
    const active = running || resting || ["paused", "preparing"].includes(session);
    const offered = {
      start: !running && !resting && session !== "calibrating",
      pause: running || resting,
      repeat: Boolean(programme) && (session === "closed" || (session === "preparing" ? count > 0 : active)),
      skip: Boolean(programme) && active,
      calibrate: !programme && !["closed", "calibrating", "preparing"].includes(session),
      stop: active,
    };
    return Object.keys(offered).filter((name) => offered[name] && this.commands.includes(name));
  }

  word(name) {
    if (name !== "start") return name;
    return { paused: "resume", preparing: "start_now" }[this.state.session] ?? name;
  }

  button(name) {
    if (!this.buttons.has(name)) {
      const button = make("button", name === "start" ? "primary" : "");
      button.type = "button";
      button.addEventListener("click", () => this.send({ command: name }));
      this.buttons.set(name, button);
    }
    return this.buttons.get(name);
  }
}
