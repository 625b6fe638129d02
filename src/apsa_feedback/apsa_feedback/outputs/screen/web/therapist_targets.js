// What is asked of the person, as far as it can be changed while the coach runs.

import { by, setText } from "/static/dom.js";

const NUMBERS = ["target_repetitions", "pain_limit"];
const FLAGS = ["wait_until_ready", "hand_signal", "ask_ratings"];
const element = (name) => by(name.replaceAll("_", "-"));

export class Targets {
  constructor(send) {
    this.words = {};
    this.known = {};
    for (const name of NUMBERS) {
      element(name).addEventListener("change", ({ target }) => {
        const allowed = target.value !== "" && target.checkValidity();
        this.refuse(target, allowed ? "" : target.value || "…");
        if (allowed) send(request(name, target.valueAsNumber));
        else target.value = this.known[name] ?? "";
      });
    }
    for (const name of FLAGS) {
      element(name).addEventListener("change", ({ target }) => send(request(name, target.checked)));
    }
  }

  // Says which number is refused and what is allowed; an empty text takes it back.
  refuse({ id, min, max }, typed) {
    const sentence = `✕ ${typed} ${this.words.therapist_whole_number} ${min}–${max}`;
    setText(`${id}-refused`, typed ? sentence : "");
  }

  hello({ words, commands }) {
    this.words = words;
    for (const name of NUMBERS) this.refuse(element(name), ""); // it is in the language before
    setText("targets-title", words.therapist_targets);
    setText("target-repetitions-label", `${words.repetitions} (${words.therapist_no_limit})`);
    setText("pain-limit-label", words.therapist_pain_limit);
    setText("wait-until-ready-label", words.therapist_wait);
    setText("hand-signal-label", words.therapist_hand);
    setText("ask-ratings-label", words.therapist_ask);
    for (const name of [...NUMBERS, ...FLAGS]) {
      element(name).closest("label").hidden = !commands.includes("set_target");
    }
  }

  // In a programme the set has its own target.
  showState({ programme, set_number, set_count, tempo }) {
    const { words } = this;
    element("target_repetitions").disabled = Boolean(programme);
    const set = set_count ? `${words.set} ${set_number}/${set_count}` : "";
    const asked = tempo ? `${words.tempo} ${tempo}` : "";
    setText("course", [programme ? words.therapist_fixed : "", set, asked].filter(Boolean).join(" · "));
  }

  showAnswer({ command, values }) {
    if (command !== "targets") return;
    this.known = values;
    this.fill();
  }

  // A refused value gives way to the one that holds; what is being typed stays.
  fill() {
    for (const name of NUMBERS) {
      if (name in this.known && element(name) !== document.activeElement) element(name).value = this.known[name];
    }
    for (const name of FLAGS) element(name).checked = Boolean(this.known[name]);
  }
}

function request(name, value) {
  return { command: "set_target", value: { [name]: value } };
}
