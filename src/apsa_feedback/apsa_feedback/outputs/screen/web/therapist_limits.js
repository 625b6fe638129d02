// The limits of errors of this person: changed and reset while the exercise goes on.

import { by, make, setText } from "/static/dom.js";
import { amount, decimals, errorFrom, quantityWord, signOf, unitOf } from "/static/values.js";

export class Limits {
  constructor(send) {
    this.send = send;
    this.words = {};
    this.limits = [];
    this.exercise = "";
    this.shown = "";
    this.person = "";
    by("limit").addEventListener("change", () => this.fill());
    by("limit-set").addEventListener("click", () => this.set());
    by("limit-reset").addEventListener("click", () => this.request(this.chosen(), null));
  }

  hello({ words, commands, person }) {
    Object.assign(this, { words, person });
    document.querySelector(".limit").hidden = !commands.includes("set_limit");
    setText("limit-title", words.therapist_limits);
    setText("limit-label", words.report_errors);
    setText("limit-set", words.therapist_limit_set);
    setText("limit-reset", words.therapist_limit_reset);
    setText("limit-hint", person ? words.therapist_limit_hint : words.therapist_limit_nobody);
    this.shown = "";
    this.show();
  }

  showState({ exercise_name }) {
    this.exercise = exercise_name;
    this.enable();
  }

  showLimits({ limits }) {
    this.limits = limits.filter(({ key }) => key);
    this.show();
  }

  // Made anew only when limits differ, so that what is being chosen or typed stays.
  show() {
    const { limits, words } = this;
    if (!words.therapist_limits) return;
    const shown = JSON.stringify(limits.map(({ key, first, usual }) => [key, first, usual]));
    if (shown === this.shown) return;
    this.shown = shown;
    const { value } = by("limit");
    by("limit").replaceChildren(...limits.map((limit) => new Option(this.title(limit), limit.key)));
    if (limits.some(({ key }) => key === value)) by("limit").value = value;
    by("limit-changed").replaceChildren(...limits.filter(({ usual }) => usual !== null)
      .map((limit) => make("li", "",
        `✎ ${this.title(limit)} (${this.words.exercise}: ${amount(limit.usual, limit.unit)})`)));
    this.fill();
  }

  // Such as "Leaning forward · Trunk lean, forward: error above 45°".
  title(limit) {
    const { words } = this;
    const { word, measure, quantity, first, unit, high } = limit;
    const name = quantity ? quantityWord(quantity, words) : words[`measure_${measure}`];
    const what = [word, name ?? measure].filter((each, index, all) => each !== all[index - 1]);
    return `${what.join(" · ")}: ${errorFrom(first, unit, high.length > 0, words, signOf(limit))}`;
  }

  chosen() {
    return this.limits.find(({ key }) => key === by("limit").value);
  }

  fill() {
    const limit = this.chosen();
    if (limit) {
      by("limit-value").step = 10 ** -decimals(limit.unit);
      by("limit-value").value = limit.first.toFixed(decimals(limit.unit)); // fields take a point
      const { error_above, error_below } = this.words;
      const begins = limit.high.length ? error_above : error_below;
      const written = `${signOf(limit)}${unitOf(limit.unit)}`.trim();
      setText("limit-value-label", written ? `${begins} (${written})` : begins);
    }
    this.enable();
  }

  // Limits are kept with a person.
  enable() {
    const limit = this.chosen();
    for (const id of ["limit", "limit-value", "limit-set"]) by(id).disabled = !limit || !this.person;
    by("limit-reset").disabled = !limit || !this.person || limit.usual === null;
  }

  set() {
    const field = by("limit-value");
    if (field.value === "" || !field.reportValidity()) field.focus();
    else this.request(this.chosen(), field.valueAsNumber);
  }

  request({ key }, limit) {
    this.send({ command: "set_limit", value: { exercise: this.exercise, error: key, limit } });
  }

  // A refused value gives way to the one that holds.
  showAnswer({ command, success }) {
    if (command === "set_limit" && !success) this.fill();
  }
}
