// Where the person is in a programme: sets, rests and countdowns, and what is missing to start.

import { by, make, setText } from "/static/dom.js";
import { Guide } from "/static/guide.js";

export class Course {
  constructor() {
    this.words = {};
    this.programmes = {};
    this.dark = false;
    this.state = null;
    this.guide = new Guide(by("guide"));
  }

  hello(message) {
    const { words, programmes } = message;
    this.words = words;
    this.programmes = programmes;
    this.guide.hello(message);
    if (this.state) this.showState(this.state);
  }

  showState(state) {
    this.state = state;
    const { number, text } = this.waiting(state);
    by("waiting").hidden = !number && !text;
    by("waiting").classList.toggle("long", text.length > 40);
    setText("waiting-number", number);
    setText("waiting-text", text);
    by("waiting-description").hidden = !state.description;
    setText("waiting-description", state.description ?? "");
    const waits = ["resting", "preparing"].includes(state.session);
    this.guide.show(waits ? state.next_exercise || state.exercise_name : "", state.tempo);
    const line = this.course(state);
    by("course").hidden = !line;
    setText("course", line);
    this.showResults(state.results ?? []);
  }

  // What was done of each exercise, after the end of the programme.
  showResults(rows) {
    const { words } = this;
    const head = [words.exercise, words.history_sets, words.repetitions, words.quality];
    by("results").hidden = !rows.length;
    if (!rows.length) return;
    by("results-table").replaceChildren(...[head, ...rows].map((cells, index) => {
      const line = make("tr");
      line.append(...cells.map((text) => make(index ? "td" : "th", "", text)));
      return line;
    }));
  }

  // A dark picture matters only while nobody is recognised in it.
  showDarkness(dark) {
    if (dark === this.dark) return;
    this.dark = dark;
    if (this.state) this.showState(this.state);
  }

  waiting({ session, seconds_left, missing, next, frames }) {
    const { words } = this;
    if (frames === false && session !== "closed") return { number: "", text: words.no_camera };
    const counting = seconds_left ? String(seconds_left) : "";
    if (session === "resting") {
      return { number: counting, text: next ? `${words.next}: ${next}` : words.state_resting };
    }
    if (this.dark) return { number: "", text: words.too_dark };
    if (session === "preparing") {
      return { number: counting, text: words[`missing_${missing}`] ?? words.state_preparing };
    }
    return { number: "", text: "" };
  }

  course(state) {
    const { words, programmes } = this;
    if (!state.programme) return "";
    const title = programmes[state.programme] ?? state.programme;
    const place = state.exercise_count > 1 ? ` ${state.exercise_number}/${state.exercise_count}` : "";
    const sets = state.set_count > 1 ? `${state.set_number}/${state.set_count}` : "";
    const set = state.warm_up ? `${words.warm_up} ${sets}`.trim() : sets && `${words.set} ${sets}`;
    const tempo = state.tempo ? `${words.tempo} ${state.tempo.replaceAll("-", "\u2011")}` : "";
    // Without a target the time is shown large, beside the count.
    const timed = state.session === "running" && state.target && state.seconds_left;
    const left = timed ? `${words.time_left} ${state.seconds_left} s` : "";
    return [`${title}${place}`, set, tempo, left].filter(Boolean).join(" · ");
  }
}
