// The repetitions or holds of the session, the newest first.

import { by, make, setText } from "/static/dom.js";
import { amount, errorFrom, isSevere } from "/static/values.js";

export class Repetitions {
  constructor() {
    this.words = {};
    this.rows = [];
  }

  hello({ words }) {
    this.words = words;
    setText("repetitions-title", words.repetitions);
    this.render();
  }

  show({ repetitions }) {
    this.rows = repetitions;
    this.render();
  }

  render() {
    const { words } = this;
    if (!words.quality) return;
    const titles = ["#", words.report_peak, words.left, words.right, words.report_duration,
      words.quality];
    by("repetitions-head").replaceChildren(...titles.map((title) => {
      const head = make("th", "", title);
      head.scope = "col";
      return head;
    }));
    by("repetitions").replaceChildren(...[...this.rows].reverse().flatMap((row) => this.lines(row)));
  }

  // The values, and below them the errors, if there are any.
  lines({ index, side, unit, peak, left, right, seconds, score, grade, reason, errors }) {
    const { words } = this;
    const value = (number) => (number === null || number === undefined ? "–" : amount(number, unit));
    const moved = side && side !== "both" ? ` · ${words[side]}` : "";
    const quality = grade === undefined ? "" : score === null ? words[`grade_${grade}`] : `${score} · ${words[`grade_${grade}`]}`;
    const cells = [`${index}${moved}`, value(peak), value(left), value(right),
      seconds === undefined || seconds === null ? "–" : amount(seconds, "s"), quality];
    const made = make("tr", grade ?? "");
    made.append(...cells.map((text) => make("td", "", text)));
    made.children[5].title = reason ?? "";
    return errors.length ? [made, this.errors(errors)] : [made];
  }

  // Such as "Knees inwards · left 21° (error above 18°)": the value and the limit that it crossed.
  errors(errors) {
    const { words } = this;
    const cell = make("td");
    cell.colSpan = 6;
    cell.append(...errors.map(({ word, side, severity, value, limit, asked, unit }) => {
      const where = side === "both" ? "" : ` · ${words[side]}`;
      const numbers = value === null || limit === null || !unit ? ""
        : ` ${amount(value, unit)} (${asked ? `${words.target}: ${amount(limit, unit)}`
          : errorFrom(limit, unit, value > limit, words)})`;
      return make("p", isSevere(severity) ? "severe" : "", `${word}${where}${numbers}`);
    }));
    const made = make("tr", "errors");
    made.append(cell);
    return made;
  }
}
