// Speaks the cues in this browser, if its viewer switches the sound on: the computer of the coach may
// speak, too. A safety cue interrupts; of the others one waits, the most urgent, or else the newest.

import { by } from "/static/dom.js";
import { store, stored } from "/static/stored.js";

const KEY = "apsa.sound";
const URGENCY = ["info", "encouragement", "form", "safety"];
const LATEST_MS = 4000; // a cue that waited longer belongs to a movement that is over

export class Speech {
  constructor() {
    this.synthesis = window.speechSynthesis;
    this.on = stored(KEY) === "on";
    this.words = {};
    this.locale = "en";
    this.known = undefined; // the cue that was there before the page is not spoken
    this.speaking = null;
    this.waiting = null;
    by("sound").addEventListener("click", () => this.switch());
    this.synthesis?.addEventListener?.("voiceschanged", () => this.show());
  }

  hello({ words, locale }) {
    this.words = words;
    if (locale !== this.locale) this.silence();
    this.locale = locale;
    this.show();
  }

  switch() {
    this.on = !this.on;
    store(KEY, this.on ? "on" : "off");
    // On some devices a page may speak once it has spoken while it was touched.
    if (this.on) this.synthesis.speak(new SpeechSynthesisUtterance(""));
    else this.silence();
    this.show();
  }

  showState({ cue, exercise_name }) {
    if (this.exercise !== exercise_name) this.leave();
    this.exercise = exercise_name;
    const key = cue ? `${cue.id} ${cue.stamp}` : "";
    const heard = this.known;
    this.known = key;
    if (heard === undefined || key === heard || !cue || !this.on || !this.speaks()) return;
    const waited = this.waiting && performance.now() - this.waiting.since < LATEST_MS;
    const first = waited ? urgency(this.waiting) : -1;
    if (cue.priority === "safety") this.silence();
    if (!this.speaking) this.say(cue);
    else if (urgency(cue) >= first) this.waiting = { ...cue, since: performance.now() };
  }

  say(cue) {
    const utterance = new SpeechSynthesisUtterance(cue.text);
    const voice = this.voices()[0];
    utterance.lang = voice?.lang ?? this.locale;
    if (voice) utterance.voice = voice;
    utterance.onend = () => this.next(utterance);
    utterance.onerror = ({ error }) => {
      // Browsers let a page speak only after it was touched: it looks off until then.
      if (error === "not-allowed") this.on = false;
      this.show();
      this.next(utterance);
    };
    this.speaking = utterance;
    this.advises = urgency(cue) >= URGENCY.indexOf("form");
    this.synthesis.speak(utterance);
  }

  // After the end of an utterance, unless it was interrupted.
  next(utterance) {
    if (utterance !== this.speaking) return;
    this.speaking = null;
    const { waiting } = this;
    this.waiting = null;
    if (waiting && this.on && performance.now() - waiting.since < LATEST_MS) this.say(waiting);
  }

  // No cue answers an exercise that was left.
  leave() {
    this.waiting = null;
    if (this.speaking && this.advises) this.silence();
  }

  silence() {
    this.speaking = this.waiting = null;
    this.synthesis?.cancel();
  }

  voices() {
    return this.synthesis.getVoices().filter(({ lang }) => language(lang) === language(this.locale));
  }

  // Some browsers list no voices and speak all the same.
  speaks() {
    return this.voices().length > 0 || !this.synthesis.getVoices().length;
  }

  show() {
    const button = by("sound");
    button.hidden = !this.synthesis;
    if (!this.synthesis) return;
    const speaks = this.speaks();
    button.disabled = !speaks;
    button.setAttribute("aria-pressed", String(this.on && speaks));
    button.title = speaks ? this.words.sound : this.words.no_voice;
    button.setAttribute("aria-label", button.title);
  }
}

function language(tag) {
  return tag.toLowerCase().split(/[-_]/)[0];
}

function urgency({ priority }) {
  return URGENCY.indexOf(priority);
}
