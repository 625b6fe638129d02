// The measures of each frame and of the last repetition, with the limits of the exercise.

import { by, make, setText } from "/static/dom.js";
import { amount, number, quantityWord, signOf } from "/static/values.js";

const UNJUDGED = "unjudged";

export class Measures {
  constructor() {
    this.words = {};
    this.limits = [];
    this.target = null;
    this.frame = null;
    this.rows = [];
    this.key = "";
  }

  hello({ words }) {
    this.words = words;
    setText("measures-title", words.therapist_measures);
    this.key = "";
    this.show();
  }

  showLimits({ limits, target }) {
    this.limits = limits;
    this.target = target;
    this.key = "";
    this.show();
  }

  showFrame(frame) {
    this.frame = frame;
    this.show();
  }

  // Rows are made anew only when other measures or limits are there.
  show() {
    const { words } = this;
    const { measures = [], states = [], uncertainties = [] } = this.frame ?? {};
    const key = measures.map(({ name, side }) => `${name} ${side}`).join();
    if (!this.key || key !== this.key) this.build(measures);
    this.key = key || " ";
    measures.forEach((measure, index) => {
      fillRow(this.rows[index], { ...measure, uncertainty: uncertainties[index] },
        measure.value === null ? UNJUDGED : states[index] ?? "free", words);
    });
    const aim = this.target && measures.find(({ name }) => name === this.target.measure);
    setText("aim", aim ? `${words.target}: ${this.title(aim.name)} ${amount(this.target.value, aim.unit)}` : "");
  }

  build(measures) {
    const { words } = this;
    this.rows = measures.map(({ name, side }) => {
      const of = this.limits.filter((limit) => limit.measure === name && !limit.quantity);
      const where = side === "both" ? "" : ` · ${words[side]}`;
      return row(`${this.title(name)}${where}`, name, of.map((limit) => this.line(limit)));
    });
    const last = this.limits.filter(({ quantity }) => quantity).map((limit) => {
      const made = row(quantityWord(limit.quantity, words), limit.quantity, [this.line(limit)]);
      fillRow(made, limit, limit.state, words);
      return made;
    });
    by("measures").replaceChildren(...[...this.rows, ...last].flatMap(({ lines }) => lines));
  }

  title(name) {
    return this.words[`measure_${name}`] ?? name.replaceAll("_", " ");
  }

  // Such as "Leaning forward: error above 45° (mild), 55° (moderate), 65° (severe)"; of a position
  // what is allowed in it, such as "In position: ≥ 60°, ≤ 130°".
  line({ word, low, high, unit, relative, usual, severities }) {
    const { words } = this;
    if (!word) {
      const bounds = [...low.map((value) => `≥ ${amount(value, unit)}`),
        ...high.map((value) => `≤ ${amount(value, unit)}`)];
      return `${words.therapist_in_position}: ${bounds.join(", ")}`;
    }
    const sign = signOf({ low, high });
    const steps = (high.length ? high : low).map((value, index) =>
      `${sign}${amount(value, unit)} (${severityWord(severities[index], words)})`.replaceAll(" ", "\u00a0"));
    const begins = `${high.length ? words.error_above : words.error_below} ${steps.join(", ")}`;
    const changed = usual === null ? "" : ` ✎ (${words.exercise}: ${amount(usual, unit)})`;
    return `${word}: ${begins}${relative ? ` ${words.therapist_from_rest}` : ""}${changed}`;
  }
}

const severityWord = (name, words) => (name === "severe" ? words.severe : words[`therapist_${name}`]);

// A line of the table with name, value and state, and one below it with the limits, if there are any.
function row(title, name, limits) {
  const line = make("tr");
  line.dataset.name = name;
  const head = make("th", "", title);
  head.scope = "row";
  line.append(head, make("td", "value"), make("td", "verdict"));
  if (!limits.length) return { line, lines: [line] };
  const below = make("tr", "limits");
  const cell = make("td");
  cell.colSpan = 3;
  cell.append(...limits.map((text) => make("p", "", text)));
  below.append(cell);
  return { line, lines: [line, below] };
}

function fillRow({ line }, { value, uncertainty, unit, reason }, state, words) {
  const shown = value === null || value === undefined ? "–"
    : `${amount(value, unit)}${uncertainty ? ` ± ${number(uncertainty, unit)}` : ""}`;
  const [, cell, verdict] = line.children;
  if (cell.textContent !== shown) cell.textContent = shown;
  if (line.dataset.state === state) return;
  line.dataset.state = state;
  verdict.textContent = state === UNJUDGED ? words.grade_not_judged
    : severityWord(state, words) ?? "";
  verdict.title = reason ?? "";
}
