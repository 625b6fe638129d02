// The dialog for programme, exercise, language and picture.

import { by, fill } from "/static/dom.js";
import { Guide } from "/static/guide.js";

const CHOICES = ["programme", "exercise", "language", "picture"];

export class Settings {
  constructor(send) {
    for (const name of ["programme", "exercise", "language"]) {
      this.control(name).addEventListener("change", ({ target }) => {
        if (target.value) send({ command: name, value: target.value });
      });
    }
    this.guide = new Guide(by("guide-chosen"));
    this.control("exercise").addEventListener("change", ({ target }) => this.guide.show(target.value));
    by("settings-open").addEventListener("click", () => {
      by("settings").showModal();
      this.guide.show(this.control("exercise").value);
      this.guide.wake();
    });
    this.control("picture").addEventListener("change", ({ target }) => {
      send({ command: "picture", value: String(target.checked) });
    });
  }

  // Without a connection nothing can be chosen.
  setConnected(connected) {
    by("settings-open").disabled = !connected;
    for (const name of CHOICES) this.control(name).disabled = !connected;
  }

  control(name) {
    return by(`${name}-choice`).querySelector("select, input");
  }

  hello(message) {
    const { words, commands, locale, exercises, programmes, languages } = message;
    this.guide.hello(message);
    by("settings-label").textContent = words.settings;
    by("settings-close").textContent = words.close;
    by("therapist-open").textContent = words.therapists_view;
    by("settings-open").title = words.settings;
    by("settings-open").setAttribute("aria-label", words.settings);
    by("settings-open").hidden = !CHOICES.some((name) => commands.includes(name));
    for (const name of CHOICES) {
      by(`${name}-choice`).querySelector("span").textContent = words[name];
      by(`${name}-choice`).hidden = !commands.includes(name);
    }
    fill(this.control("exercise"), { "": words.no_exercise, ...exercises });
    this.control("exercise").options[0].disabled = true; // shown, but cannot be chosen
    fill(this.control("programme"), { "": "–", ...programmes });
    this.control("programme").options[0].disabled = true;
    fill(this.control("language"), languages);
    this.control("language").value = locale;
  }

  showState({ exercise_name, programme, picture }) {
    this.control("programme").value = programme;
    this.control("exercise").value = exercise_name;
    if (by("settings").open) this.guide.show(exercise_name);
    this.control("picture").checked = picture;
  }
}
