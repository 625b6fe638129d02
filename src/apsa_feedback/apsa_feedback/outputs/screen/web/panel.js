// Everything on the page except the picture: texts, count, gauges, bars, controls.

import { by, make, setText } from "/static/dom.js";
import { amount, isSevere, writeAs } from "/static/values.js";

const CUE_SECONDS = 6;
const LONG_TEXT = 44; // beyond that a cue is set smaller, so that the picture keeps its size
const PLACES = 6;
const TARGET_PLACE = 0.85;
const ICONS = {
  info: "M24 21v13M24 13.5v.5M24 44a20 20 0 1 0 0-40 20 20 0 0 0 0 40z",
  encouragement: "M8 26l11 11L40 13",
  form: "M24 4l20 20-20 20L4 24zM24 15v10M24 32v.5",
  safety: "M24 5L45 42H3zM24 19v11M24 35.5v.5",
};

export class Panel {
  constructor() {
    this.words = {};
    this.commands = [];
    this.count = 0;
    this.cue = null;
    this.state = {};
  }

  hello({ words, commands, locale }) {
    this.words = words;
    this.commands = commands;
    document.documentElement.lang = locale;
    writeAs(words);
    setText("count-label", words.repetitions);
    setText("quality-label", words.quality);
    setText("measure-label", words.measure);
    setText("placeholder", words.no_picture);
    setText("nobody", words.nobody);
    this.shownErrors = null;
    if (this.state.session) this.showState(this.state);
  }

  showState(state) {
    const { words } = this;
    this.state = state;
    document.body.dataset.session = state.session;
    setText("exercise", state.exercise || words.no_exercise);
    setText("session", words[`state_${state.session}`]);
    setText("note", state.note);
    // There may be no further frame to clear it: "Ready" must not stay beside "Finished".
    if (state.session !== "running") {
      setText("phase", "");
      this.showErrors([]);
    }
    document.body.dataset.kind = state.hold ? "hold" : "repetitions";
    setText("count-label", state.hold ? words.time_held : words.repetitions);
    setText("quality-label", state.hold ? words.holds : words.quality);
    if (state.hold) {
      this.showHold(state.hold);
    } else {
      this.showCount(state);
      this.showQualities(state);
    }
    this.showRepetitionErrors(state.repetition_errors);
    this.showLegend("set-course", state.set_course?.text, state.set_course?.meaning);
    this.showLegend("tempo", state.tempo_measured?.text, state.tempo_measured?.label);
    this.showCue(state.cue);
  }

  showCount({ count, target, session, seconds_left }) {
    setText("count", String(count));
    by("count").parentElement.classList.remove("reached");
    const timed = session === "running" && seconds_left ? ` · ${seconds_left} s` : "";
    setText("count-target", target ? ` / ${target}` : timed);
    if (count > this.count) {
      const number = by("count").parentElement;
      number.classList.remove("bump");
      void number.offsetWidth; // restarts the animation
      number.classList.add("bump");
    }
    this.count = count;
  }

  // The time of the hold in progress or of the last one, and the holds as bars up to the target.
  showHold({ seconds, target, active, best, total, held }) {
    const { words } = this;
    setText("count", clock(seconds));
    setText("count-target", target ? ` / ${clock(target)}` : "");
    by("count").parentElement.classList.toggle("reached", target > 0 && seconds >= target);
    document.body.dataset.holding = String(active);
    const times = `${words.best} ${clock(best)} · ${words.total} ${clock(total)}`;
    setText("quality-average", held.length ? times : "");
    const full = target || Math.max(1, best);
    const free = Array.from({ length: Math.max(0, PLACES - held.length) }, freePlace);
    const bars = held.map(({ index, seconds: time }) =>
      place("held", index, clock(time), Math.min(1, time / full), `${index}: ${clock(time)}`));
    bars.at(-1)?.classList.add("last");
    by("bars").replaceChildren(...bars, ...free);
    this.shownBars = null;
    by("unjudged").hidden = true;
  }

  showQualities({ qualities, average, unjudged }) {
    setText("quality-average", average === null ? "" : `${this.words.average} ${average}`);
    const free = Array.from({ length: Math.max(0, PLACES - qualities.length) }, freePlace);
    const key = JSON.stringify([qualities, this.words.quality]);
    if (key !== this.shownBars) {
      this.shownBars = key; // else a button would lose the focus
      const bars = qualities.map((quality) => this.bar(quality));
      bars.at(-1)?.classList.add("last");
      by("bars").replaceChildren(...bars, ...free);
    }
    by("unjudged").hidden = !unjudged;
    setText("unjudged", unjudged ? `? ${this.words.grade_not_judged}: ${unjudged}` : "");
  }

  bar({ index, score, grade, reason }) {
    const title = `${index}: ${this.words[`grade_${grade}`]}${reason ? `. ${reason}` : ""}`;
    const share = score === null ? null : score / 100;
    const item = place(grade, index, score === null ? "?" : String(score), share, title);
    const button = make("button", "why"); // over the whole bar
    button.type = "button";
    button.dataset.index = index;
    button.setAttribute("aria-label", title);
    item.append(button);
    return item;
  }

  // The errors of the last repetition, until the next one.
  showRepetitionErrors(shown) {
    by("repetition-errors").hidden = !shown?.errors.length;
    if (!shown) return;
    const named = shown.errors.map((error) => this.named(error)).join(", ");
    setText("repetition-errors", `${shown.repetition}: ${named}`);
  }

  // Figures of the set and what they mean, such as how it ended compared with its beginning.
  showLegend(id, text = "", meaning = "") {
    const [figures, explanation] = by(id).children;
    by(id).hidden = !text;
    figures.textContent = text;
    explanation.textContent = meaning;
  }

  named({ word, side }) {
    return side === "both" ? word : `${word} · ${this.words[side]}`;
  }

  showCue(cue) {
    const box = by("cue");
    const key = cue ? `${cue.id} ${cue.stamp}` : "";
    if (key === this.cue) return;
    this.cue = key;
    box.className = `cue ${cue?.priority ?? ""}`;
    box.classList.toggle("long", wide(cue?.text ?? "") > LONG_TEXT);
    by("cue-icon").setAttribute("d", ICONS[cue?.priority] ?? "");
    setText("cue-text", cue?.text ?? "");
    clearTimeout(this.fading);
    this.fading = setTimeout(() => box.classList.add("past"), CUE_SECONDS * 1000);
  }

  // What to do about several people, of whom one is coached.
  showPeople(count, exerciser) {
    const away = this.state.selected > 0 && !exerciser;
    const unclear = count > 1 && !this.state.selected && this.commands.includes("person");
    by("people").hidden = !away && !unclear;
    setText("people", away ? this.words.person_away : unclear ? this.words.choose_person : "");
  }

  showFrame({ people, exerciser, phase, errors, measures }) {
    const { words } = this;
    const somebody = people.length > 0;
    const moving = somebody && this.state.session === "running";
    setText("phase", moving ? words[`phase_${this.asked(phase)}`] : "");
    by("nobody").hidden = somebody;
    this.showPeople(people.length, exerciser);
    this.showErrors(this.state.session === "running" ? errors : []);
    this.showMeasure(measures);
  }

  // Nobody is told to hold a turning point unless the exercise or the tempo asks for it.
  asked(phase) {
    const { hold, tempo } = this.state;
    const holds = hold || Number(tempo?.split("-")[1]) > 0;
    return phase === "peak" && !holds ? "outward" : phase;
  }

  showErrors(errors) {
    const key = JSON.stringify(errors.map(({ word, severity, side }) => [word, severity, side]));
    if (key === this.shownErrors) return;
    this.shownErrors = key;
    by("errors").replaceChildren(
      ...errors.map((error) => make("li", isSevere(error.severity) ? "severe" : "", this.named(error))),
    );
  }

  showMeasure(measures) {
    const { words } = this;
    const { aim, hold, sides } = this.state;
    const primary = measures.filter(({ name, side }) => name === measures[0].name
      && (side === "both" || !["left", "right"].includes(sides) || side === sides));
    const name = primary[0]?.name;
    setText("measure-label", words[`measure_${name}`] ?? name?.replaceAll("_", " ") ?? words.measure);
    const unit = primary[0]?.unit;
    const shown = aim?.measure === name ? aim : null;
    const held = hold?.limits;
    const limits = held && held.measure === name ? between(held, unit) : "";
    setText("aim", shown ? `${words.target} ${amount(shown.target, unit)}` : limits);
    const gauges = by("gauges");
    while (gauges.children.length > primary.length) gauges.lastChild.remove();
    while (gauges.children.length < primary.length) gauges.append(gauge());
    primary.forEach((measure, index) => {
      fillGauge(gauges.children[index], measure, shown, unit, words);
    });
    // The side away from the camera is often hidden, and the other one suffices.
    const unjudged = primary.every((measure) => measure.value === null) ? primary[0] : null;
    by("measure-reason").hidden = !unjudged;
    setText("measure-reason", unjudged ? words.grade_not_judged : "");
    by("measure-reason").title = unjudged?.reason ?? "";
  }
}

function place(className, index, text, share, title) {
  const item = make("li", className);
  item.title = title;
  item.setAttribute("aria-label", title);
  const well = make("div", "well");
  const fill = make("div", "fill");
  if (share !== null) fill.style.setProperty("--score", share);
  well.append(make("span", "score", text), fill);
  item.append(well, make("span", "index", String(index)));
  return item;
}

function freePlace() {
  const item = make("li", "free");
  item.setAttribute("aria-hidden", "true");
  item.append(make("div", "well"), make("span", "index", "\u00a0"));
  item.firstChild.append(make("div", "fill"));
  return item;
}

function gauge() {
  const element = make("div", "gauge");
  const track = make("div", "track");
  track.append(document.createElement("i"), document.createElement("b"));
  element.append(make("span", "side"), track, make("span", "value"));
  return element;
}

// The bar spans from the rest value to the target and a little beyond.
function fillGauge(element, { value, side }, aim, unit, words) {
  const [label, track, shown] = element.children;
  const [bar, mark] = track.children;
  const way = aim && value !== null ? (value - aim.rest) / (aim.target - aim.rest) : 0;
  const reached = way >= 1;
  element.classList.toggle("unjudged", value === null);
  element.classList.toggle("reached", reached);
  label.textContent = side === "both" ? "" : words[side];
  bar.style.width = `${Math.max(0, Math.min(1, way * TARGET_PLACE)) * 100}%`;
  mark.hidden = !aim;
  mark.style.left = `${TARGET_PLACE * 100}%`;
  shown.textContent = value === null ? "–" : `${reached ? "✓ " : ""}${amount(value, unit)}`;
}

// The limits of a position: 60° – 130°, ≥ 122°, ≤ 30°.
function between({ low, high }, unit) {
  if (low === null) return `≤ ${amount(high, unit)}`;
  return high === null ? `≥ ${amount(low, unit)}` : `${amount(low, unit)} – ${amount(high, unit)}`;
}

// Columns of a text: a Chinese character is as wide as two letters.
function wide(text) {
  return [...text].reduce((sum, character) => sum + (character > "\u2e7f" ? 2 : 1), 0);
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
