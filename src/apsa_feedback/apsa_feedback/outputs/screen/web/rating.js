// The questions after a set: pain, effort and a note. They may be skipped. While the next set is under
// way a strip offers them, so that nothing of the coaching is covered unless somebody asks for them.

import { by, make, setText } from "/static/dom.js";

const HIGHEST = 10;
const SCALES = ["pain", "effort"];

export class Rating {
  constructor(send) {
    this.send = send;
    this.words = {};
    this.commands = [];
    this.connected = true;
    this.asked = null;
    this.aside = this.opened = false;
    this.answers = {};
    for (const name of SCALES) this.fill(name);
    by("rating-send").addEventListener("click", () => this.answer());
    by("rating-skip").addEventListener("click", () => this.rate({}));
    by("rating-pass").addEventListener("click", () => this.rate({}));
    by("rating-open").addEventListener("click", () => {
      this.opened = !this.opened;
      this.show();
    });
    by("rating").addEventListener("submit", (event) => {
      event.preventDefault(); // Enter in the note
      this.answer();
    });
  }

  hello({ words, commands }) {
    this.words = words;
    this.commands = commands;
    setText("rating-note-label", words.rating_note);
    setText("rating-send", words.rating_send);
    setText("rating-skip", words.rating_skip);
    by("rating-pass").title = words.rating_skip;
    by("rating-pass").setAttribute("aria-label", words.rating_skip);
    setText("rating-strip-label", words.rating_last);
    this.show();
  }

  showState({ rating }) {
    if (rating?.session_id !== this.asked) {
      this.asked = rating?.session_id ?? null;
      this.answers = {};
      this.opened = false;
      by("rating-note").value = "";
    }
    this.aside = rating?.aside ?? false;
    this.show();
  }

  // Without a connection nothing can be answered, and the results stay readable.
  setConnected(connected) {
    this.connected = connected;
    this.show();
  }

  show() {
    const asked = this.asked !== null && this.connected && this.commands.includes("rate");
    const shown = asked && (!this.aside || this.opened);
    by("rating").hidden = !shown;
    by("rating-strip").hidden = !asked || !this.aside;
    by("rating-open").setAttribute("aria-expanded", String(shown));
    // Opened, the questions have the title and the way to leave them out.
    setText("rating-open", (shown ? this.words.close : this.words.rating_open) ?? "");
    by("rating-strip-label").hidden = by("rating-pass").hidden = shown;
    document.body.dataset.strip = String(asked && this.aside);
    setText("rating-title", this.aside ? this.words.rating_last : this.words.rating_title);
    document.body.dataset.rating = String(shown);
    for (const name of SCALES) this.showScale(name);
  }

  showScale(name) {
    const { words } = this;
    const chosen = this.answers[name];
    const ends = `0 ${words[`${name}_0`]} · ${HIGHEST} ${words[`${name}_${HIGHEST}`]}`;
    const meaning = words[`${name}_${chosen}`];
    setText(`rating-${name}-label`, words[`rating_${name}`] ?? "");
    setText(`rating-${name}-meaning`, meaning && chosen > 0 ? meaning : ends);
    [...by(`rating-${name}`).children].forEach((button, value) => {
      button.setAttribute("aria-pressed", String(value === chosen));
    });
  }

  fill(name) {
    for (let value = 0; value <= HIGHEST; value += 1) {
      const button = make("button", "", String(value));
      button.type = "button";
      button.addEventListener("click", () => {
        if (this.answers[name] === value) delete this.answers[name];
        else this.answers[name] = value;
        this.showScale(name);
      });
      by(`rating-${name}`).append(button);
    }
  }

  answer() {
    this.rate({ ...this.answers, note: by("rating-note").value.trim() });
  }

  rate(answers) {
    this.send({ command: "rate", value: { session_id: this.asked, ...answers } });
  }
}
