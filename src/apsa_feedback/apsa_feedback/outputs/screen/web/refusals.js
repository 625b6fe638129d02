// Requests of this page that the coach refused: its sentence, near what was pressed, until the next
// request that is granted or the session goes on.

import { by, make } from "/static/dom.js";

const PLACES = ["refused", "rating-refused", "settings-refused"];

export class Refusals {
  constructor() {
    this.locale = "";
    by("settings").addEventListener("close", () => by("settings-refused").replaceChildren());
  }

  // The language may be another one now.
  hello({ locale }) {
    if (locale !== this.locale) this.clear();
    this.locale = locale;
  }

  // Once the session goes on, what was asked before matters no more.
  showState({ session }) {
    if (session !== this.session) this.clear();
    this.session = session;
  }

  showAnswer({ command, success, reason, detail, detail_locale }) {
    this.clear();
    if (success) return;
    const place = this.place(command);
    if (detail && detail_locale === this.locale) {
      place.append(make("span", "", detail));
    } else {
      // There is no translation: what is wrong in general, and the sentence in English.
      const sentence = make("small", "", detail);
      sentence.lang = detail_locale;
      place.append(make("span", "", reason), sentence);
    }
    place.scrollIntoView({ block: "nearest" });
  }

  // What is behind an open dialog is not read out.
  place(command) {
    if (by("settings").open) return by("settings-refused");
    if (command === "rate" && !by("rating").hidden) return by("rating-refused");
    return by("refused");
  }

  clear() {
    for (const id of PLACES) by(id).replaceChildren();
  }
}
