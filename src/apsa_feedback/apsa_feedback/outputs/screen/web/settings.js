// The dialog for programme, exercise, language and picture.

import { by, fill, fillMistakes } from "/static/dom.js";
import { Guide } from "/static/guide.js";
import { Picker } from "/static/picker.js";

const CHOICES = ["programme", "exercise", "language", "picture"];

export class Settings {
  constructor(send) {
    for (const name of ["programme", "language"]) {
      this.control(name).addEventListener("change", ({ target }) => {
        if (target.value) send({ command: name, value: target.value });
      });
    }
    this.guide = new Guide(by("guide-chosen"));
    this.exercise = "";
    this.exercises = {};
    this.state = {};
    this.picker = new Picker((name) => {
      send({ command: "exercise", value: name });
      this.guide.show(name);
    });
    by("exercise-open").addEventListener("click", () => this.picker.open(this.exercise));
    by("settings-open").addEventListener("click", () => {
      by("settings").showModal();
      this.guide.show(this.exercise);
      this.guide.wake();
      this.loadProgrammes();
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
    return by(`${name}-choice`).querySelector("select, input, button");
  }

  hello(message) {
    const { words, commands, locale, exercises, programmes, languages } = message;
    this.guide.hello(message);
    this.picker.hello(message);
    this.exercises = exercises;
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
    this.none = words.no_exercise;
    this.showExercise();
    this.fillProgrammes(programmes, []);
    if (by("settings").open) this.loadProgrammes(); // the mistakes, in this language
    fill(this.control("language"), languages);
    this.locale = locale;
    this.restore();
  }

  // What holds, after a choice that the coach refused.
  restore() {
    this.control("language").value = this.locale;
    if (this.state.session) this.showState(this.state);
  }

  showState(state) {
    this.state = state;
    const { exercise_name, programme, picture } = state;
    this.control("programme").value = programme;
    this.exercise = exercise_name;
    this.showExercise();
    if (by("settings").open) this.guide.show(exercise_name);
    this.control("picture").checked = picture;
  }

  // Asked for each time: the user may have added or corrected a file.
  async loadProgrammes() {
    try {
      const { titles, mistakes } = await (await fetch("/programmes")).json();
      this.fillProgrammes(titles, mistakes);
    } catch {
      return; // the connection is lost; what was there stays
    }
    this.restore();
  }

  // Files of the user with a mistake are listed with it, but cannot be chosen.
  fillProgrammes(titles, mistakes) {
    const select = this.control("programme");
    const unusable = mistakes.map(({ name }) => new Option(`✕ ${name}`, name));
    fill(select, { "": "–", ...titles });
    select.append(...unusable);
    // The first stands for no programme: shown, but it cannot be chosen.
    for (const option of [select.options[0], ...unusable]) option.disabled = true;
    fillMistakes(by("programme-mistakes"), mistakes);
  }

  showExercise() {
    by("exercise-open").textContent = (this.exercises[this.exercise] ?? this.exercise) || this.none;
    this.picker.show(this.exercise);
  }
}
